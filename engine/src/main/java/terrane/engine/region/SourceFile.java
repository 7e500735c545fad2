package terrane.engine.region;

import terrane.engine.manifest.Manifest;

import java.nio.file.Path;

/// A data file of the region and where its copy lies on this machine.
///
/// @param path inside one of the folders that [Duck] may read, until the scan is closed
public record SourceFile(Path path, Manifest.DataFile file) {}
