package terrane.cli.role;

import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.engine.wal.broker.BrokerSettings;
import terrane.engine.wal.broker.EmbeddedBroker;

/// A Kafka broker for one machine, in this process.
public record BrokerRole(EmbeddedBroker broker) implements Role {
    public static BrokerRole start(Settings settings) {
        return new BrokerRole(EmbeddedBroker.start(settings(settings)));
    }

    /// Where the broker keeps its data, and its ports.
    public static BrokerSettings settings(Settings settings) {
        return new BrokerSettings(
                settings.folder(Setting.BROKER_FOLDER),
                settings.required(Setting.BROKER_BIND),
                settings.number(Setting.BROKER_PORT),
                settings.number(Setting.BROKER_CONTROLLER_PORT));
    }

    @Override
    public String describe() {
        return "broker: kafka.bootstrap.servers=" + broker.address();
    }

    @Override
    public void close() {
        broker.close();
    }
}
