package terrane.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// `docs/operating/limits.md` names every bound of the code with its value, and every field that
/// collects things with what bounds it; and it names nothing that is not there.
record Limits(String manual) {
    static final String PATH = "docs/operating/limits.md";

    /// What runs for as long as a cluster does; a command of `cli` and what is in `bench` end.
    private static final Set<String> SERVERS =
            Set.of("core", "wire", "engine", "query", "metasrv", "datanode", "frontend");

    private static final Pattern BOUND = Pattern.compile("[A-Z][A-Z_]*_MAX");
    private static final Pattern SHIFT = Pattern.compile("(\\d+) << (10|20|30)");
    private static final Pattern DURATION =
            Pattern.compile("Duration\\.of(Millis|Seconds|Minutes|Hours|Days)\\((\\d+)\\)");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+\\.\\w+)`");
    private static final Pattern COLLECTION =
            Pattern.compile(
                    "(Concurrent|Linked|Array|Tree|Hash|Priority|Weak|Identity|CopyOnWrite)\\w*"
                            + "(Map|Set|List|Queue|Deque)");

    List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        var there = new TreeSet<String>();
        for (var source : sources) {
            if (!source.isTest() && SERVERS.contains(source.module())) {
                new Scanner(source, there, found).scan(source.unit(), null);
            }
        }
        for (var name : names()) {
            if (!there.contains(name)) {
                found.add(new Finding(PATH, 0, "names what is not there: " + name));
            }
        }
        return found;
    }

    private Set<String> names() {
        var names = new LinkedHashSet<String>();
        NAMED.matcher(manual).results().map(match -> match.group(1)).forEach(names::add);
        return names;
    }

    private final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final Set<String> there;
        private final List<Finding> found;

        Scanner(Source source, Set<String> there, List<Finding> found) {
            this.source = source;
            this.there = there;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            for (var member : type.getMembers()) {
                if (member instanceof VariableTree field && field.getInitializer() != null) {
                    check(type, field, field.getInitializer());
                }
            }
            return super.visitClass(type, null);
        }

        /// However it is made, a queue that takes anything at all needs a word.
        @Override
        public @Nullable Void visitNewClass(NewClassTree made, @Nullable Void unused) {
            var queue = Source.lastNameOf(made.getIdentifier());
            boolean unbounded =
                    queue.startsWith("ConcurrentLinked")
                            || queue.equals("LinkedTransferQueue")
                            || queue.equals("PriorityBlockingQueue")
                            || (queue.startsWith("LinkedBlocking")
                                    && made.getArguments().isEmpty());
            if (unbounded && !manual.contains("`" + typeName(source) + ".")) {
                found.add(source.at(made, "new %s is not in %s".formatted(queue, PATH)));
            }
            return super.visitNewClass(made, null);
        }

        private void check(ClassTree type, VariableTree field, ExpressionTree value) {
            var name = type.getSimpleName() + "." + field.getName();
            boolean bound = BOUND.matcher(field.getName()).matches();
            if (!bound && !collects(value)) {
                return;
            }
            there.add(name);
            var line = line(name);
            var said = shown(name, value.toString());
            if (line.isEmpty()) {
                found.add(source.at(field, "%s is not in %s".formatted(name, PATH)));
            } else if (bound && !line.contains("| " + said + " |")) {
                found.add(
                        source.at(
                                field,
                                "%s does not say that %s is %s".formatted(PATH, name, said)));
            }
        }
    }

    private String line(String name) {
        return manual.lines()
                .filter(line -> line.contains("`" + name + "`"))
                .findFirst()
                .orElse("");
    }

    private static String typeName(Source source) {
        return source.path().replaceAll(".*/|\\.java$", "");
    }

    private static boolean collects(Tree value) {
        return switch (value) {
            case NewClassTree made ->
                    COLLECTION.matcher(Source.lastNameOf(made.getIdentifier())).matches();
            case MethodInvocationTree call ->
                    Source.lastNameOf(call.getMethodSelect()).equals("newKeySet");
            default -> false;
        };
    }

    /// As people write it: `16 MiB` for `16 << 20` bytes, `2 s` for `Duration.ofSeconds(2)`.
    static String shown(String name, String value) {
        var text = value.replaceAll("(?<=\\d)L\\b", "").replaceAll("(?<=\\d)_(?=\\d)", "");
        var shift = SHIFT.matcher(text);
        if (shift.matches()) {
            var unit =
                    switch (shift.group(2)) {
                        case "10" -> " Ki";
                        case "20" -> " Mi";
                        default -> " Gi";
                    };
            return shift.group(1) + unit + (name.contains("BYTES") ? "B" : "");
        }
        var match = DURATION.matcher(text);
        if (match.matches()) {
            return grouped(match.group(2)) + " " + unit(match);
        }
        return text.matches("\\d+") ? grouped(text) : text;
    }

    private static String unit(MatchResult match) {
        return switch (match.group(1)) {
            case "Millis" -> "ms";
            case "Seconds" -> "s";
            case "Minutes" -> "min";
            case "Hours" -> "h";
            default -> "d";
        };
    }

    private static String grouped(String digits) {
        return digits.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }
}
