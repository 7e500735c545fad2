/// The bytes of every message: one tag for each type, then its components in order. Described in
/// `docs/formats/rpc.md`.
///
/// Invariants: a tag is never reused; malformed bytes end in
/// [terrane.core.TerraneException.Corrupt] and in nothing else, and never allocate more than a
/// fixed multiple of their own size.
@org.jspecify.annotations.NullMarked
package terrane.wire.codec;
