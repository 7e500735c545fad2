/// The numbered, create-only objects that say what a region consists of. The argument stands in
/// `docs/protocols/manifest.md`, the bytes in `docs/formats/manifest.md`.
///
/// Invariants: a version is created, never overwritten; whoever sees a higher epoch in the manifest
/// than its own stops for good; nothing that the latest version names is deleted.
@org.jspecify.annotations.NullMarked
package terrane.engine.manifest;
