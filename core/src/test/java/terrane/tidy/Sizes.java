package terrane.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The limits of section 10: files, methods, parameters, nesting and lines.
final class Sizes implements Rule {
    static final int MAIN_FILE_LINES_MAX = 500;
    static final int TEST_FILE_LINES_MAX = 700;
    static final int METHOD_LINES_MAX = 60;
    static final int PARAMETERS_MAX = 7;
    static final int NESTING_MAX = 3;
    static final int COLUMNS_MAX = 100;

    @Override
    public List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            checkLines(source, found);
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private static void checkLines(Source source, List<Finding> found) {
        var lines = source.text().lines().toList();
        int linesMax = source.isTest() ? TEST_FILE_LINES_MAX : MAIN_FILE_LINES_MAX;
        if (lines.size() > linesMax) {
            found.add(
                    source.at(
                            0,
                            "file has %d lines: limit=%d, split it by concept"
                                    .formatted(lines.size(), linesMax)));
        }
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            int columns = line.codePointCount(0, line.length());
            // The formatter never breaks an import, and neither can we.
            if (columns > COLUMNS_MAX && !line.startsWith("import ")) {
                found.add(
                        source.at(
                                i + 1,
                                "line has %d columns: limit=%d".formatted(columns, COLUMNS_MAX)));
            }
        }
    }

    /// Nesting counts `if`, loops, `switch`, `try` with a `catch` and `synchronized` within one
    /// method; `else if` continues its `if`, and a `try` that only closes or cleans up is a scope,
    /// not a decision.
    private static final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final List<Finding> found;
        private int depth;

        Scanner(Source source, List<Finding> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            long lines = source.lastLineOf(method) - source.lineOf(method) + 1;
            if (lines > METHOD_LINES_MAX) {
                report(
                        method,
                        "method %s has %d lines: limit=%d, name its parts"
                                .formatted(method.getName(), lines, METHOD_LINES_MAX));
            }
            int parameters = parametersWrittenIn(method);
            if (parameters > PARAMETERS_MAX) {
                report(
                        method,
                        "method %s has %d parameters: limit=%d, it does two jobs"
                                .formatted(method.getName(), parameters, PARAMETERS_MAX));
            }
            return afresh(() -> super.visitMethod(method, null));
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            return afresh(() -> super.visitClass(type, null));
        }

        /// A record's components are what it is, not what it is handed; its compact constructor
        /// repeats them without writing them.
        private int parametersWrittenIn(MethodTree method) {
            var parameters = method.getParameters();
            boolean compact =
                    !parameters.isEmpty()
                            && source.startOf(parameters.getFirst()) < source.startOf(method);
            return compact ? 0 : parameters.size();
        }

        private @Nullable Void afresh(Runnable body) {
            int outside = depth;
            depth = 0;
            body.run();
            depth = outside;
            return null;
        }

        private @Nullable Void deeper(Tree tree, Runnable body) {
            depth++;
            if (depth == NESTING_MAX + 1) {
                report(
                        tree,
                        "nested %d deep: limit=%d, return early or name the inner part"
                                .formatted(depth, NESTING_MAX));
            }
            body.run();
            depth--;
            return null;
        }

        private void report(Tree tree, String message) {
            found.add(source.at(tree, message));
        }

        @Override
        public @Nullable Void visitIf(IfTree tree, @Nullable Void unused) {
            scan(tree.getCondition(), null);
            deeper(tree, () -> scan(tree.getThenStatement(), null));
            var otherwise = tree.getElseStatement();
            if (otherwise instanceof IfTree) {
                return scan(otherwise, null);
            }
            depth++;
            scan(otherwise, null);
            depth--;
            return null;
        }

        @Override
        public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitForLoop(tree, null));
        }

        @Override
        public @Nullable Void visitEnhancedForLoop(
                EnhancedForLoopTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitEnhancedForLoop(tree, null));
        }

        @Override
        public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitWhileLoop(tree, null));
        }

        @Override
        public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitDoWhileLoop(tree, null));
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitSwitch(tree, null));
        }

        @Override
        public @Nullable Void visitSwitchExpression(
                SwitchExpressionTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitSwitchExpression(tree, null));
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void unused) {
            return deeper(tree, () -> super.visitSynchronized(tree, null));
        }

        @Override
        public @Nullable Void visitTry(TryTree tree, @Nullable Void unused) {
            if (tree.getCatches().isEmpty()) {
                return super.visitTry(tree, null);
            }
            return deeper(tree, () -> super.visitTry(tree, null));
        }
    }
}
