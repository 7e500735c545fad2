package terrane.sim.history;

/// One answer, of one attempt, that was not what the client asked for.
public record ClientError(int session, Span span, Kind kind, String text) {
    /// Who is to blame, as far as a client can tell.
    public enum Kind {
        /// Nobody listened, or the connection broke.
        CONNECTION,

        /// 503: not now, and nothing was done.
        UNAVAILABLE,

        /// Another 5xx, or no answer in time: perhaps it was done.
        UNKNOWN,

        /// 4xx.
        REFUSED
    }
}
