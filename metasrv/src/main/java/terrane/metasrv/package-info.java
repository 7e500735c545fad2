/// Decides who leads which region: Raft log, catalog, procedures, leases, admin API.
@NullMarked
package terrane.metasrv;

import org.jspecify.annotations.NullMarked;
