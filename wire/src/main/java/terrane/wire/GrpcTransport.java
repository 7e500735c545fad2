package terrane.wire;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Channels as gRPC streams of raw bytes, one TCP connection for each channel.
///
/// Callbacks run on the event loops and only hand over; everything that waits does so on the
/// callers' (virtual) threads. A peer that is cut off is noticed by silence: gRPC's own keepalive
/// may not be set below ten seconds at a client, so each side sends an empty message when it has
/// sent nothing else for a third of [#silenceMax], and gives up a channel that was silent for all
/// of it. An empty message is never given to a receiver.
public final class GrpcTransport implements Transport {
    /// Longer than a collector's pause and a scheduler's hiccup on a busy machine, shorter than any
    /// lease; a killed process is noticed at once anyway, by its closed sockets.
    public static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    /// 1,000 datanodes with two lanes each, and as many again for everybody else.
    static final int CHANNELS_MAX = 4_096;

    /// Two loops move more than a gigabyte per second; a role alone seldom needs one.
    private static final int EVENT_LOOPS = 2;

    /// Per stream and direction: a scan's part, so that one fits without a round trip.
    private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

    /// The version of the frames that travel inside is part of the name.
    private static final MethodDescriptor<byte[], byte[]> METHOD =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName("terrane.Mailbox/v1")
                    .setRequestMarshaller(new RawBytes())
                    .setResponseMarshaller(new RawBytes())
                    .build();

    private static final System.Logger LOG = System.getLogger(GrpcTransport.class.getName());

    private final Clock clock;
    private final Duration silenceMax;
    private final EventLoopGroup eventLoops;
    private final Set<GrpcChannel> channels = ConcurrentHashMap.newKeySet();
    private final Set<GrpcListener> listeners = ConcurrentHashMap.newKeySet();
    private final Thread keeper;

    public GrpcTransport(Clock clock) {
        this(clock, SILENCE_MAX);
    }

    /// @param silenceMax how long a cut-off peer goes unnoticed
    public GrpcTransport(Clock clock, Duration silenceMax) {
        this.clock = clock;
        this.silenceMax = silenceMax;
        // Netty's own factory: its threads carry the allocator's caches.
        eventLoops =
                new MultiThreadIoEventLoopGroup(
                        EVENT_LOOPS,
                        new DefaultThreadFactory("rpc-io", true),
                        NioIoHandler.newFactory());
        keeper = Threads.virtual("rpc-keepalive", this::keepAlive);
    }

    private void keepAlive() {
        var interval = silenceMax.dividedBy(3);
        try {
            while (true) {
                clock.sleep(interval);
                channels.forEach(channel -> channel.tick(interval, silenceMax));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Channel dial(Address to, Duration atMost) throws InterruptedException {
        var managed =
                NettyChannelBuilder.forAddress(new InetSocketAddress(to.host(), to.port()))
                        .eventLoopGroup(eventLoops)
                        .channelType(NioSocketChannel.class)
                        .directExecutor()
                        .usePlaintext()
                        .disableRetry()
                        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                        .maxInboundMessageSize(Channel.MESSAGE_BYTES_MAX)
                        .build();
        var channel = new GrpcChannel(to.toString(), clock, this::forget);
        channels.add(channel);
        try {
            channel.begin(managed, METHOD);
            channel.awaitOpen(atMost);
            return channel;
        } catch (InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Listener listen(Address bind, Consumer<Channel> accepted) {
        var listener = new GrpcListener(accepted);
        var server =
                NettyServerBuilder.forAddress(new InetSocketAddress(bind.host(), bind.port()))
                        .bossEventLoopGroup(eventLoops)
                        .workerEventLoopGroup(eventLoops)
                        .channelType(NioServerSocketChannel.class)
                        .directExecutor()
                        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                        .maxInboundMessageSize(Channel.MESSAGE_BYTES_MAX)
                        // Frees the sockets of peers that were given up long before.
                        .keepAliveTime(10, TimeUnit.SECONDS)
                        .keepAliveTimeout(5, TimeUnit.SECONDS)
                        .addService(
                                ServerServiceDefinition.builder("terrane.Mailbox")
                                        .addMethod(METHOD, listener)
                                        .build())
                        .build();
        try {
            server.start();
        } catch (IOException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot listen at %s: %s".formatted(bind, cause.getMessage()),
                    e);
        }
        listener.opened(server, new Address(bind.host(), server.getPort()));
        listeners.add(listener);
        return listener;
    }

    private void forget(GrpcChannel channel) {
        channels.remove(channel);
    }

    @Override
    public void close() {
        keeper.interrupt();
        listeners.forEach(GrpcListener::close);
        channels.forEach(GrpcChannel::close);
        Future<?> stopping = eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        stopping.addListener(done -> LOG.log(System.Logger.Level.DEBUG, "rpc transport closed"));
    }

    /// Accepts streams and gives each a virtual thread.
    private final class GrpcListener
            implements Transport.Listener, ServerCallHandler<byte[], byte[]> {
        private final Consumer<Channel> accepted;
        private final Set<GrpcChannel> own = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Server server;
        private volatile @Nullable Address address;

        GrpcListener(Consumer<Channel> accepted) {
            this.accepted = accepted;
        }

        void opened(Server opened, Address at) {
            server = opened;
            address = at;
        }

        @Override
        public Address address() {
            return Objects.requireNonNull(address);
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(
                ServerCall<byte[], byte[]> call, Metadata headers) {
            if (own.size() >= CHANNELS_MAX) {
                call.close(
                        Status.RESOURCE_EXHAUSTED.withDescription("too many channels"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
            var channel = new GrpcChannel(GrpcChannel.peerOf(call), clock, this::forgotten);
            own.add(channel);
            channels.add(channel);
            var listener = channel.begin(call);
            Threads.virtual("rpc-accepted", () -> serve(channel));
            return listener;
        }

        private void serve(GrpcChannel channel) {
            try (channel) {
                accepted.accept(channel);
            }
        }

        private void forgotten(GrpcChannel channel) {
            own.remove(channel);
            forget(channel);
        }

        @Override
        public void close() {
            listeners.remove(this);
            own.forEach(GrpcChannel::close);
            var open = server;
            if (open == null) {
                return;
            }
            open.shutdownNow();
            try {
                open.awaitTermination(); // so that the port is free on return; sockets close
                // promptly
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
