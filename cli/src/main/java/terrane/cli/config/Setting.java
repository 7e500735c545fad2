package terrane.cli.config;

import java.util.Arrays;
import java.util.List;

/// One thing that can be configured. The table in `docs/operating/settings.md` is made from this.
public enum Setting {
    KAFKA_SERVERS(
            "kafka.bootstrap.servers",
            "",
            "host:port of Kafka brokers, separated by commas. Every other kafka.* setting is passed"
                    + " on to the Kafka client, for example kafka.security.protocol=SASL_SSL"),
    WAL_TOPICS(
            "wal.topics",
            "4",
            "how many Kafka topics, named terrane-wal-…, all regions share; only for a new"
                    + " cluster"),

    STORAGE_KIND("storage.kind", "local", "where files are kept: local (a folder) or s3"),
    STORAGE_FOLDER(
            "storage.local.folder", "", "a folder that all nodes see, for storage.kind=local"),
    S3_BUCKET("storage.s3.bucket", "", "the bucket, which must exist"),
    S3_PREFIX("storage.s3.prefix", "", "put in front of every object's name"),
    S3_ENDPOINT("storage.s3.endpoint", "", "a URL, for services other than AWS"),
    S3_REGION("storage.s3.region", "us-east-1", "the region of the bucket"),
    S3_PATH_STYLE("storage.s3.path.style", "false", "true for services without virtual hosts"),
    S3_ACCESS_KEY(
            "storage.s3.access.key", "", "empty: the usual places where AWS clients look for one"),
    S3_SECRET_KEY("storage.s3.secret.key", "", "goes with storage.s3.access.key"),

    METASRV_MEMBERS(
            "metasrv.members",
            "0:127.0.0.1:3001:3002:3003",
            "all metasrvs, separated by commas, each id:host:rpc port:http port:raft port"),
    METASRV_ID("metasrv.id", "0", "which of metasrv.members this one is"),
    METASRV_BIND("metasrv.bind", "127.0.0.1", "the address that a metasrv listens on"),
    METASRV_FOLDER("metasrv.folder", "terrane-metasrv", "for the metasrv's Raft log; must last"),
    METASRV_JOIN(
            "metasrv.join",
            "false",
            "true for a metasrv whose folder is empty and that is to replace another one"),
    LEASE(
            "lease.duration",
            "3s",
            "for how long a leader may act without hearing of the metasrv; below 30s, for which an"
                    + " append to Kafka is tried"),
    FAILOVER_PHI(
            "failover.phi",
            "8",
            "a datanode whose lease has lapsed is given up once the chance that it is only late is"
                + " below 10 to the minus this, by how regularly it was heard before, and after two"
                + " leases at the latest"),
    FAILOVER_PAUSE(
            "failover.pause",
            "1s",
            "a silence of a datanode that is never suspicious by itself: a collector, a busy"
                    + " disk"),

    DATANODE_ID("datanode.id", "0", "the peer id: a number, unique among datanodes"),
    DATANODE_RPC_BIND("datanode.rpc.bind", "127.0.0.1:4101", "where a datanode listens"),
    DATANODE_RPC_ADVERTISED(
            "datanode.rpc.advertised", "", "how others reach it; empty: datanode.rpc.bind"),
    DATANODE_HTTP_BIND("datanode.http.bind", "127.0.0.1:4102", "its /health and /metrics"),
    DATANODE_FOLDER("datanode.folder", "terrane-datanode", "for caches; may be lost"),
    DATANODE_ACK(
            "datanode.ack",
            "lease",
            "what a write is acknowledged by: lease (the leader's lease, which rests on the bound"
                + " of clock drift) or readback (the leader has read the record back from the log,"
                + " which needs no clock and costs a read of every record)"),
    DATANODE_REGION_FLUSH(
            "datanode.region.flush.size", "64MiB", "a region with more unflushed rows is flushed"),
    DATANODE_MEMTABLES(
            "datanode.memtable.size",
            "512MiB",
            "for unflushed rows of all regions; beyond it writes wait"),
    DATANODE_DUCKDB("datanode.duckdb.memory", "512MiB", "for flushes and scans"),
    DATANODE_THREADS("datanode.duckdb.threads", "2", "for flushes and scans"),
    DATANODE_CACHE("datanode.cache.size", "4GiB", "for local copies of data files"),

    FRONTEND_HTTP_BIND("frontend.http.bind", "127.0.0.1:4000", "where a frontend listens"),
    FRONTEND_HTTP_ADVERTISED(
            "frontend.http.advertised", "", "how others reach it; empty: frontend.http.bind"),
    FRONTEND_FOLDER("frontend.folder", "terrane-frontend", "for what queries spill; may be lost"),
    FRONTEND_DUCKDB("frontend.duckdb.memory", "512MiB", "for queries"),
    FRONTEND_THREADS("frontend.duckdb.threads", "2", "for queries"),
    FRONTEND_WRITE_TIMEOUT(
            "frontend.write.timeout",
            "30s",
            "how long a write is held and retried before it fails"),

    BROKER_FOLDER("broker.folder", "terrane-broker", "for the broker's logs; must last"),
    BROKER_BIND(
            "broker.bind",
            "127.0.0.1",
            "the address that the broker listens on, and by which clients reach it"),
    BROKER_PORT("broker.port", "9192", "the broker's port"),
    BROKER_CONTROLLER_PORT("broker.controller.port", "9193", "its controller's port");

    private final String key;
    private final String fallback;
    private final String description;

    Setting(String key, String fallback, String description) {
        this.key = key;
        this.fallback = fallback;
        this.description = description;
    }

    /// As written in a file or after `--set`.
    public String key() {
        return key;
    }

    /// What it is when nobody says.
    public String fallback() {
        return fallback;
    }

    public String description() {
        return description;
    }

    /// As an environment variable, for example `TERRANE_DATANODE_ID`.
    public String variable() {
        return "TERRANE_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
    }

    /// The settings of these groups, and those of these keys.
    public static List<Setting> of(String... names) {
        return Arrays.stream(values())
                .filter(s ->
                        Arrays.stream(names)
                                .anyMatch(
                                        name -> s.key.equals(name) || s.key.startsWith(name + ".")))
                .toList();
    }
}
