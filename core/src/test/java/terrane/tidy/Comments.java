package terrane.tidy;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.lang.model.element.Modifier;

/// Section 8: what comments must say, and what they must not.
final class Comments implements Rule {
    private static final Pattern TODO = Pattern.compile("\\bTODO\\b(?! ?\\(?#\\d+)");
    private static final Pattern FIXME = Pattern.compile("\\b(FIXME|XXX|HACK)\\b");
    private static final Pattern AUTHOR = Pattern.compile("@author\\b");

    private static final String COMMENT = "(?<comment>//[^\\n]*|/\\*.*?\\*/)";
    private static final String TEXT_BLOCK = "\"\"\".*?(?<!\\\\)\"\"\"";
    private static final String STRING = "\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"";
    private static final String CHARACTER = "'(?:\\\\.|[^'\\\\])*+'";

    /// Comments, and the literals that may look like comments.
    private static final Pattern TOKEN =
            Pattern.compile(
                    String.join("|", COMMENT, TEXT_BLOCK, STRING, CHARACTER), Pattern.DOTALL);

    @Override
    public List<Finding> check(List<Source> sources) {
        var found = new ArrayList<Finding>();
        for (var source : sources) {
            checkWords(source, found);
            checkPackage(source, sources, found);
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private static void checkWords(Source source, List<Finding> found) {
        for (var comment : commentsOf(source)) {
            if (TODO.matcher(comment.text()).find()) {
                found.add(source.at(comment.line(), "TODO without an issue, write TODO (#12)"));
            }
            if (FIXME.matcher(comment.text()).find()) {
                found.add(source.at(comment.line(), "FIXME, repair it or open an issue"));
            }
            if (AUTHOR.matcher(comment.text()).find()) {
                found.add(source.at(comment.line(), "@author, the history knows"));
            }
        }
    }

    /// @param line where it begins
    record Comment(long line, String text) {}

    static List<Comment> commentsOf(Source source) {
        var comments = new ArrayList<Comment>();
        var matcher = TOKEN.matcher(source.text());
        while (matcher.find()) {
            var comment = matcher.group("comment");
            if (comment != null) {
                long before =
                        source.text()
                                .substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                comments.add(new Comment(before + 1, comment));
            }
        }
        return comments;
    }

    private static void checkPackage(Source source, List<Source> all, List<Finding> found) {
        if (source.isTest()) {
            return;
        }
        var folder = source.path().substring(0, source.path().lastIndexOf('/') + 1);
        var description = folder + "package-info.java";
        if (all.stream().noneMatch(other -> other.path().equals(description))) {
            found.add(source.at(0, "package has no package-info.java"));
        }
        if (source.isPackageInfo()) {
            boolean marked =
                    source.unit().getPackageAnnotations().stream()
                            .anyMatch(a -> a.getAnnotationType().toString().endsWith("NullMarked"));
            if (!marked) {
                found.add(source.at(1, "package is not @NullMarked"));
            }
            if (!source.text().startsWith("///")) {
                found.add(source.at(1, "package does not say what it is, begin with ///"));
            }
        }
    }

    private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final List<String> lines;
        private final List<Finding> found;

        Scanner(Source source, List<Finding> found) {
            this.source = source;
            this.lines = source.text().lines().toList();
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            boolean open = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
            if (open && !source.isTest() && isUndocumented(getCurrentPath())) {
                found.add(
                        source.at(
                                type,
                                "public type %s has no doc comment"
                                        .formatted(type.getSimpleName())));
            }
            return super.visitClass(type, null);
        }

        private boolean isUndocumented(TreePath path) {
            return source.trees().getDocComment(path) == null;
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void unused) {
            if (annotation.getAnnotationType() instanceof IdentifierTree type
                    && type.getName().contentEquals("SuppressWarnings")
                    && !hasReason(annotation)) {
                found.add(source.at(annotation, "suppression without a reason, add // why"));
            }
            return super.visitAnnotation(annotation, null);
        }

        /// A comment on the annotation's last line, or on a line of its own just above it.
        private boolean hasReason(AnnotationTree annotation) {
            int first = (int) source.lineOf(annotation);
            int last = (int) source.lastLineOf(annotation);
            boolean beside = lines.get(last - 1).contains("//");
            boolean above = first > 1 && lines.get(first - 2).strip().startsWith("// ");
            return beside || above;
        }
    }
}
