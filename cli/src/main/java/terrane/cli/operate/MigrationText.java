package terrane.cli.operate;

import terrane.cli.client.ProcedureView;
import terrane.cli.screen.ProgressBar;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is said of a migration.
public final class MigrationText {
    /// In the order in which a migration without faults goes through them.
    private static final List<String> STAGES =
            List.of("Opening", "CatchingUp", "HandingOver", "Completed");

    private MigrationText() {}

    static String stage(ProcedureView.Stage stage) {
        return "  %-12s %s"
                .formatted(stage.name(), stage.took().map(MigrationText::millis).orElse(""))
                .stripTrailing();
    }

    static String progress(ProcedureView seen) {
        var text = new StringBuilder("  ");
        text.append(ProgressBar.draw(share(seen.stage()))).append(' ').append(seen.stage());
        seen.lagRecords().ifPresent(lag -> text.append("  lag ").append(lag).append(" records"));
        seen.predictedGapMillis()
                .ifPresent(gap -> text.append("  predicted gap ").append(gap(gap)));
        return text.toString();
    }

    /// Reclaiming is the way back or around, from which the end is as far as from a handover.
    private static double share(String stage) {
        int at = STAGES.indexOf(stage.equals("Reclaiming") ? "HandingOver" : stage);
        return at < 0 ? 1 : (double) at / (STAGES.size() - 1);
    }

    /// One line with what came of it.
    public static String result(ProcedureView ended) {
        var head =
                "%s from datanode %s to %s"
                        .formatted(
                                ended.region()
                                        .map(region -> "region " + region)
                                        .orElse(ended.kind()),
                                ended.source().orElse("none"),
                                ended.target().orElse("none"));
        if (!ended.done()) {
            return "%s: %s%s"
                    .formatted(
                            head,
                            ended.status().toLowerCase(Locale.ROOT),
                            ended.error().map(error -> ", " + error).orElse(""));
        }
        return "%s: write gap %s%s"
                .formatted(
                        head,
                        ended.writeGapMillis().map(MigrationText::gap).orElse("none, nobody wrote"),
                        ended.predictedGapMillis()
                                .map(gap -> " (predicted " + gap(gap) + ")")
                                .orElse(""));
    }

    /// The certificate's line, where there is one.
    public static Optional<String> certificate(ProcedureView ended) {
        return ended.certificate().map(text -> "certificate: " + text);
    }

    public static String gap(double millis) {
        return "%.1f ms".formatted(millis);
    }

    private static String millis(Duration duration) {
        return "%,8d ms".formatted(duration.toMillis());
    }
}
