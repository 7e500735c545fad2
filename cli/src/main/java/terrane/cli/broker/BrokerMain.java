package terrane.cli.broker;

import terrane.engine.wal.broker.EmbeddedBroker;

import java.util.List;

/// The main class that [terrane.engine.wal.broker.BrokerProcess] is to be given.
public final class BrokerMain {
    private BrokerMain() {}

    /// @param arguments as the parent process passes them
    public static void main(String[] arguments) {
        EmbeddedBroker.serve(List.of(arguments));
    }
}
