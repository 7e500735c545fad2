package terrane.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Shows for each rule over Java sources that it finds what it is about, and lets alone what only
/// looks like it. Each body is the inside of a method of a class in `engine`.
class JavaRulesTest {
    private static final String MAIN = "engine/src/main/java/terrane/engine/Sample.java";
    private static final String TEST = "engine/src/test/java/terrane/engine/SampleTest.java";
    private static final String PACKAGE = "engine/src/main/java/terrane/engine/package-info.java";
    private static final String CLOCK = "core/src/main/java/terrane/core/time/SystemClock.java";

    private static List<String> findings(Rule rule, String path, String text) {
        return rule.check(Source.parse(Map.of(path, text))).stream().map(Finding::message).toList();
    }

    private static String body(String statements) {
        return "class Sample { void run() {\n" + statements + "\n} }";
    }

    private static List<String> calls(String path, String statements) {
        return findings(new BannedCalls(), path, body(statements));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    System.nanoTime();                              | Clock.nanos
                    java.lang.System.currentTimeMillis();           | Clock.now
                    LongSupplier s = System::nanoTime;              | Clock.nanos
                    Instant.now();                                  | Clock.now
                    Thread.sleep(5);                                | Clock.sleep
                    TimeUnit.SECONDS.sleep(5);                      | Clock
                    condition.awaitNanos(5);                        | Clock.await
                    LockSupport.parkNanos(5);                       | Clock.await
                    queue.poll(5, TimeUnit.SECONDS);                | Clock
                    future.get(5, SECONDS);                         | Clock
                    new KafkaConsumer<>(properties);                | Wal
                    thread.join(Duration.ofSeconds(1));             | Clock
                    new Random(7);                                  | Randomness
                    Supplier<Random> s = Random::new;               | Randomness
                    ThreadLocalRandom.current();                    | Randomness
                    UUID.randomUUID();                              | Randomness
                    Math.random();                                  | Randomness
                    Thread.ofPlatform().start(r);                   | Threads
                    new Thread(r);                                  | Threads
                    Executors.newFixedThreadPool(2);                | Threads
                    list.parallelStream();                          | plain loop
                    future.thenApply(f);                            | virtual thread
                    CompletableFuture.supplyAsync(f);               | virtual thread
                    """)
    void whatASimulationMustOwnIsBannedWithItsReplacement(String statement, String instead) {
        assertThat(calls(MAIN, statement))
                .as(statement)
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message).contains(instead));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.poll();",
                "reader.poll(limit);",
                "clock.poll(queue, Duration.ofSeconds(1));",
                "map.get(key);",
                "String.join(\",\", list);",
                "Executors.newFixedThreadPool(2, Threads.platformFactory(\"duckdb\"));",
                "Executors.newVirtualThreadPerTaskExecutor();",
                "channel.keepAliveTime(10, TimeUnit.SECONDS);",
                "log(\"Thread.sleep\"); // System.nanoTime()"
            })
    void whatOnlyLooksBannedIsLetAlone(String statement) {
        assertThat(calls(MAIN, statement)).isEmpty();
    }

    @Test
    void staticImportsHideNothing() {
        var text = "import static java.lang.Thread.sleep;\nclass Sample {}";
        assertThat(findings(new BannedCalls(), MAIN, text)).hasSize(1);
    }

    @Test
    void theHomeOfTheClockMayReadTheTime() {
        assertThat(calls(CLOCK, "Instant.now(); Thread.sleep(5);")).isEmpty();
        assertThat(calls(CLOCK, "UUID.randomUUID();")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (var key : seen) {}",
                "for (var key : seen.keySet()) {}",
                "this.seen.forEach(f);",
                "seen.values().stream();",
                "List.copyOf(seen);",
                "new ArrayList<>(seen);"
            })
    void coreNeverIteratesInAnOrderThatChangesFromRunToRun(String statement) {
        var core = "core/src/main/java/terrane/core/Sample.java";
        var field = "Map<String, String> seen = new HashMap<>();";
        var ordered = "Map<String, String> seen = new LinkedHashMap<>();";
        var iterations = new Iterations();
        assertThat(findings(iterations, core, body(field + statement))).hasSize(1);
        assertThat(findings(iterations, core, body(ordered + statement))).isEmpty();
        assertThat(findings(iterations, MAIN, body(field + statement))).isEmpty();
        assertThat(findings(iterations, core, body(field + "seen.get(key); seen.size();")))
                .isEmpty();
    }

    @Test
    void testsNeitherSleepNorSkipNorTryAgain() {
        assertThat(calls(TEST, "Thread.sleep(5);")).hasSize(1);
        assertThat(calls(TEST, "assumeTrue(false);")).hasSize(1);
        assertThat(findings(new BannedCalls(), TEST, "@Disabled class SampleTest {}")).hasSize(1);
        assertThat(findings(new BannedCalls(), TEST, "class T { @RetryingTest(3) void a() {} }"))
                .hasSize(1);
        assertThat(calls(TEST, "System.nanoTime(); new Random(7);")).isEmpty();
    }

    @Test
    void longFilesMethodsAndLinesAreFound() {
        var sizes = new Sizes();
        assertThat(findings(sizes, MAIN, "class Sample {\n" + lines(499) + "}")).hasSize(1);
        assertThat(findings(sizes, TEST, "class Sample {\n" + lines(499) + "}")).isEmpty();
        assertThat(findings(sizes, MAIN, body(lines(59)))).hasSize(1);
        assertThat(findings(sizes, MAIN, body(lines(50)))).isEmpty();
        assertThat(findings(sizes, MAIN, "class S {} //" + "x".repeat(88))).hasSize(1);
        assertThat(findings(sizes, MAIN, "class S {} //" + "x".repeat(87))).isEmpty();
    }

    private static String lines(int count) {
        return String.join("", Collections.nCopies(count, "\n"));
    }

    @Test
    void longParameterListsAreFoundButRecordsMayHaveManyComponents() {
        var eight = "int a, int b, int c, int d, int e, int f, int g, int h";
        assertThat(findings(new Sizes(), MAIN, "class S { void m(" + eight + ") {} }")).hasSize(1);
        assertThat(findings(new Sizes(), MAIN, "class S { S(" + eight + ") {} }")).hasSize(1);
        assertThat(findings(new Sizes(), MAIN, "record S(" + eight + ") { S { check(); } }"))
                .isEmpty();
    }

    @Test
    void deepNestingIsFoundAndElseIfIsNotNesting() {
        assertThat(findings(new Sizes(), MAIN, body("for (;;) while (a) if (b) if (c) d();")))
                .hasSize(1);
        assertThat(findings(new Sizes(), MAIN, body("for (;;) try { if (b) {} } catch (E e) {}")))
                .isEmpty();
        assertThat(
                        findings(
                                new Sizes(),
                                MAIN,
                                body("if (a) {} else if (b) {} else if (c) {} else if (d) {}")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class RegionManager {}",
                "class SqlHelper {}",
                "class Outer { static class RowUtils {} }",
                "interface WriteHandler {}",
                "record TableInfo() {}",
                "record RegionData() {}",
                "class WalImpl {}",
                "abstract class AbstractWal {}",
                "class BaseWal {}",
                "interface IWal {}",
                "record Region(int leader) { int getLeader() { return leader; } }",
                "class S { @Test void testMigration() {} }",
                "class S { @Test void shouldMigrate() {} }"
            })
    void namesThatSayNothingAreFound(String text) {
        assertThat(findings(new Names(), MAIN, text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class Metadata {}",
                "class Baseline {}",
                "interface Incarnation {}",
                "class S { @Test void testedRegionsLead() {} }"
            })
    void namesThatOnlyLookAlikeAreLetAlone(String text) {
        assertThat(findings(new Names(), MAIN, text)).isEmpty();
    }

    @Test
    void packagesAreNotNamedAfterLayers() {
        assertThat(findings(new Names(), MAIN, "package terrane.engine.util; class S {}"))
                .hasSize(1);
    }

    @Test
    void aSwitchOverASealedTypeHasNoDefault() {
        var type = "sealed interface State { record Opening(int a) implements State {} }\n";
        var bound = "int x = switch (s) { case Opening o -> 1; default -> 2; };";
        var parted = "int x = switch (s) { case Opening(int a) -> 1; default -> 2; };";
        var whole = "int x = switch (s) { case Opening o -> 1; };";
        var foreign = "int x = switch (o) { case Long l -> 1; default -> 2; };";
        assertThat(findings(new Switches(), MAIN, type + body(bound))).hasSize(1);
        assertThat(findings(new Switches(), MAIN, type + body(parted))).hasSize(1);
        assertThat(findings(new Switches(), MAIN, type + body(whole))).isEmpty();
        assertThat(findings(new Switches(), MAIN, type + body(foreign))).isEmpty();
        assertThat(findings(new Switches(), MAIN, type + body("Object s = o; " + bound))).isEmpty();
        assertThat(findings(new Switches(), MAIN, type + body("State s = o; " + bound))).hasSize(1);
    }

    private static List<String> comments(String text) {
        var texts = new TreeMap<String, String>();
        texts.put(PACKAGE, "/// What it is.\n@NullMarked\npackage terrane.engine;");
        texts.put(MAIN, text);
        return new Comments().check(Source.parse(texts)).stream().map(Finding::toString).toList();
    }

    @Test
    void unfinishedWorkNamesAnIssue() {
        assertThat(comments("class S {\n// TODO later\n}"))
                .singleElement()
                .asString()
                .contains(":2:");
        assertThat(comments("class S { /* FIXME */ }")).hasSize(1);
        assertThat(comments("/// @author me\nclass S {}")).hasSize(1);
        assertThat(comments("class S { // TODO (#12) later\n}")).isEmpty();
        assertThat(comments("class S { String s = \"// TODO later\"; }")).isEmpty();
    }

    @Test
    void publicTypesAreDocumented() {
        assertThat(comments("public class S {}")).hasSize(1);
        assertThat(comments("/// What it is.\npublic class S {}")).isEmpty();
        assertThat(comments("class S {}")).isEmpty();
    }

    @Test
    void suppressionsHaveAReason() {
        assertThat(comments("@SuppressWarnings(\"x\")\nclass S {}")).hasSize(1);
        assertThat(comments("@SuppressWarnings(\"x\") // because\nclass S {}")).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        assertThat(findings(new Comments(), MAIN, "class S {}")).hasSize(1);
        assertThat(findings(new Comments(), PACKAGE, "package terrane.engine;")).hasSize(2);
    }
}
