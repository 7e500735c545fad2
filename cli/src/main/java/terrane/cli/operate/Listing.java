package terrane.cli.operate;

import terrane.cli.client.SqlAnswer;
import terrane.cli.sql.AnswerText;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Rows as a table, or as a JSON array of objects.
final class Listing {
    private Listing() {}

    static String text(SqlAnswer.Rows rows) {
        return AnswerText.of(rows);
    }

    static String json(SqlAnswer.Rows rows) {
        var all = JsonNodeFactory.instance.arrayNode();
        for (var row : rows.rows()) {
            var object = all.addObject();
            for (int i = 0; i < rows.columns().size(); i++) {
                object.set(rows.columns().get(i).name(), row.get(i));
            }
        }
        return new ObjectMapper().writeValueAsString(all) + "\n";
    }
}
