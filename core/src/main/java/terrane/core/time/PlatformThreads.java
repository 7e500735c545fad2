package terrane.core.time;

/// Starts the platform threads of a node: those that must run whatever virtual threads do. An
/// interface, so that a simulation can own every thread.
@FunctionalInterface
public interface PlatformThreads {
    /// Starts a daemon thread.
    void start(String name, Runnable body);

    /// The real ones.
    static PlatformThreads system() {
        return (name, body) -> Threads.platform(name, body).start();
    }
}
