package terrane.cli.operate;

import terrane.cli.client.ProcedureView;

/// Everything that is known of one procedure, for people.
final class ProcedureText {
    private ProcedureText() {}

    static String of(ProcedureView procedure) {
        var text = new StringBuilder();
        line(text, "procedure", procedure.id());
        line(text, "kind", procedure.kind());
        procedure.region().ifPresent(region -> line(text, "region", region));
        procedure.source().ifPresent(source -> line(text, "from", "datanode " + source));
        procedure.target().ifPresent(target -> line(text, "to", "datanode " + target));
        line(text, "status", procedure.status());
        procedure.error().ifPresent(error -> line(text, "error", error));
        for (var stage : procedure.stages()) {
            line(text, "stage", MigrationText.stage(stage).strip() + ", began " + stage.began());
        }
        procedure.lagRecords().ifPresent(lag -> line(text, "lag", lag + " records"));
        procedure
                .predictedGapMillis()
                .ifPresent(gap -> line(text, "predicted", "write gap " + MigrationText.gap(gap)));
        procedure
                .writeGapMillis()
                .ifPresent(gap -> line(text, "measured", "write gap " + MigrationText.gap(gap)));
        procedure.certificate().ifPresent(words -> line(text, "certificate", words));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-11s %s%n".formatted(name, value));
    }
}
