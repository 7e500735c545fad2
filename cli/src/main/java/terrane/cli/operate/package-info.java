/// Commands of operators: regions, procedures, nodes. They speak the same HTTP as everybody.
///
/// Invariants: `--output json` writes one JSON document to standard output and nothing else there.
@org.jspecify.annotations.NullMarked
package terrane.cli.operate;
