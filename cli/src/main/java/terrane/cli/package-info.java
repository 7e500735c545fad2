/// The command line, and the wiring of every role by hand.
@NullMarked
package terrane.cli;

import org.jspecify.annotations.NullMarked;
