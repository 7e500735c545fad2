package terrane.engine.manifest;

/// What became of an attempt to create the next version of a manifest.
public sealed interface Edit {
    /// The version is there, written by this attempt or by an earlier try of it.
    record Created(Manifest manifest) implements Edit {}

    /// Another version has the number, of an epoch that is not above the writer's own: build on it.
    /// It may be the writer's own earlier attempt, whose outcome was unknown at the time.
    record Lost(Manifest winner) implements Edit {}

    /// The manifest names a later leader: the writer stops for good.
    ///
    /// @param latest a version of an epoch above the writer's own, or of its own epoch by another
    ///   incarnation, which never happens while epochs are not reused
    record Superseded(Manifest latest) implements Edit {}

    /// The store did not say in time. The version may be there now, come later, or never: attempt
    /// the same number again. Until one such attempt ends otherwise, [ManifestStore#isSettled] is
    /// false.
    record Unknown(long version) implements Edit {}
}
