/// Brings procedures to their end: regions that move, fail over and are born, tables that change
/// and go. What is decided is decided by [terrane.core.migration.Migration]; here it is carried
/// out, one virtual thread for each procedure, by orders to datanodes.
///
/// Invariants: a state is durable before its duty is performed, and every duty may be performed
/// again, so a new leader goes on where the last one stopped. Nobody is told to claim a region
/// before every lower epoch is final or its lease has lapsed. Nothing here lives longer than one
/// leadership.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.procedure;
