/// Benchmarks that anyone can repeat.
@NullMarked
package terrane.bench;

import org.jspecify.annotations.NullMarked;
