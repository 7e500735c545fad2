/// A whole cluster for tests: every role in a process of its own, which can be killed, stopped and
/// started again, and what must hold of it once nothing is broken any more.
///
/// Invariants: what was started ends with the test, whatever becomes of it, also if the test's own
/// process is killed; ports are free ones on the loopback address.
@org.jspecify.annotations.NullMarked
package terrane.e2e.cluster;
