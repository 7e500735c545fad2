/// Talks to a running cluster as any client would: HTTP and JSON.
///
/// Invariants: every failure says who was asked, and what to do if nobody answered.
@org.jspecify.annotations.NullMarked
package terrane.cli.client;
