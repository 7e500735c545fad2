package terrane.wire;

import terrane.core.Address;

import java.time.Duration;
import java.util.function.Consumer;

/// Carries messages between processes over ordered, bidirectional channels. The production one is
/// [GrpcTransport]; a simulation brings its own.
public interface Transport extends AutoCloseable {
    /// Opens a channel; blocks until it is open.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if nobody answers in time
    /// @throws InterruptedException if this thread is to stop
    Channel dial(Address to, Duration atMost) throws InterruptedException;

    /// Accepts channels at `bind`; `accepted` runs on a virtual thread of its own for each and the
    /// channel is closed when it returns.
    ///
    /// @return the listener; closing it closes its channels
    Listener listen(Address bind, Consumer<Channel> accepted);

    @Override
    void close();

    /// A place where channels are accepted.
    interface Listener extends AutoCloseable {
        /// The real port, where 0 was asked for.
        Address address();

        @Override
        void close();
    }

    /// An ordered, reliable, bidirectional stream of messages of at most
    /// [Channel#MESSAGE_BYTES_MAX].
    interface Channel extends AutoCloseable {
        /// A WAL record's limit (4 MiB) and room for what surrounds it.
        int MESSAGE_BYTES_MAX = 8 << 20;

        /// Hands a message over; blocks while the peer does not keep up. Safe for many threads.
        ///
        /// @throws terrane.core.TerraneException.Unavailable if the channel is closed
        void send(byte[] message) throws InterruptedException;

        /// The same with a bound on the wait.
        ///
        /// @return false if the peer did not take it in time; then it was not sent
        /// @throws terrane.core.TerraneException.Unavailable if the channel is closed
        boolean send(byte[] message, Duration atMost) throws InterruptedException;

        /// The next message, in order; one thread receives.
        ///
        /// @throws terrane.core.TerraneException.Unavailable once the channel is closed or lost
        byte[] receive() throws InterruptedException;

        /// Who is at the other end, for people.
        String peer();

        /// Ends the channel for both sides, promptly: what the peer has not received yet may be
        /// lost.
        @Override
        void close();
    }
}
