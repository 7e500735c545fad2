package terrane.tidy;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Section 5: `core` does not iterate over hash tables, whose order differs from run to run and
/// would make a simulation differ with it. Looking up in them is fine.
///
/// An approximation: a variable is a hash table if the same file makes it one, and it is iterated
/// over where it is looped over, viewed, or copied.
final class Iterations implements Rule {
    private static final Set<String> HASHED =
            Set.of("HashMap", "HashSet", "IdentityHashMap", "ConcurrentHashMap", "WeakHashMap");
    private static final Set<String> ITERATING =
            Set.of("keySet", "values", "entrySet", "forEach", "stream", "iterator", "toString");
    private static final Set<String> COPYING = Set.of("copyOf", "addAll", "putAll");

    @Override
    public List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            if (source.module().equals("core") && !source.isTest()) {
                var tables = new TableScanner();
                tables.scan(source.unit(), null);
                new UseScanner(source, tables.names, found).scan(source.unit(), null);
            }
        }
        return found;
    }

    /// Collects the names of variables that are made hash tables.
    private static final class TableScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Set<String> names = new HashSet<>();

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void unused) {
            if (isHashed(tree.getInitializer())) {
                names.add(tree.getName().toString());
            }
            return super.visitVariable(tree, null);
        }

        @Override
        public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void unused) {
            if (isHashed(tree.getExpression())) {
                names.add(Source.lastNameOf(tree.getVariable()));
            }
            return super.visitAssignment(tree, null);
        }

        private static boolean isHashed(@Nullable Tree value) {
            return value instanceof NewClassTree made
                    && HASHED.contains(Source.lastNameOf(made.getIdentifier()));
        }
    }

    private static final class UseScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final Set<String> tables;
        private final List<Finding> found;

        UseScanner(Source source, Set<String> tables, List<Finding> found) {
            this.source = source;
            this.tables = tables;
            this.found = found;
        }

        @Override
        public @Nullable Void visitEnhancedForLoop(
                EnhancedForLoopTree tree, @Nullable Void unused) {
            checkTable(tree.getExpression());
            return super.visitEnhancedForLoop(tree, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(
                MethodInvocationTree tree, @Nullable Void unused) {
            if (tree.getMethodSelect() instanceof MemberSelectTree select) {
                var name = select.getIdentifier().toString();
                if (ITERATING.contains(name)) {
                    checkTable(select.getExpression());
                }
                if (COPYING.contains(name)) {
                    tree.getArguments().forEach(this::checkTable);
                }
            }
            return super.visitMethodInvocation(tree, null);
        }

        @Override
        public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void unused) {
            tree.getArguments().forEach(this::checkTable);
            return super.visitNewClass(tree, null);
        }

        private void checkTable(ExpressionTree expression) {
            var name = Source.lastNameOf(expression);
            if (tables.contains(name)) {
                found.add(
                        source.at(
                                expression,
                                "iterates over the hash table %s, use a sorted or linked one"
                                        .formatted(name)));
            }
        }
    }
}
