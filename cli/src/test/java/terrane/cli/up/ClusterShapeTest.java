package terrane.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.cli.config.Setting;
import terrane.cli.up.ClusterShape.Port;
import terrane.cli.up.LocalCluster.Wanted;
import terrane.core.TerraneException.Rejected;
import terrane.datanode.Ack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// That a local cluster has the documented ports, and refuses clearly what cannot work.
class ClusterShapeTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void portsAreThoseOfTheManual() {
        var shape = new ClusterShape(3, 3, 0);

        assertThat(shape.members())
                .isEqualTo(
                        "0:127.0.0.1:3001:3002:3003,1:127.0.0.1:3011:3012:3013,"
                                + "2:127.0.0.1:3021:3022:3023");
        assertThat(shape.datanodeRpc(2)).hasToString("127.0.0.1:4121");
        assertThat(shape.datanodeHttp(1)).hasToString("127.0.0.1:4112");
        assertThat(shape.frontendHttp()).hasToString("127.0.0.1:4000");
        assertThat(shape.broker()).hasToString("127.0.0.1:9192");
    }

    @Test
    void noPortIsNeededTwiceHoweverManyNodesThereAre() {
        assertThat(new ClusterShape(3, 9, 100).ports())
                .extracting(Port::port)
                .doesNotHaveDuplicates()
                .hasSize(3 * 3 + 9 * 2 + 3);
    }

    @Test
    void impossibleShapesAreRefusedWithTheOptionThatIsWrong() {
        assertThatThrownBy(() -> new ClusterShape(2, 3, 0)).hasMessageContaining("--metasrvs");
        assertThatThrownBy(() -> new ClusterShape(3, 0, 0)).hasMessageContaining("--datanodes");
        assertThatThrownBy(() -> new ClusterShape(3, 3, 60_000))
                .hasMessageContaining("--port-offset");
    }

    @Test
    void aPortInUseIsNamedWithItsOwner() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int offset = taken.getLocalPort() - 4_000;

            assertThatThrownBy(() -> Ports.refuseInUse(new ClusterShape(1, 1, offset)))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("frontend")
                    .hasMessageContaining("--port-offset");
        }
    }

    @Test
    void aFolderIsForOneAtATimeAndRemembersItsShape() {
        try (var first = DataFolder.open(folder.resolve("data"))) {
            assertThat(first.shape()).isEmpty();
            first.remember(new ClusterShape(1, 2, 30));
            assertThatThrownBy(() -> DataFolder.open(folder.resolve("data")))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("in use by another 'terrane up'");
        }
        try (var again = DataFolder.open(folder.resolve("data"))) {
            var wanted = new Wanted(Optional.empty(), Optional.of(4), Optional.empty());
            assertThat(wanted.over(again.shape())).isEqualTo(new ClusterShape(1, 4, 30));
        }
    }

    @Test
    void settingsOfAllNodesArePassedOnUnlessTheClusterChoosesThem() {
        var shape = new ClusterShape(1, 1, 0);
        try (var data = DataFolder.open(folder.resolve("data"))) {
            var settings =
                    NodeSettings.of(
                            shape, data, List.of("datanode.ack=readback", "lease.duration=2s"));
            assertThat(settings.datanode(0).ack()).isEqualTo(Ack.READBACK);
            assertThat(settings.metasrv(0).lease()).hasSeconds(2);
            assertThat(settings.datanode(0).text(Setting.DATANODE_MEMTABLES)).isEqualTo("256MiB");

            assertThatThrownBy(() -> NodeSettings.of(shape, data, List.of("datanode.id=7")))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("datanode.id")
                    .hasMessageContaining("terrane datanode");
            assertThatThrownBy(() -> NodeSettings.of(shape, data, List.of("datanode.akc=lease")))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("datanode.akc");
        }
    }
}
