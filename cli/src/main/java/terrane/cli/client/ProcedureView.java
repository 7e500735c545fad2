package terrane.cli.client;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A procedure as the admin API describes it.
///
/// @param json all of it, for scripts
public record ProcedureView(JsonNode json) {
    /// A state of the procedure; not ended while it lasts.
    public record Stage(String name, Instant began, Optional<Instant> ended) {
        /// How long it took; empty while it lasts.
        public Optional<Duration> took() {
            return ended.map(end -> Duration.between(began, end));
        }
    }

    public String id() {
        return text("procedure_id").orElse("");
    }

    public String kind() {
        return text("kind").orElse("");
    }

    /// `Running`, `Done`, `Failed` or `Cancelled`.
    public String status() {
        return text("status").orElse("");
    }

    public String stage() {
        return text("stage").orElse("");
    }

    public Optional<String> error() {
        return text("error");
    }

    public boolean running() {
        return status().equals("Running");
    }

    public boolean done() {
        return status().equals("Done");
    }

    public Optional<String> region() {
        return text("region_id");
    }

    public Optional<String> source() {
        return text("from_peer_id");
    }

    public Optional<String> target() {
        return text("to_peer_id");
    }

    public Optional<String> lagRecords() {
        return text("lag_records");
    }

    public Optional<Double> predictedGapMillis() {
        return number("predicted_gap_ms");
    }

    /// Empty without writers.
    public Optional<Double> writeGapMillis() {
        return number("write_gap_ms");
    }

    /// Empty where nobody handed over.
    public Optional<Boolean> agreed() {
        var agreed = json.path("certificate").path("agreed");
        return agreed.isBoolean() ? Optional.of(agreed.asBoolean()) : Optional.empty();
    }

    /// Of the certificate, in a few words.
    public Optional<String> certificate() {
        var certificate = json.path("certificate");
        if (!certificate.isObject()) {
            return Optional.empty();
        }
        var epoch = certificate.path("source_epoch");
        return Optional.of(
                "epoch %s -> %s, fence at offset %s, manifest %s, %s"
                        .formatted(
                                epoch.isNull() ? "none" : epoch.asString(),
                                certificate.path("target_epoch").asString(),
                                certificate.path("fence_offset").asString(),
                                certificate.path("manifest_version").asString(),
                                agreed().map(a -> a ? "both sides agree" : "THE SIDES DISAGREE")
                                        .orElse("one side only")));
    }

    public List<Stage> stages() {
        var stages = new ArrayList<Stage>();
        for (var stage : json.path("stages")) {
            var ended = stage.path("ended");
            stages.add(
                    new Stage(
                            stage.path("name").asString(),
                            Instant.parse(stage.path("began").asString()),
                            ended.isString()
                                    ? Optional.of(Instant.parse(ended.asString()))
                                    : Optional.empty()));
        }
        return stages;
    }

    private Optional<String> text(String field) {
        var value = json.path(field);
        return value.isNull() || value.isMissingNode()
                ? Optional.empty()
                : Optional.of(value.asString());
    }

    private Optional<Double> number(String field) {
        var value = json.path(field);
        return value.isNumber() ? Optional.of(value.asDouble()) : Optional.empty();
    }
}
