/// Clients that write and read while something happens, and write down what came of it.
///
/// Invariants: every attempt that did not succeed is recorded; a write is repeated under its own
/// Idempotency-Key only; a session does one thing at a time.
@org.jspecify.annotations.NullMarked
package terrane.e2e.load;
