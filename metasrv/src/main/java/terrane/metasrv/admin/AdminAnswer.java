package terrane.metasrv.admin;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// What a call of the admin API is answered.
record AdminAnswer(int status, String contentType, String body) {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";

    static AdminAnswer json(String body) {
        return new AdminAnswer(200, JSON, body);
    }

    static AdminAnswer text(String body) {
        return new AdminAnswer(200, TEXT, body);
    }

    static AdminAnswer error(TerraneException e) {
        return error(status(e), e.code(), e.text());
    }

    static AdminAnswer error(int status, ErrorCode code, String message) {
        return new AdminAnswer(status, JSON, Json.error(code.text(), message));
    }

    private static int status(TerraneException e) {
        return switch (e) {
            case TerraneException.Rejected rejected -> status(rejected.code());
            case TerraneException.NotLeader _, TerraneException.Unavailable _ -> 503;
            case TerraneException.Uncertain _, TerraneException.Corrupt _ -> 500;
        };
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case TABLE_NOT_FOUND, REGION_NOT_FOUND, PEER_NOT_FOUND, PROCEDURE_NOT_FOUND -> 404;
            case NOT_THE_LEADER, PEER_UNFIT, ALREADY_MIGRATING, NOT_MOVABLE, PAST_CANCELLING -> 409;
            case CROSS_SITE -> 403;
            default -> 400;
        };
    }
}
