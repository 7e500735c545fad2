package terrane.cli.role;

import terrane.cli.config.MetasrvMember;
import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.PeerId;
import terrane.core.TerraneException;
import terrane.datanode.Datanode;
import terrane.datanode.DatanodeConfig;
import terrane.datanode.Machine;
import terrane.datanode.region.Rehearsal;
import terrane.engine.storage.ObjectStore;
import terrane.engine.wal.Wal;

import java.time.Duration;

/// A datanode, with the log and the storage that are its own to close.
public record DatanodeRole(Datanode datanode, Wal wal, ObjectStore store) implements Role {
    private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(1);

    public static DatanodeRole start(Shared shared) throws InterruptedException {
        Rehearsal.perform(
                shared.clock(),
                shared.randomness(),
                shared.settings().folder(Setting.DATANODE_FOLDER).resolve("rehearsal"));
        var wal = shared.wal();
        var store = shared.store();
        try {
            var outside =
                    new Datanode.Outside(
                            shared.transport(),
                            wal,
                            store,
                            shared.clock(),
                            shared.randomness(),
                            Machine.system(shared.clock()));
            var datanode = Datanode.start(config(shared.settings()), outside);
            return new DatanodeRole(datanode, wal, store);
        } catch (InterruptedException | RuntimeException e) {
            store.close();
            wal.close();
            throw e;
        }
    }

    private static DatanodeConfig config(Settings settings) {
        return new DatanodeConfig(
                new PeerId(settings.number(Setting.DATANODE_ID)),
                settings.address(Setting.DATANODE_RPC_BIND),
                settings.addressOr(Setting.DATANODE_RPC_ADVERTISED, Setting.DATANODE_RPC_BIND),
                settings.address(Setting.DATANODE_HTTP_BIND),
                settings.members().stream().map(MetasrvMember::rpc).toList(),
                settings.folder(Setting.DATANODE_FOLDER),
                settings.ack(),
                new DatanodeConfig.Limits(
                        settings.size(Setting.DATANODE_REGION_FLUSH),
                        settings.size(Setting.DATANODE_MEMTABLES),
                        settings.size(Setting.DATANODE_DUCKDB),
                        settings.number(Setting.DATANODE_THREADS),
                        settings.size(Setting.DATANODE_CACHE),
                        CONNECT_TIMEOUT));
    }

    @Override
    public String describe() {
        return "datanode %s  rpc %s  http %s"
                .formatted(datanode.node().peer(), datanode.address(), datanode.httpAddress());
    }

    @Override
    public TerraneException awaitOver() throws InterruptedException {
        return datanode.awaitReplaced();
    }

    @Override
    public void close() {
        datanode.close();
        store.close();
        wal.close();
    }
}
