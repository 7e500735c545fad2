package terrane.metasrv.admin;

import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/// Parameters of the admin API, as they stand behind the question mark or in a form: whatever they
/// are, every call that takes any reads them.
public final class AdminTarget {
    private static final Catalog EMPTY = new Catalog();
    private static final List<Consumer<AdminRequest>> CALLS =
            List.of(
                    AdminApi::move,
                    AdminApi::procedureId,
                    request -> AdminApi.table(EMPTY, request),
                    request -> request.flag("wait"),
                    CrossSite::check);

    private AdminTarget() {}

    public static void read(byte[] input) {
        var params = new LinkedHashMap<String, String>();
        AdminRequest.parse(new String(input, StandardCharsets.ISO_8859_1), params);
        var request = new AdminRequest("POST", "/admin/region-migration", "", params, params);
        for (var call : CALLS) {
            try {
                call.accept(request);
            } catch (TerraneException.Rejected refused) {
                AdminAnswer.error(refused);
            }
        }
    }
}
