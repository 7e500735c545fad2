package terrane.core.wal;

import terrane.core.Incarnation;

/// The idempotency key of one write to one region: it is applied once, also when it is sent again
/// to the next leader.
///
/// @param writer the frontend's incarnation, or for a client's own key a value that is derived from
///   the key's text
/// @param sequence the frontend's number of the request; for a client's own key derived as well
/// @param part the number of this record among those that one request makes for one region
public record WriteKey(Incarnation writer, long sequence, int part) {}
