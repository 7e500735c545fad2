/// Bytes that nobody meant to send, for everything that reads bytes from outside the process: each
/// [Target] reads an input and checks what must hold of it, [JazzerRun] looks for inputs of which
/// it does not. Targets of what is not public stand in the packages of what they read.
///
/// Invariants:
///
/// - An input is either read, or refused by a `Rejected` or a `Corrupt`: nothing else is thrown.
/// - Reading allocates no more than its target's constant and factor allow.
/// - What was read and has a stored or a sent form is written and read again to the same bytes.
@NullMarked
package terrane.fuzz;

import org.jspecify.annotations.NullMarked;
