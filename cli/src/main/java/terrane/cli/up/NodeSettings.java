package terrane.cli.up;

import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The settings of every node of a local cluster.
final class NodeSettings {
    /// Several datanodes share one machine's memory.
    private static final List<String> SMALL =
            List.of(
                    Setting.DATANODE_MEMTABLES.key() + "=256MiB",
                    Setting.DATANODE_DUCKDB.key() + "=256MiB",
                    Setting.FRONTEND_DUCKDB.key() + "=256MiB");

    /// What tells nodes apart, and lets them find each other.
    private static final Set<Setting> OWN =
            EnumSet.of(
                    Setting.KAFKA_SERVERS,
                    Setting.STORAGE_FOLDER,
                    Setting.METASRV_MEMBERS,
                    Setting.METASRV_ID,
                    Setting.METASRV_FOLDER,
                    Setting.METASRV_BIND,
                    Setting.METASRV_JOIN,
                    Setting.DATANODE_ID,
                    Setting.DATANODE_RPC_BIND,
                    Setting.DATANODE_RPC_ADVERTISED,
                    Setting.DATANODE_HTTP_BIND,
                    Setting.DATANODE_FOLDER,
                    Setting.FRONTEND_HTTP_BIND,
                    Setting.FRONTEND_HTTP_ADVERTISED,
                    Setting.FRONTEND_FOLDER,
                    Setting.BROKER_FOLDER,
                    Setting.BROKER_BIND,
                    Setting.BROKER_PORT,
                    Setting.BROKER_CONTROLLER_PORT);

    private final ClusterShape shape;
    private final DataFolder data;
    private final Settings common;

    private NodeSettings(ClusterShape shape, DataFolder data, Settings common) {
        this.shape = shape;
        this.data = data;
        this.common = common;
    }

    /// @param given `key=value`
    /// @throws TerraneException.Rejected if a setting is unknown, or is not to be chosen here
    static NodeSettings of(ClusterShape shape, DataFolder data, List<String> given) {
        for (var own : OWN) {
            if (given.stream().anyMatch(each -> each.strip().startsWith(own.key() + "="))) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        "--set %s: a cluster on one machine chooses that itself (see --data and"
                                + " --port-offset); nodes with settings of their own are started"
                                + " one by one (example: terrane datanode --config FILE)",
                        own.key());
            }
        }
        var common =
                Settings.load(
                        List.of(),
                        Map.of(),
                        Stream.concat(SMALL.stream(), given.stream()).toList());
        return new NodeSettings(shape, data, common);
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
        return with(given);
    }

    Settings frontend() {
        var given = shared();
        given.put(Setting.FRONTEND_HTTP_BIND, shape.frontendHttp().toString());
        given.put(Setting.FRONTEND_FOLDER, folder("frontend"));
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

    private Settings with(Map<Setting, String> given) {
        return common.with(given);
    }
}
