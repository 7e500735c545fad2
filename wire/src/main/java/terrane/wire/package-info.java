/// Messages between processes, their codecs, and the `Transport` that carries them.
@NullMarked
package terrane.wire;

import org.jspecify.annotations.NullMarked;
