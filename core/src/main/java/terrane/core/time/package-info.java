/// Time and threads, behind what a simulation can replace.
///
/// Invariants: [SystemClock] is the only reader of a real clock; [Threads] is the only maker of
/// platform threads.
@org.jspecify.annotations.NullMarked
package terrane.core.time;
