package terrane.tidy;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.xml.parsers.DocumentBuilderFactory;

/// Section 2: which modules there are, and which may depend on which; and section 11: versions are
/// pinned once, in the parent.
///
/// @param poms by module, without the parent
record Modules(Map<String, String> poms) {
    /// `cli` names `engine` for the topics of the embedded broker and for shared storage.
    static final Map<String, Set<String>> EDGES =
            Map.ofEntries(
                    Map.entry("core", Set.of()),
                    Map.entry("duckdb", Set.of()),
                    Map.entry("wire", Set.of("core")),
                    Map.entry("engine", Set.of("core", "duckdb")),
                    Map.entry("query", Set.of("core", "duckdb")),
                    Map.entry("metasrv", Set.of("wire")),
                    Map.entry("datanode", Set.of("wire", "engine", "query")),
                    Map.entry("frontend", Set.of("wire", "query")),
                    Map.entry("fuzz", Set.of("engine", "metasrv", "frontend")),
                    Map.entry("cli", Set.of("metasrv", "datanode", "frontend", "engine")),
                    Map.entry(
                            "sim",
                            Set.of(
                                    "core",
                                    "wire",
                                    "engine",
                                    "query",
                                    "metasrv",
                                    "datanode",
                                    "frontend")),
                    Map.entry("e2e", Set.of("cli", "sim")),
                    Map.entry("bench", Set.of("cli")));

    private static final String PREFIX = "terrane-";

    List<Finding> check() {
        var found = new ArrayList<Finding>();
        poms.forEach((module, pom) -> {
            var path = module + "/pom.xml";
            var allowed = EDGES.get(module);
            if (allowed == null) {
                found.add(
                        new Finding(
                                path,
                                0,
                                "module %s needs a decision record and a row in Modules"
                                        .formatted(module)));
                return;
            }
            var document = parse(pom);
            for (var dependency : elements(document, "dependency")) {
                checkEdge(path, allowed, textOf(dependency, "artifactId"), found);
            }
            for (var version : elements(document, "version")) {
                checkVersion(path, version, found);
            }
        });
        return found;
    }

    private static void checkEdge(
            String path, Set<String> allowed, String artifact, List<Finding> found) {
        if (artifact.startsWith(PREFIX) && !allowed.contains(artifact.substring(PREFIX.length()))) {
            found.add(new Finding(path, 0, "edge to %s is not allowed".formatted(artifact)));
        }
    }

    private static void checkVersion(String path, Element version, List<Finding> found) {
        boolean ofParent = version.getParentNode().getNodeName().equals("parent");
        var text = version.getTextContent().strip();
        if (!ofParent && !text.startsWith("${")) {
            found.add(
                    new Finding(
                            path,
                            0,
                            "version %s is pinned here, pin it in the parent".formatted(text)));
        }
    }

    private static Document parse(String pom) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(pom)));
        } catch (Exception e) {
            throw new IllegalArgumentException("pom is not XML", e);
        }
    }

    private static List<Element> elements(Document document, String name) {
        var nodes = document.getElementsByTagName(name);
        var elements = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String textOf(Element parent, String name) {
        var nodes = parent.getElementsByTagName(name);
        return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent().strip();
    }
}
