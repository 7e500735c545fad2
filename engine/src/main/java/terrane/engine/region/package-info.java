/// One region on one node: a copy that is opened from manifest and log, applies records by the
/// replay rule, answers scans and flushes into files. Whether it may acknowledge is not known here.
///
/// Invariants: what a copy shows is a function of the manifest version it has loaded and the log up
/// to its applied offset; flushing never passes an offset whose record was not applied.
@org.jspecify.annotations.NullMarked
package terrane.engine.region;
