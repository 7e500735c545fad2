/// Opens, leads, follows, hands over and closes regions, as the metasrv asks.
@NullMarked
package terrane.datanode;

import org.jspecify.annotations.NullMarked;
