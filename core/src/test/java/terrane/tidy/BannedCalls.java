package terrane.tidy;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Section 5: what would let time, chance or threads in past the interfaces that a simulation owns;
/// and section 9: what would let a test pass by waiting or by not running.
///
/// An approximation: names are not resolved, so a method of ours that is called `thenApply` would
/// be found too. Call it something else.
final class BannedCalls implements Rule {
    private static final Set<String> WAITS =
            Set.of(
                    "poll",
                    "offer",
                    "get",
                    "await",
                    "awaitTermination",
                    "tryAcquire",
                    "tryLock",
                    "invokeAll",
                    "invokeAny",
                    "exchange",
                    "join",
                    "wait");
    private static final Set<String> UNITS =
            Set.of("NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS");
    private static final Set<String> SKIPS =
            Set.of(
                    "Disabled",
                    "DisabledOnOs",
                    "DisabledIf",
                    "EnabledIf",
                    "EnabledOnOs",
                    "DisabledIfEnvironmentVariable",
                    "EnabledIfEnvironmentVariable",
                    "DisabledIfSystemProperty",
                    "EnabledIfSystemProperty",
                    "Ignore");
    private static final Set<String> ASSUMPTIONS =
            Set.of("assumeTrue", "assumeFalse", "assumingThat", "assumeThat");

    @Override
    public List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            var bans = Ban.ALL.stream().filter(ban -> ban.appliesTo(source)).toList();
            new Scanner(source, bans, found).scan(source.unit(), null);
        }
        return found;
    }

    private static final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final List<Ban> bans;
        private final List<Finding> found;

        Scanner(Source source, List<Ban> bans, List<Finding> found) {
            this.source = source;
            this.bans = bans;
            this.found = found;
        }

        @Override
        public @Nullable Void visitImport(ImportTree tree, @Nullable Void unused) {
            // Only static imports hide a call's type; what else is imported shows where it is used.
            if (tree.isStatic() && tree.getQualifiedIdentifier() instanceof MemberSelectTree name) {
                named(tree, Source.lastNameOf(name.getExpression()) + "." + name.getIdentifier());
            }
            return null;
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void unused) {
            named(tree, Source.lastNameOf(tree.getExpression()) + "." + tree.getIdentifier());
            named(tree, tree.getIdentifier().toString());
            return super.visitMemberSelect(tree, null);
        }

        @Override
        public @Nullable Void visitMemberReference(
                MemberReferenceTree tree, @Nullable Void unused) {
            var type = Source.lastNameOf(tree.getQualifierExpression());
            var name = tree.getName().toString();
            named(tree, name.equals("<init>") ? "new " + type : type + "." + name);
            named(tree, "." + name);
            return super.visitMemberReference(tree, null);
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void unused) {
            named(tree, tree.getName().toString());
            return null;
        }

        @Override
        public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void unused) {
            named(tree, "new " + Source.lastNameOf(tree.getIdentifier()));
            return super.visitNewClass(tree, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(
                MethodInvocationTree tree, @Nullable Void unused) {
            var method = tree.getMethodSelect();
            if (method instanceof MemberSelectTree select) {
                var name = select.getIdentifier().toString();
                named(tree, "." + name);
                checkWait(tree, select, name);
                checkPool(tree, select, name);
            }
            if (source.isTest() && ASSUMPTIONS.contains(Source.lastNameOf(method))) {
                report(
                        tree,
                        "banned: %s, a skipped test proves nothing"
                                .formatted(Source.lastNameOf(method)));
            }
            return super.visitMethodInvocation(tree, null);
        }

        private void checkWait(MethodInvocationTree call, MemberSelectTree select, String name) {
            if (source.isTest() || Ban.isHome(Ban.TIMED_WAITS, source.path())) {
                return;
            }
            var arguments = call.getArguments();
            boolean timed =
                    WAITS.contains(name)
                            && arguments.stream().anyMatch(Scanner::isUnitOrDuration)
                            && !select.getExpression().toString().endsWith("clock");
            boolean sleeps = name.equals("sleep") && isUnitOrDuration(select.getExpression());
            if (timed || sleeps) {
                report(
                        call,
                        "banned: timed %s, use Clock.await, poll, get or sleep".formatted(name));
            }
        }

        private static boolean isUnitOrDuration(ExpressionTree argument) {
            var name = Source.lastNameOf(argument);
            return UNITS.contains(name) || argument.toString().startsWith("Duration.");
        }

        /// A pool without a thread factory makes platform threads that nobody named.
        private void checkPool(MethodInvocationTree call, MemberSelectTree select, String name) {
            int arguments = call.getArguments().size();
            boolean bare =
                    (name.equals("newFixedThreadPool") && arguments == 1)
                            || (name.equals("newCachedThreadPool") && arguments == 0)
                            || (name.equals("newSingleThreadExecutor") && arguments == 0);
            if (bare && !source.isTest() && select.getExpression().toString().equals("Executors")) {
                report(
                        call,
                        "banned: %s without a thread factory, use Threads.platformFactory"
                                .formatted(name));
            }
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void unused) {
            var name = Source.lastNameOf(tree.getAnnotationType());
            if (source.isTest() && SKIPS.contains(name)) {
                report(tree, "banned: @%s, repair the test or delete it".formatted(name));
            }
            if (source.isTest() && name.contains("Retry")) {
                report(tree, "banned: @%s, a flaky test is a bug to be found".formatted(name));
            }
            return super.visitAnnotation(tree, null);
        }

        private void named(Tree tree, String name) {
            for (var ban : bans) {
                if (ban.what().equals(name)) {
                    report(tree, ban.message());
                }
            }
        }

        private void report(Tree tree, String message) {
            found.add(source.at(tree, message));
        }
    }
}
