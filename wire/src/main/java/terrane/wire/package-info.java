/// How the roles speak to each other: messages, their codecs, and the [Transport] that carries
/// them. Bytes are described in `docs/formats/rpc.md`.
///
/// Invariants: every request ends in a reply, an error or a lost connection; a request whose
/// connection was lost may have been carried out.
@org.jspecify.annotations.NullMarked
package terrane.wire;
