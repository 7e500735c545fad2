package terrane.cli.sql;

import java.util.Optional;

/// The backslash commands that stand for a statement, as psql's users know them.
final class Shortcuts {
    static final String HELP =
            """
            A statement ends with a semicolon and may take several lines.
              \\d          tables            \\d NAME     columns of a table
              \\dt         tables            \\l          databases
              \\dr         regions and who leads them
              \\dn         nodes             \\dm         migrations
              \\c NAME     use another database
              \\?          this help         \\q          leave (or Ctrl-D)
            """;

    private Shortcuts() {}

    /// @return the statement; empty if there is no such command
    static Optional<String> statement(String command) {
        var words = command.strip().split("\\s+", 2);
        if (words.length == 2) {
            return words[0].equals("\\d")
                    ? Optional.of("DESCRIBE TABLE " + words[1].replace(";", ""))
                    : Optional.empty();
        }
        return switch (words[0].replace(";", "")) {
            case "\\d", "\\dt" -> Optional.of("SHOW TABLES");
            case "\\l" -> Optional.of("SHOW DATABASES");
            case "\\dr" ->
                    Optional.of(
                            "SELECT table_name, region_id, peer_id, peer_addr, is_leader, status"
                                    + " FROM information_schema.region_peers"
                                    + " ORDER BY region_id, peer_id");
            case "\\dn" ->
                    Optional.of(
                            "SELECT peer_id, peer_type, peer_addr, http_addr, node_status,"
                                    + " is_leader, regions FROM information_schema.cluster_info"
                                    + " ORDER BY peer_type, peer_id");
            case "\\dm" ->
                    Optional.of(
                            "SELECT procedure_id, region_id, source_peer_id, target_peer_id,"
                                    + " status, stage, write_gap_ms, certificate_agreed FROM"
                                    + " information_schema.region_migrations WHERE procedure_type ="
                                    + " 'region_migration' ORDER BY start_time");
            default -> Optional.empty();
        };
    }
}
