package terrane.cli.config;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// One metasrv as `metasrv.members` names it.
public record MetasrvMember(String id, Address rpc, Address http, Address raft) {
    static MetasrvMember parse(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 5) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a metasrv member: '%s' (example: 0:127.0.0.1:3001:3002:3003)",
                    text);
        }
        var host = parts[1];
        return new MetasrvMember(
                parts[0],
                Address.parse(host + ":" + parts[2]),
                Address.parse(host + ":" + parts[3]),
                Address.parse(host + ":" + parts[4]));
    }

    /// As in `metasrv.members`.
    public String text() {
        return "%s:%s:%d:%d:%d".formatted(id, rpc.host(), rpc.port(), http.port(), raft.port());
    }
}
