/// Shared storage: named, immutable objects, on S3 or in a folder that all nodes see; and the local
/// cache of the files that are in use.
///
/// Invariants: an object is created or not, never half; a create that another won is refused; one
/// whose outcome is unknown says so.
@org.jspecify.annotations.NullMarked
package terrane.engine.storage;
