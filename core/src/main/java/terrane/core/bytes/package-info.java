/// The encoding of everything Terrane stores or sends: positional fields, little-endian numbers, a
/// version byte in front of each stored form.
///
/// Invariants: a reader never allocates more than the bytes it was given can justify, and ends
/// every malformed input with [terrane.core.TerraneException.Corrupt].
@org.jspecify.annotations.NullMarked
package terrane.core.bytes;
