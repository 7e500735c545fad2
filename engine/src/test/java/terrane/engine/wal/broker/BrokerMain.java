package terrane.engine.wal.broker;

import java.util.List;

/// The broker's process in tests of this module; `terrane.cli.role.BrokerMain` is the same.
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) {
        EmbeddedBroker.serve(List.of(arguments));
    }
}
