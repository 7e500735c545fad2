/// The network of a simulated world, behind [terrane.wire.Transport].
///
/// Invariants: a channel is ordered and delivers each message at most once; what is lost, is lost
/// with the channel. A cut holds messages back until it is healed or the channel is given up.
@org.jspecify.annotations.NullMarked
package terrane.sim.net;
