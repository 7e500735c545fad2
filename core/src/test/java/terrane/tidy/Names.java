package terrane.tidy;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Sections 2 and 3: names that say nothing, or say what a framework would call the thing.
final class Names implements Rule {
    private static final Pattern TYPE_SUFFIX =
            Pattern.compile(
                    ".*(Manager|Helper|Helpers|Util|Utils|Handler|Processor|Info|Data|Impl)");
    private static final Pattern TYPE_PREFIX = Pattern.compile("(Abstract|Base)\\p{Lu}.*");
    private static final Pattern INTERFACE_PREFIX = Pattern.compile("I\\p{Lu}\\p{Ll}.*");
    private static final Pattern ACCESSOR = Pattern.compile("(get|set)\\p{Lu}.*");
    private static final Pattern TEST_PREFIX = Pattern.compile("(test|should)(\\p{Lu}.*|_.*|)");
    private static final Set<String> PACKAGES =
            Set.of(
                    "impl",
                    "util",
                    "utils",
                    "common",
                    "manager",
                    "handler",
                    "helper",
                    "exception",
                    "exceptions",
                    "model",
                    "dto",
                    "misc",
                    "base");
    private static final Set<String> TESTS =
            Set.of("Test", "Property", "ParameterizedTest", "RepeatedTest", "TestFactory");

    @Override
    public List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            for (var segment : source.packageName().split("\\.", -1)) {
                if (PACKAGES.contains(segment)) {
                    found.add(
                            source.at(
                                    1,
                                    "package is named %s, name it after a thing of the domain"
                                            .formatted(segment)));
                }
            }
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private static final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final List<Finding> found;

        Scanner(Source source, List<Finding> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            var name = type.getSimpleName().toString();
            if (TYPE_SUFFIX.matcher(name).matches()
                    || TYPE_PREFIX.matcher(name).matches()
                    || (type.getKind() == Tree.Kind.INTERFACE
                            && INTERFACE_PREFIX.matcher(name).matches())) {
                report(type, "type is named %s, say what makes it different".formatted(name));
            }
            if (type.getKind() == Tree.Kind.RECORD) {
                type.getMembers().forEach(this::checkRecordMember);
            }
            return super.visitClass(type, null);
        }

        private void checkRecordMember(Tree member) {
            if (member instanceof MethodTree method
                    && ACCESSOR.matcher(method.getName()).matches()) {
                report(
                        method,
                        "method %s of a value, drop the get or set".formatted(method.getName()));
            }
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            boolean test =
                    method.getModifiers().getAnnotations().stream().anyMatch(Scanner::isTest);
            if (test && TEST_PREFIX.matcher(method.getName()).matches()) {
                report(
                        method,
                        "test is named %s, make it a sentence that is true"
                                .formatted(method.getName()));
            }
            return super.visitMethod(method, null);
        }

        private static boolean isTest(AnnotationTree annotation) {
            return annotation.getAnnotationType() instanceof IdentifierTree type
                    && TESTS.contains(type.getName().toString());
        }

        private void report(Tree tree, String message) {
            found.add(source.at(tree, message));
        }
    }
}
