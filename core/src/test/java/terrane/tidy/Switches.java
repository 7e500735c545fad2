package terrane.tidy;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.PatternTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.lang.model.element.Modifier;

/// Section 4: a switch over one of our sealed types has no `default`, so that a new case fails to
/// compile wherever it was not thought about.
///
/// An approximation: a switch is over a sealed type of ours if it tests for a type that extends
/// one, or takes a record of ours apart. A switch over what is declared as something else
/// (`Object`, an interface that anybody may implement) may have a `default`.
final class Switches implements Rule {
    @Override
    public List<Finding> check(List<Source> sources) {
        var sealed = new HashSet<String>();
        var records = new HashSet<String>();
        var types = new ArrayList<ClassTree>();
        for (var source : sources) {
            new TypeScanner(types).scan(source.unit(), null);
        }
        for (var type : types) {
            if (type.getModifiers().getFlags().contains(Modifier.SEALED)) {
                sealed.add(type.getSimpleName().toString());
            }
            if (type.getKind() == Tree.Kind.RECORD) {
                records.add(type.getSimpleName().toString());
            }
        }
        var cases = new HashSet<String>();
        for (var type : types) {
            if (supertypesOf(type).stream().map(Source::lastNameOf).anyMatch(sealed::contains)) {
                cases.add(type.getSimpleName().toString());
            }
        }
        sealed.addAll(records);
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            new SwitchScanner(source, new Closed(sealed, cases, records), found)
                    .scan(source.unit(), null);
        }
        return found;
    }

    /// Our own types, by their simple names.
    ///
    /// @param whole what a switch can be over: sealed types, and records
    /// @param cases what extends a sealed type
    private record Closed(Set<String> whole, Set<String> cases, Set<String> records) {}

    private static List<Tree> supertypesOf(ClassTree type) {
        var supertypes = new ArrayList<Tree>(type.getImplementsClause());
        if (type.getExtendsClause() != null) {
            supertypes.add(type.getExtendsClause());
        }
        return supertypes;
    }

    private static final class TypeScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final List<ClassTree> types;

        TypeScanner(List<ClassTree> types) {
            this.types = types;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            types.add(type);
            return super.visitClass(type, null);
        }
    }

    private static final class SwitchScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final Closed closed;
        private final List<Finding> found;
        private Map<String, String> declared = new HashMap<>();

        SwitchScanner(Source source, Closed closed, List<Finding> found) {
            this.source = source;
            this.closed = closed;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            var outside = declared;
            declared = new HashMap<>(outside);
            super.visitMethod(method, null);
            declared = outside;
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, @Nullable Void unused) {
            declared.put(variable.getName().toString(), Source.lastNameOf(variable.getType()));
            return super.visitVariable(variable, null);
        }

        @Override
        public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void unused) {
            check(tree, tree.getExpression(), tree.getCases());
            return super.visitSwitch(tree, null);
        }

        @Override
        public @Nullable Void visitSwitchExpression(
                SwitchExpressionTree tree, @Nullable Void unused) {
            check(tree, tree.getExpression(), tree.getCases());
            return super.visitSwitchExpression(tree, null);
        }

        private void check(Tree tree, ExpressionTree selector, List<? extends CaseTree> rows) {
            var labels = rows.stream().flatMap(row -> row.getLabels().stream()).toList();
            boolean open = labels.stream().anyMatch(DefaultCaseLabelTree.class::isInstance);
            if (open && !isForeign(selector) && labels.stream().anyMatch(this::isOurs)) {
                found.add(
                        source.at(tree, "default in a switch over a sealed type, write every row"));
            }
        }

        /// Whether the selector is a variable that this file declares as none of our types.
        private boolean isForeign(ExpressionTree selector) {
            var inner = selector instanceof ParenthesizedTree p ? p.getExpression() : selector;
            var type = declared.getOrDefault(Source.lastNameOf(inner), "");
            return !type.isEmpty() && !closed.whole().contains(type);
        }

        private boolean isOurs(CaseLabelTree label) {
            return label instanceof PatternCaseLabelTree row && isOurs(row.getPattern());
        }

        private boolean isOurs(PatternTree pattern) {
            return switch (pattern) {
                case BindingPatternTree binding ->
                        closed.cases().contains(Source.lastNameOf(binding.getVariable().getType()));
                case DeconstructionPatternTree parts ->
                        closed.records().contains(Source.lastNameOf(parts.getDeconstructor()));
                default -> false;
            };
        }
    }
}
