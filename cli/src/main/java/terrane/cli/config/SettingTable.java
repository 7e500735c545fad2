package terrane.cli.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Settings as people read them: in a command's help, and in the manual.
public final class SettingTable {
    private static final int WIDTH = 78;
    private static final String INDENT = "      ";

    private static final Map<String, String> GROUPS = groupTitles();

    private static Map<String, String> groupTitles() {
        var titles = new LinkedHashMap<String, String>();
        titles.put("kafka", "Kafka");
        titles.put("wal", "The log");
        titles.put("storage", "Shared storage");
        titles.put("metasrv", "Metasrv");
        titles.put("lease", "Leases");
        titles.put("failover", "Failover");
        titles.put("datanode", "Datanode");
        titles.put("frontend", "Frontend");
        titles.put("broker", "Broker");
        return titles;
    }

    private SettingTable() {}

    /// For a terminal; percent signs are doubled, since picocli formats its texts.
    public static String help(List<Setting> settings) {
        var text = new StringBuilder("%nSettings:%n");
        for (var setting : settings) {
            text.append("  ").append(setting.key());
            if (!setting.fallback().isEmpty()) {
                text.append(" = ").append(setting.fallback());
            }
            text.append("%n");
            for (var line : wrapped(setting.description())) {
                text.append(INDENT).append(line.replace("%", "%%")).append("%n");
            }
        }
        return text.toString();
    }

    private static List<String> wrapped(String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ", -1)) {
            if (!line.isEmpty() && INDENT.length() + line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /// The tables of `docs/operating/settings.md`.
    public static String markdown() {
        var text = new StringBuilder();
        GROUPS.forEach((group, title) -> {
            text.append("## ").append(title).append("\n\n");
            text.append("| setting | default | meaning |\n| --- | --- | --- |\n");
            Setting.of(group).forEach(setting -> text.append(row(setting)));
            text.append('\n');
        });
        return text.toString().stripTrailing() + "\n";
    }

    private static String row(Setting setting) {
        var fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
        return "| `%s` | %s | %s |\n"
                .formatted(setting.key(), fallback, setting.description().replace("|", "\\|"));
    }

    /// The groups that the manual shows, so that none is forgotten.
    static Set<String> groups() {
        return GROUPS.keySet();
    }
}
