/// The whole cluster from outside: real processes, real Kafka, an S3 server, and real faults.
///
/// Invariants: a test kills and cuts off only what it has started; servers listen on loopback, on
/// free ports.
@org.jspecify.annotations.NullMarked
package terrane.e2e;
