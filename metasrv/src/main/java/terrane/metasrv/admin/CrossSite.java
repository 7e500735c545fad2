package terrane.metasrv.admin;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// Keeps a web page that somebody visits from moving regions about: the documented GET changes
/// things, and a browser sends one for any image tag.
final class CrossSite {
    private CrossSite() {}

    /// @throws TerraneException.Rejected if a browser sent this on behalf of another site
    static void check(AdminRequest request) {
        boolean fetchedElsewhere =
                request.header("sec-fetch-site")
                        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
                        .isPresent();
        boolean originElsewhere =
                request.header("origin")
                        .filter(origin -> !ownOrigin(origin, request.header("host").orElse("")))
                        .isPresent();
        if (fetchedElsewhere || originElsewhere) {
            throw TerraneException.rejected(
                    ErrorCode.CROSS_SITE,
                    "refused: a browser sent this for another site, origin=%s",
                    request.header("origin").orElse("unknown"));
        }
    }

    private static boolean ownOrigin(String origin, String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}
