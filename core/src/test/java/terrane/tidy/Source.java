package terrane.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// One Java file: its text and its syntax tree.
///
/// @param path relative to the root of the repository, with slashes
/// @param trees gives positions and doc comments for nodes of `unit`
record Source(String path, String text, CompilationUnitTree unit, DocTrees trees) {

    /// Every Java file of the modules under `root`, in the order of their paths.
    static List<Source> allUnder(Path root) {
        var texts = new TreeMap<String, String>();
        try (Stream<Path> modules = Files.list(root)) {
            modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .forEach(src -> readInto(texts, root, src));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(texts);
    }

    private static void readInto(Map<String, String> texts, Path root, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var path = root.relativize(file).toString().replace('\\', '/');
                texts.put(path, Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Parses without resolving anything, so that the files need no class path.
    ///
    /// @param texts by path
    static List<Source> parse(Map<String, String> texts) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        var files = texts.entrySet().stream().map(e -> new Text(e.getKey(), e.getValue())).toList();
        if (files.isEmpty()) {
            return List.of();
        }
        var task =
                (JavacTask)
                        compiler.getTask(null, null, problems, List.of("-proc:none"), null, files);
        var trees = DocTrees.instance(task);
        var sources = new ArrayList<Source>();
        try {
            for (var unit : task.parse()) {
                var path = unit.getSourceFile().toUri().getPath().substring(1);
                var text = Objects.requireNonNull(texts.get(path), path);
                sources.add(new Source(path, text, unit, trees));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!problems.getDiagnostics().isEmpty()) {
            throw new IllegalArgumentException(problems.getDiagnostics().toString());
        }
        return List.copyOf(sources);
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    /// The module's folder, for example `core`.
    String module() {
        return path.substring(0, path.indexOf('/'));
    }

    String packageName() {
        return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
    }

    boolean isPackageInfo() {
        return path.endsWith("/package-info.java");
    }

    long lineOf(Tree tree) {
        return lineAt(startOf(tree));
    }

    long startOf(Tree tree) {
        return trees.getSourcePositions().getStartPosition(unit, tree);
    }

    long lastLineOf(Tree tree) {
        return lineAt(trees.getSourcePositions().getEndPosition(unit, tree) - 1);
    }

    private long lineAt(long position) {
        return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
    }

    /// `sleep` for `java.lang.Thread.sleep`, `Map` for `java.util.Map<K, V>`; empty for what is no
    /// name.
    static String lastNameOf(@Nullable Tree tree) {
        return switch (tree) {
            case MemberSelectTree select -> select.getIdentifier().toString();
            case IdentifierTree identifier -> identifier.getName().toString();
            case ParameterizedTypeTree type -> lastNameOf(type.getType());
            case null, default -> "";
        };
    }

    Finding at(Tree tree, String message) {
        return new Finding(path, lineOf(tree), message);
    }

    Finding at(long line, String message) {
        return new Finding(path, line, message);
    }

    /// Source text in memory under the path that it had in the repository.
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String path, String text) {
            super(URI.create("text:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }
    }
}
