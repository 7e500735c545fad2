/// Shared storage as named immutable objects, and the local cache of its files.
@NullMarked
package terrane.engine.storage;

import org.jspecify.annotations.NullMarked;
