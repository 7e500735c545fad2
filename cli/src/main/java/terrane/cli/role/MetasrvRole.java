package terrane.cli.role;

import org.apache.kafka.clients.CommonClientConfigs;

import terrane.cli.config.MetasrvMember;
import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.formation.Standing;
import terrane.core.time.Clock;
import terrane.engine.storage.ObjectStore;
import terrane.metasrv.MetasrvServer;
import terrane.metasrv.admin.AdminServer;
import terrane.metasrv.admin.OtherMetasrvs;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.metasrv.raft.Forming;
import terrane.metasrv.raft.MemberFolder;
import terrane.metasrv.raft.RaftCatalogStore;
import terrane.metasrv.wal.KafkaWalTopics;

import java.util.HashMap;
import java.util.Map;

/// A metasrv, its admin API, and what is its own to close.
public record MetasrvRole(
        MetasrvServer server, AdminServer admin, KafkaWalTopics topics, ObjectStore store)
        implements Role {
    private static final String VERSION = "0.1.0";

    /// Takes part from then on; that there is a leader may take a moment longer. At the first start
    /// of a cluster blocks until all metasrvs were started once.
    public static MetasrvRole start(Shared shared) throws InterruptedException {
        var settings = shared.settings();
        var self = self(settings);
        var config = config(settings, self);
        var folder = MemberFolder.open(config.directory(), shared.randomness());
        if (settings.flag(Setting.METASRV_JOIN)) {
            folder.join();
        }
        var bind = new Address(settings.required(Setting.METASRV_BIND), self.http().port());
        var admin = new AdminServer(bind, self.id(), folder::standing);
        try {
            await(config, folder, shared.clock());
            return start(shared, config, admin);
        } catch (InterruptedException | RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static void await(MetasrvServer.Config config, MemberFolder folder, Clock clock)
            throws InterruptedException {
        if (folder.standing() instanceof Standing.Blank) {
            try (var others = new OtherMetasrvs()) {
                Forming.await(config.raft(), folder, others, clock);
            }
        }
    }

    private static MetasrvRole start(Shared shared, MetasrvServer.Config config, AdminServer admin)
            throws InterruptedException {
        var settings = shared.settings();
        var store = shared.store();
        var topics =
                new KafkaWalTopics(
                        kafka(settings), settings.number(Setting.WAL_TOPICS), shared.clock());
        try {
            var surroundings =
                    new MetasrvServer.Surroundings(
                            settings.flag(Setting.METASRV_JOIN)
                                    ? RaftCatalogStore::join
                                    : RaftCatalogStore::start,
                            shared.transport(),
                            new ObjectStoreProbe(store, shared.randomness()),
                            topics,
                            shared.clock(),
                            shared.randomness());
            var server = MetasrvServer.start(config, surroundings);
            admin.serve(server.store(), new AdminView(server, self(settings).http()));
            return new MetasrvRole(server, admin, topics, store);
        } catch (RuntimeException e) {
            topics.close();
            store.close();
            throw e;
        }
    }

    private static MetasrvMember self(Settings settings) {
        var id = settings.required(Setting.METASRV_ID);
        return settings.members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        TerraneException.rejected(
                                ErrorCode.INVALID_ARGUMENT,
                                "metasrv.id is '%s', which metasrv.members does not name:" + " %s",
                                id,
                                settings.required(Setting.METASRV_MEMBERS)));
    }

    private static MetasrvServer.Config config(Settings settings, MetasrvMember self) {
        var bind = settings.required(Setting.METASRV_BIND);
        return new MetasrvServer.Config(
                settings.members().stream()
                        .map(m -> new Member(m.id(), m.rpc(), m.http(), m.raft()))
                        .toList(),
                self.id(),
                new Address(bind, self.rpc().port()),
                new Address(bind, self.raft().port()),
                settings.folder(Setting.METASRV_FOLDER),
                settings.leases(),
                VERSION);
    }

    private static Map<String, Object> kafka(Settings settings) {
        var properties = new HashMap<String, Object>(settings.kafkaClient());
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                settings.required(Setting.KAFKA_SERVERS));
        return properties;
    }

    @Override
    public String describe() {
        return "metasrv %s: rpc=%s http port=%d"
                .formatted(server.config().self(), server.rpc(), admin.port());
    }

    @Override
    public TerraneException awaitOver() throws InterruptedException {
        return server.store().awaitOver();
    }

    @Override
    public void close() {
        admin.close();
        server.close();
        topics.close();
        store.close();
    }
}
