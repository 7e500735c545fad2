package terrane.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Sections 2, 10 and 12: links lead somewhere, documents keep to their size, decisions have every
/// part that a reader looks for.
///
/// @param texts every Markdown file by its path, relative to the root
/// @param exists whether there is a file or folder at a path relative to the root
record Documents(Map<String, String> texts, Predicate<String> exists) {
    static final int ARCHITECTURE_LINES_MAX = 300;
    static final int DECISION_LINES_MAX = 120;
    static final int STYLE_LINES_MAX = 400;

    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern DECISION =
            Pattern.compile("docs/decisions/(\\d{4})-[a-z0-9-]+\\.md");
    private static final Pattern STATUS =
            Pattern.compile(
                    "(?m)^## Status\\n\\n(proposed|accepted|rejected|superseded by \\d{4})");
    private static final Pattern CITED = Pattern.compile("\\bdecisions? (\\d{4})\\b");
    private static final Pattern DOCUMENT = Pattern.compile("\\bdocs/[\\w/-]+\\.md\\b");
    private static final List<String> PARTS =
            List.of(
                    "## Status",
                    "## Context",
                    "## Decision",
                    "## Consequences",
                    "## Rejected alternatives",
                    "## What would change our mind");

    List<Finding> check() {
        var found = new ArrayList<Finding>();
        texts.forEach((path, text) -> {
            checkLength(path, text, found);
            checkLinks(path, text, found);
            if (path.startsWith("docs/decisions/") && !path.endsWith("/README.md")) {
                checkDecision(path, text, found);
            }
        });
        checkNumbers(found);
        return found;
    }

    /// Comments cite decisions by number and documents by path; each must exist.
    List<Finding> checkCitations(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            for (var comment : Comments.commentsOf(source)) {
                checkCitations(source, comment, found);
            }
        }
        return found;
    }

    private void checkCitations(Source source, Comments.Comment comment, List<Finding> found) {
        var known = numbers();
        CITED.matcher(comment.text())
                .results()
                .map(cited -> cited.group(1))
                .filter(number -> !known.containsKey(number))
                .map(number -> "cites decision %s, which does not exist".formatted(number))
                .forEach(message -> found.add(source.at(comment.line(), message)));
        DOCUMENT.matcher(comment.text())
                .results()
                .map(MatchResult::group)
                .filter(path -> !exists.test(path))
                .map(path -> "cites %s, which does not exist".formatted(path))
                .forEach(message -> found.add(source.at(comment.line(), message)));
    }

    private static void checkLength(String path, String text, List<Finding> found) {
        int linesMax = linesMax(path);
        long lines = text.lines().count();
        if (lines > linesMax) {
            found.add(new Finding(path, 0, "has %d lines: limit=%d".formatted(lines, linesMax)));
        }
    }

    private static int linesMax(String path) {
        if (path.equals("ARCHITECTURE.md")) {
            return ARCHITECTURE_LINES_MAX;
        }
        if (path.equals("docs/style.md")) {
            return STYLE_LINES_MAX;
        }
        return path.startsWith("docs/decisions/") ? DECISION_LINES_MAX : Integer.MAX_VALUE;
    }

    private void checkLinks(String path, String text, List<Finding> found) {
        var lines = withoutCode(text).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int line = i + 1;
            LINK.matcher(lines.get(i))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !target.matches("[a-z]+:.*"))
                    .filter(target -> !resolves(path, target))
                    .forEach(target ->
                            found.add(new Finding(path, line, "link leads nowhere: " + target)));
        }
    }

    private boolean resolves(String from, String target) {
        int hash = target.indexOf('#');
        var file = hash < 0 ? target : target.substring(0, hash);
        var path = file.isEmpty() ? from : normal(folderOf(from) + file);
        if (!exists.test(path)) {
            return false;
        }
        var text = texts.get(path);
        return hash < 0 || (text != null && anchors(text).contains(target.substring(hash + 1)));
    }

    private static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private static String normal(String path) {
        return java.nio.file.Path.of(path).normalize().toString().replace('\\', '/');
    }

    /// As the usual renderers derive them from headings.
    private static List<String> anchors(String text) {
        return withoutCode(text)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /// The same lines, blank where a fenced block stands.
    private static String withoutCode(String text) {
        var kept = new StringBuilder();
        boolean code = false;
        for (var line : text.lines().toList()) {
            boolean fence = line.strip().startsWith("```");
            code ^= fence;
            kept.append(code || fence ? "" : line).append('\n');
        }
        return kept.toString();
    }

    private static void checkDecision(String path, String text, List<Finding> found) {
        if (!DECISION.matcher(path).matches()) {
            found.add(new Finding(path, 0, "is not named NNNN-title.md"));
        }
        for (var part : PARTS) {
            if (text.lines().noneMatch(part::equals)) {
                found.add(new Finding(path, 0, "lacks the part " + part));
            }
        }
        if (!STATUS.matcher(text).find()) {
            found.add(
                    new Finding(
                            path,
                            0,
                            "status is not proposed, accepted, rejected or superseded by NNNN"));
        }
    }

    private void checkNumbers(List<Finding> found) {
        numbers()
                .forEach((number, paths) -> {
                    if (paths.size() > 1) {
                        found.add(
                                new Finding(
                                        paths.getLast(),
                                        0,
                                        "decision %s exists twice".formatted(number)));
                    }
                });
    }

    private Map<String, List<String>> numbers() {
        var numbers = new TreeMap<String, List<String>>();
        for (var path : texts.keySet()) {
            var matcher = DECISION.matcher(path);
            if (matcher.matches()) {
                numbers.computeIfAbsent(matcher.group(1), _ -> new ArrayList<>()).add(path);
            }
        }
        return numbers;
    }
}
