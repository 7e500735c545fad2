package terrane.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.cli.client.ProcedureView;

import tools.jackson.databind.ObjectMapper;

/// That a migration is told in words that are true of it.
class MigrationTextTest {
    private static final String DONE =
            """
            {"status":"Done","error":null,"procedure_id":"p","kind":"region_migration",
            "region_id":4398046511104,"from_peer_id":0,"to_peer_id":1,"stage":"Completed",
            "stages":[{"name":"Opening","began":"2026-01-01T00:00:00Z",
            "ended":"2026-01-01T00:00:01.250Z"},
            {"name":"Completed","began":"2026-01-01T00:00:02Z","ended":"2026-01-01T00:00:02Z"}],
            "lag_records":0,"predicted_gap_ms":2.015,"write_gap_ms":3.25,
            "certificate":{"source_epoch":3,"target_epoch":4,"fence_offset":45,
            "manifest_version":2,"manifest_digest":"ab","source":{},"target":{},"agreed":true}}
            """;

    private static ProcedureView view(String json) {
        return new ProcedureView(new ObjectMapper().readTree(json));
    }

    @Test
    void aMoveThatWentWellTellsItsGapAndWhatBothEndsSay() {
        var view = view(DONE);

        assertThat(MigrationText.result(view))
                .isEqualTo(
                        "region 4398046511104 from datanode 0 to 1: write gap 3.3 ms"
                                + " (predicted 2.0 ms)");
        assertThat(MigrationText.certificate(view))
                .contains(
                        "certificate: epoch 3 -> 4, fence at offset 45, manifest 2, both sides"
                                + " agree");
    }

    @Test
    void aDisagreementIsToldLoudly() {
        var view = view(DONE.replace("\"agreed\":true", "\"agreed\":false"));

        assertThat(MigrationText.certificate(view).orElseThrow()).contains("THE SIDES DISAGREE");
    }

    @Test
    void withoutWritersThereIsNoGapAndNotAGapOfZero() {
        var view = view(DONE.replace("\"write_gap_ms\":3.25", "\"write_gap_ms\":null"));

        assertThat(MigrationText.result(view)).contains("write gap none, nobody wrote");
    }

    @Test
    void aMoveThatFailedSaysWhy() {
        var view =
                view(
                        DONE.replace("\"Done\"", "\"Failed\"")
                                .replace("\"error\":null", "\"error\":\"lost node 1\""));

        assertThat(MigrationText.result(view)).endsWith(": failed, lost node 1");
        assertThat(ProcedureText.of(view)).contains("lost node 1").contains("1,250 ms");
    }

    @Test
    void progressShowsTheStageAndTheLag() {
        var view =
                view(
                        DONE.replace("\"Done\"", "\"Running\"")
                                .replace("\"stage\":\"Completed\"", "\"stage\":\"CatchingUp\"")
                                .replace("\"lag_records\":0", "\"lag_records\":1200"));

        assertThat(MigrationText.progress(view))
                .isEqualTo(
                        "  [########................] CatchingUp  lag 1200 records  predicted gap"
                                + " 2.0 ms");
    }
}
