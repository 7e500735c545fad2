/// A real Kafka broker for one machine, in a JVM of its own: for `terrane up` and for tests
/// (decision 0012). It lives here, and not with the command line, because the log's own tests need
/// it; its libraries are optional dependencies, and only [EmbeddedBroker] loads them.
///
/// Invariants: it listens on loopback unless it is told otherwise; it ends when its parent ends;
/// nothing that was written to it is deleted by age or size.
@org.jspecify.annotations.NullMarked
package terrane.engine.wal.broker;
