package terrane.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Address;
import terrane.core.TerraneException.Rejected;
import terrane.datanode.Ack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// That settings come from where they should, the later winning, and that wrong ones are refused
/// with a message that helps.
class SettingsTest {
    @TempDir private Path folder = Path.of("");

    private static Settings flags(String... flags) {
        return Settings.load(List.of(), Map.of(), List.of(flags));
    }

    @Test
    void flagsAreStrongerThanTheEnvironmentAndThatThanTheFile() throws IOException {
        var file = folder.resolve("terrane.conf");
        Files.writeString(
                file, "# a comment\ndatanode.id = 1\nwal.topics = 8\nlease.duration=2s\n");

        var settings =
                Settings.load(
                        List.of(file),
                        Map.of("TERRANE_WAL_TOPICS", "9", "TERRANE_DATANODE_ID", "2", "PATH", "/"),
                        List.of("datanode.id=3"));

        assertThat(settings.number(Setting.DATANODE_ID)).isEqualTo(3);
        assertThat(settings.number(Setting.WAL_TOPICS)).isEqualTo(9);
        assertThat(settings.duration(Setting.LEASE)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatNobodySaysHasItsDefault() {
        assertThat(Settings.defaults().size(Setting.DATANODE_REGION_FLUSH)).isEqualTo(64L << 20);
        assertThat(Settings.defaults().flag(Setting.S3_PATH_STYLE)).isFalse();
        assertThat(Settings.defaults().asFlags()).isEmpty();
    }

    @Test
    void writesAreAcknowledgedByTheLeaseUnlessTheyAreReadBack() {
        assertThat(Settings.defaults().ack()).isEqualTo(Ack.LEASE);
        assertThat(flags("datanode.ack=readback").ack()).isEqualTo(Ack.READBACK);
        assertThatThrownBy(() -> flags("datanode.ack=quorum").ack())
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("lease or readback");
    }

    @Test
    void onlyAUrlIsTakenForOne() {
        assertThat(Settings.defaults().url(Setting.S3_ENDPOINT)).isEmpty();
        assertThat(flags("storage.s3.endpoint=http://minio:9000").url(Setting.S3_ENDPOINT))
                .hasValueSatisfying(url -> assertThat(url.getPort()).isEqualTo(9000));
        for (var wrong : List.of("minio:9000", "minio", "http://", "a b", "s3://bucket")) {
            assertThatThrownBy(() -> flags("storage.s3.endpoint=" + wrong).url(Setting.S3_ENDPOINT))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("example http://minio:9000");
        }
    }

    @Test
    void leaseIsShorterThanAnAppendIsTried() {
        assertThat(Settings.defaults().lease()).isEqualTo(Duration.ofSeconds(3));
        assertThat(flags("lease.duration=29s").lease()).isEqualTo(Duration.ofSeconds(29));
        for (var tooLong : List.of("30s", "5m")) {
            assertThatThrownBy(() -> flags("lease.duration=" + tooLong).lease())
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("lease.duration=" + tooLong + " is too long")
                    .hasMessageContaining("below 30s");
        }
    }

    @Test
    void otherSettingsOfKafkaArePassedOn() {
        var settings =
                Settings.load(
                        List.of(),
                        Map.of("TERRANE_KAFKA_SASL_MECHANISM", "PLAIN"),
                        List.of(
                                "kafka.bootstrap.servers=k:9092",
                                "kafka.security.protocol=SASL_SSL"));

        assertThat(settings.required(Setting.KAFKA_SERVERS)).isEqualTo("k:9092");
        assertThat(settings.kafkaClient())
                .containsOnly(
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("sasl.mechanism", "PLAIN"));
    }

    @Test
    void anotherProcessGetsTheSameSettings() {
        var settings = flags("datanode.id=3", "kafka.ssl.protocol=TLSv1.3", "lease.duration=5s");

        var passedOn = flags(settings.asFlags().toArray(String[]::new));

        assertThat(passedOn.asFlags()).isEqualTo(settings.asFlags()).hasSize(3);
    }

    @Test
    void unknownSettingsAreRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> flags("datanode.name=3"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("'datanode.name'")
                .hasMessageContaining("datanode.id");
        assertThatThrownBy(() -> flags("nonsense"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("--set datanode.id=1");
    }

    @Test
    void malformedValuesAreRefusedWithTheSettingAndWhatIsExpected() {
        assertThatThrownBy(() -> flags("datanode.id=x").number(Setting.DATANODE_ID))
                .hasMessageContaining("datanode.id=x")
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> flags("datanode.cache.size=4GB").size(Setting.DATANODE_CACHE))
                .hasMessageContaining("datanode.cache.size=4GB")
                .hasMessageContaining("64MiB");
        assertThatThrownBy(() ->
                        flags("datanode.cache.size=99999999999999TiB").size(Setting.DATANODE_CACHE))
                .isInstanceOf(Rejected.class);
        assertThatThrownBy(() -> flags("lease.duration=3").duration(Setting.LEASE))
                .hasMessageContaining("lease.duration");
        assertThatThrownBy(() -> Settings.defaults().required(Setting.KAFKA_SERVERS))
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageContaining("TERRANE_KAFKA_BOOTSTRAP_SERVERS");
        assertThatThrownBy(
                        () -> Settings.load(List.of(folder.resolve("none")), Map.of(), List.of()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("cannot read");
    }

    @Test
    void membersNameEveryMetasrvWithItsThreePorts() {
        var members = flags("metasrv.members=a:h1:1:2:3, b:h2:4:5:6").members();

        assertThat(members)
                .containsExactly(
                        new MetasrvMember(
                                "a",
                                new Address("h1", 1),
                                new Address("h1", 2),
                                new Address("h1", 3)),
                        new MetasrvMember(
                                "b",
                                new Address("h2", 4),
                                new Address("h2", 5),
                                new Address("h2", 6)));
        assertThat(members.getFirst().text()).isEqualTo("a:h1:1:2:3");
        assertThatThrownBy(() -> flags("metasrv.members=a:h1:1").members())
                .hasMessageContaining("0:127.0.0.1:3001:3002:3003");
    }
}
