package terrane.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Checks the whole repository against `docs/style.md`. That the rules find what they are about is
/// shown by the tests beside each.
class TidyTest {
    private static final Path ROOT = root();
    private static final Pattern CODE = Pattern.compile("TRN-\\d{3}");
    private static List<Source> sources = List.of();

    private static Path root() {
        var named = System.getProperty("terrane.root");
        var folder = Path.of(named == null ? "" : named).toAbsolutePath();
        while (!Files.exists(folder.resolve("bin/verify"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("not run from within a checkout");
            }
        }
        return folder;
    }

    @BeforeAll
    static void parse() {
        sources = Source.allUnder(ROOT);
        assertThat(sources).hasSizeGreaterThan(10);
    }

    @Test
    void sizesStayWithinTheirLimits() {
        assertThat(new Sizes().check(sources)).isEmpty();
    }

    @Test
    void timeChanceAndThreadsComeThroughTheirInterfaces() {
        assertThat(new BannedCalls().check(sources)).isEmpty();
        assertThat(new Iterations().check(sources)).isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        assertThat(new Names().check(sources)).isEmpty();
    }

    @Test
    void switchesOverSealedTypesNameEveryCase() {
        assertThat(new Switches().check(sources)).isEmpty();
    }

    @Test
    void commentsAndPackagesSayWhatTheyMust() {
        assertThat(new Comments().check(sources)).isEmpty();
    }

    @Test
    void modulesKeepToTheirEdges() throws IOException {
        var poms = texts(path -> path.matches("[^/]+/pom\\.xml"));
        var modules = new TreeMap<String, String>();
        poms.forEach((path, text) -> modules.put(path.substring(0, path.indexOf('/')), text));
        assertThat(new Modules(modules).check()).isEmpty();
    }

    @Test
    void documentsLeadSomewhere() throws IOException {
        var documents =
                new Documents(
                        texts(path -> path.endsWith(".md")),
                        path -> Files.exists(ROOT.resolve(path)));
        assertThat(documents.check()).isEmpty();
        assertThat(documents.checkCitations(sources)).isEmpty();
    }

    @Test
    void everyBoundStandsInTheManual() throws IOException {
        var manual = Files.readString(ROOT.resolve(Limits.PATH));
        assertThat(new Limits(manual).check(sources)).isEmpty();
    }

    @Test
    void everyErrorCodeTellsAnOperatorWhatToDo() throws IOException {
        var manual = Files.readString(ROOT.resolve("docs/operating/errors.md"));
        var codes =
                sources.stream()
                        .filter(source -> source.path().endsWith("/terrane/core/ErrorCode.java"))
                        .flatMap(source -> CODE.matcher(source.text()).results())
                        .map(MatchResult::group)
                        .distinct()
                        .toList();
        assertThat(codes)
                .isNotEmpty()
                .allSatisfy(code -> assertThat(manual).contains("| " + code + " |"));
    }

    @Test
    void failedTestsAreNotRunAgain() throws IOException {
        assertThat(texts(path -> path.endsWith("pom.xml")).values())
                .allSatisfy(pom -> assertThat(pom).doesNotContain("rerunFailingTests"));
    }

    private static Map<String, String> texts(Predicate<String> wanted) throws IOException {
        var texts = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var path = ROOT.relativize(file).toString().replace('\\', '/');
                if (wanted.test(path) && !path.matches("(.*/)?(target|node_modules|\\.git)/.*")) {
                    texts.put(path, Files.readString(file));
                }
            }
        }
        return texts;
    }
}
