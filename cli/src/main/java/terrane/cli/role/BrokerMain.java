package terrane.cli.role;

import terrane.engine.wal.broker.EmbeddedBroker;

import java.util.List;

/// The broker's process under `terrane up`; nobody else starts it.
public final class BrokerMain {
    private BrokerMain() {}

    /// Serves until standard input ends.
    public static void main(String[] arguments) {
        EmbeddedBroker.serve(List.of(arguments));
    }
}
