/// Where clients connect: endpoints, routing, holding writes across a change of leader.
@NullMarked
package terrane.frontend;

import org.jspecify.annotations.NullMarked;
