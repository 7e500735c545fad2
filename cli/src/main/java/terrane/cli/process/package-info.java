/// How a process of ours begins and ends: signals, exit codes, its parent, its log.
///
/// Invariants: SIGTERM and Ctrl-C interrupt the main thread once, which closes what it opened; the
/// exit code is the one that the command returns, also after a signal.
@org.jspecify.annotations.NullMarked
package terrane.cli.process;
