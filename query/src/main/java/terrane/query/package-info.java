/// Our own statements, and SELECT planned for many regions and run by DuckDB.
@NullMarked
package terrane.query;

import org.jspecify.annotations.NullMarked;
