package terrane.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Shows for the rules over documents and poms that they find what they are about.
class RepositoryRulesTest {
    private static final String DECISION = "docs/decisions/0007-drift.md";
    private static final String COMPLETE =
            """
            # 7. Drift

            ## Status

            accepted

            ## Context

            ## Decision

            ## Consequences

            ## Rejected alternatives

            ## What would change our mind
            """;

    private static List<String> documents(Map<String, String> texts) {
        var sorted = new TreeMap<>(texts);
        return new Documents(sorted, sorted::containsKey)
                .check().stream().map(Finding::toString).toList();
    }

    @Test
    void linksLeadToFilesAndHeadings() {
        var good = "[a](docs/b.md) [h](docs/b.md#what-it-is) [here](#top) [w](https://example.org)";
        var b = "# What it is\n[back](../README.md)";
        assertThat(documents(Map.of("README.md", "# Top\n" + good, "docs/b.md", b))).isEmpty();
        assertThat(documents(Map.of("README.md", "\n[a](docs/b.md)")))
                .containsExactly("README.md:2: link leads nowhere: docs/b.md");
        assertThat(documents(Map.of("README.md", "[a](docs/b.md#gone)", "docs/b.md", b)))
                .hasSize(1);
        assertThat(documents(Map.of("README.md", "```\n[a](gone.md)\n```\n"))).isEmpty();
    }

    @Test
    void documentsKeepToTheirSize() {
        assertThat(documents(Map.of("ARCHITECTURE.md", lines(301)))).hasSize(1);
        assertThat(documents(Map.of("docs/style.md", lines(401)))).hasSize(1);
        assertThat(documents(Map.of(DECISION, COMPLETE + lines(110)))).hasSize(1);
        assertThat(documents(Map.of("docs/operating/errors.md", lines(900)))).isEmpty();
    }

    private static String lines(int count) {
        return String.join("", Collections.nCopies(count, "word\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "## Context",
                "## Decision",
                "## Consequences",
                "## Rejected alternatives",
                "## What would change our mind",
                "accepted"
            })
    void decisionsAreComplete(String part) {
        assertThat(documents(Map.of(DECISION, COMPLETE))).isEmpty();
        assertThat(documents(Map.of(DECISION, COMPLETE.replace(part, "")))).hasSize(1);
    }

    @Test
    void decisionsAreNumberedOnce() {
        assertThat(documents(Map.of("docs/decisions/drift.md", COMPLETE))).hasSize(1);
        assertThat(documents(Map.of(DECISION, COMPLETE, "docs/decisions/0007-b.md", COMPLETE)))
                .hasSize(1);
    }

    @Test
    void citedDecisionsAndDocumentsExist() {
        var text = "// decision 0007, docs/formats/rows.md\nclass A {}";
        var sources = Source.parse(Map.of("core/A.java", text));
        assertThat(new Documents(Map.of(), _ -> false).checkCitations(sources)).hasSize(2);
        assertThat(new Documents(Map.of(DECISION, COMPLETE), _ -> true).checkCitations(sources))
                .isEmpty();
    }

    private static List<Finding> modules(String module, String dependency, String version) {
        var pom =
                """
                <project><parent><version>0.1.0</version></parent><dependencies><dependency>
                <artifactId>%s</artifactId><version>%s</version>
                </dependency></dependencies></project>
                """
                        .formatted(dependency, version);
        return new Modules(Map.of(module, pom)).check();
    }

    @Test
    void modulesKeepToTheirEdges() {
        assertThat(modules("wire", "terrane-core", "${v}")).isEmpty();
        assertThat(modules("core", "terrane-wire", "${v}")).hasSize(1);
        assertThat(modules("metasrv", "terrane-engine", "${v}")).hasSize(1);
        assertThat(modules("extra", "terrane-core", "${v}")).hasSize(1);
    }

    @Test
    void versionsArePinnedInTheParent() {
        assertThat(modules("wire", "grpc-stub", "1.85.1")).hasSize(1);
    }

    @Test
    void boundsAndCollectionsStandInTheManualAsTheyAre() {
        var code =
                """
                package terrane.wire;
                class Lane {
                    static final int WAITING_BYTES_MAX = 16 << 20;
                    static final Duration PAUSE_MAX = Duration.ofMillis(1_500);
                    private final Map<String, String> known = new HashMap<>();
                    private final Queue<String> waiting;
                    Lane() { waiting = new ConcurrentLinkedQueue<>(); }
                }
                """;
        var sources = Source.parse(Map.of("wire/src/main/java/terrane/wire/Lane.java", code));
        var manual =
                """
                | `Lane.WAITING_BYTES_MAX` | 16 MiB | why |
                | `Lane.PAUSE_MAX` | 1,500 ms | why |
                | `Lane.known`, | what is known |
                """;
        assertThat(new Limits(manual).check(sources)).isEmpty();
        assertThat(new Limits("").check(sources)).hasSize(4);
        assertThat(new Limits(manual.replace("16 MiB", "8 MiB")).check(sources)).hasSize(1);
        assertThat(new Limits(manual + "`Lane.GONE_MAX`").check(sources)).hasSize(1);
    }
}
