package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.WalOffset;
import terrane.core.wal.UnflushedSum;
import terrane.wire.datanode.Order.HandedOver;
import terrane.wire.datanode.Order.Leading;

import java.time.Duration;
import java.util.Optional;

/// When the two sides of a cutover agree, and when nobody knows.
class CertificatesTest {
    private static final WalOffset FENCE = new WalOffset(136);
    private static final Node TARGET = new Node(new PeerId(2), new Incarnation(0, 7));

    private static Leading target(boolean equal) {
        return new Leading(
                TARGET,
                new Epoch(3),
                FENCE,
                5,
                "digest",
                UnflushedSum.NOTHING,
                Optional.of(equal),
                0);
    }

    private static Optional<HandedOver> source(String digest) {
        return Optional.of(
                new HandedOver(
                        new Epoch(2),
                        FENCE,
                        5,
                        digest,
                        UnflushedSum.NOTHING,
                        Duration.ofMillis(1)));
    }

    @Test
    void bothSidesAreCompared() {
        assertThat(Certificates.ofHandover(source("digest"), target(true)).agreed()).contains(true);
        assertThat(Certificates.ofHandover(source("other"), target(true)).agreed()).contains(false);
        assertThat(Certificates.ofHandover(source("digest"), target(false)).agreed())
                .contains(false);
    }

    @Test
    void withoutTheSourceOnlyAgreementIsKnown() {
        assertThat(Certificates.ofHandover(Optional.empty(), target(true)).agreed()).contains(true);
        assertThat(Certificates.ofHandover(Optional.empty(), target(false)).agreed()).isEmpty();
    }
}
