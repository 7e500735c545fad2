package terrane.cli.up;

import terrane.cli.config.Setting;
import terrane.cli.config.Settings;

import java.util.EnumMap;
import java.util.Map;

/// The settings of every node of a local cluster.
final class NodeSettings {
    /// Several datanodes share one machine's memory.
    private static final String DATANODE_MEMTABLES = "256MiB";

    private static final String DUCKDB = "256MiB";

    private final ClusterShape shape;
    private final DataFolder data;

    NodeSettings(ClusterShape shape, DataFolder data) {
        this.shape = shape;
        this.data = data;
    }

    Settings metasrv(int i) {
        var given = shared();
        given.put(Setting.METASRV_ID, Integer.toString(i));
        given.put(Setting.METASRV_FOLDER, folder("metasrv-" + i));
        return with(given);
    }

    Settings datanode(int i) {
        var given = shared();
        given.put(Setting.DATANODE_ID, Integer.toString(i));
        given.put(Setting.DATANODE_RPC_BIND, shape.datanodeRpc(i).toString());
        given.put(Setting.DATANODE_HTTP_BIND, shape.datanodeHttp(i).toString());
        given.put(Setting.DATANODE_FOLDER, folder("datanode-" + i));
        given.put(Setting.DATANODE_MEMTABLES, DATANODE_MEMTABLES);
        given.put(Setting.DATANODE_DUCKDB, DUCKDB);
        return with(given);
    }

    Settings frontend() {
        var given = shared();
        given.put(Setting.FRONTEND_HTTP_BIND, shape.frontendHttp().toString());
        given.put(Setting.FRONTEND_FOLDER, folder("frontend"));
        given.put(Setting.FRONTEND_DUCKDB, DUCKDB);
        return with(given);
    }

    Settings broker() {
        var given = new EnumMap<Setting, String>(Setting.class);
        given.put(Setting.BROKER_FOLDER, folder("broker"));
        given.put(Setting.BROKER_PORT, Integer.toString(shape.broker().port()));
        given.put(Setting.BROKER_CONTROLLER_PORT, Integer.toString(shape.brokerController()));
        return with(given);
    }

    private EnumMap<Setting, String> shared() {
        var given = new EnumMap<Setting, String>(Setting.class);
        given.put(Setting.KAFKA_SERVERS, shape.broker().toString());
        given.put(Setting.METASRV_MEMBERS, shape.members());
        given.put(Setting.STORAGE_FOLDER, folder("storage"));
        return given;
    }

    private String folder(String name) {
        return data.folder(name).toString();
    }

    private static Settings with(Map<Setting, String> given) {
        return Settings.defaults().with(given);
    }
}
