/// The numbered, create-only objects that list the files of a region and its flushed offset.
@NullMarked
package terrane.engine.manifest;

import org.jspecify.annotations.NullMarked;
