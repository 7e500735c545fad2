package terrane.metasrv.admin;

import terrane.core.formation.Standing;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// What one metasrv answers another that has a blank folder: its own id, and either `folder`, its
/// own blank one, or `formed`, the folders that the cluster was formed of as far as it knows.
final class FormationDocument {
    static final String PATH = "/admin/formation";

    private static final JsonMapper MAPPER = new JsonMapper();

    private FormationDocument() {}

    static AdminAnswer of(String metasrv, Standing standing) {
        var document = Json.object().put("metasrv", metasrv);
        switch (standing) {
            case Standing.Blank(var folder) -> document.put("folder", folder.toString());
            case Standing.Formed(var folders) -> {
                var formed = document.putObject("formed");
                folders.forEach((id, folder) -> formed.put(id, folder.toString()));
            }
        }
        return AdminAnswer.json(Json.write(document));
    }

    /// @return empty if it is no such document, or another metasrv's
    static Optional<Standing> parse(String metasrv, String text) {
        try {
            var document = MAPPER.readTree(text);
            return document.path("metasrv").asString("").equals(metasrv)
                    ? standing(document)
                    : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Standing> standing(JsonNode document) {
        if (document.path("formed").isObject()) {
            var folders = new TreeMap<String, UUID>();
            for (var each : document.path("formed").properties()) {
                folders.put(each.getKey(), UUID.fromString(each.getValue().asString("")));
            }
            return Optional.of(new Standing.Formed(folders));
        }
        return document.path("folder").isString()
                ? Optional.of(
                        new Standing.Blank(UUID.fromString(document.path("folder").asString(""))))
                : Optional.empty();
    }
}
