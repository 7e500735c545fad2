package terrane.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// What is stored can be read for ever, and damage is noticed whatever it hits.
class ManifestCodecTest {
    @Test
    void everyFieldIsReadBack() {
        for (var manifest :
                new Manifest[] {Manifests.initial(), Manifests.full(), Manifests.skipping()}) {
            assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
        }
    }

    @Test
    void storedFormStaysAsItIs() throws IOException {
        assertThat(HexFormat.of().formatHex(ManifestCodec.encode(Manifests.skipping())))
                .isEqualTo(HexFormat.of().formatHex(golden(2)));
        assertThat(ManifestCodec.decode(golden(2))).isEqualTo(Manifests.skipping());
    }

    @Test
    void theFormBeforeIsReadAsOneThatPassesOverNothing() throws IOException {
        assertThat(ManifestCodec.decode(golden(1))).isEqualTo(Manifests.full());
    }

    @Test
    void whatIsPassedOverIsKeptOnceAndInOrder() {
        var twice = Manifests.skipping().withSkipped(new WalOffset(1_000_003));
        assertThat(twice.skipped())
                .containsExactly(new WalOffset(1_000_003), new WalOffset(1_000_007));
        var flushed = Manifests.withFile(twice, "data/7-cc.parquet");
        assertThat(flushed.skipped()).as("after a flush").isEqualTo(twice.skipped());
    }

    @Test
    void regionDoesNotPassOverRecordsWithoutEnd() {
        var many = Manifests.full();
        for (int i = 0; i < 1_000; i++) {
            many = many.withSkipped(new WalOffset(i));
        }
        var full = many;
        assertThat(full.withSkipped(new WalOffset(3))).isEqualTo(full);
        assertThatThrownBy(() -> full.withSkipped(new WalOffset(1_000)))
                .isInstanceOf(TerraneException.Rejected.class);
    }

    @Test
    void everyChangedBitIsNoticed() {
        byte[] bytes = ManifestCodec.encode(Manifests.full());
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertIsCorrupt(damaged);
        }
    }

    @Test
    void everyOtherLengthIsNoticed() {
        byte[] bytes = ManifestCodec.encode(Manifests.full());
        for (int length = 0; length < bytes.length; length++) {
            assertIsCorrupt(Arrays.copyOf(bytes, length));
        }
        assertIsCorrupt(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void aNewerFormIsNamed() {
        byte[] bytes = ManifestCodec.encode(Manifests.full());
        bytes[0] = 3;
        assertThatThrownBy(() -> ManifestCodec.decode(bytes))
                .hasMessageContaining("manifest has version 3, this program reads 1 to 2");
    }

    @Test
    void digestTellsManifestsApart() {
        String digest = ManifestCodec.digest(Manifests.full());
        assertThat(digest).matches("[0-9a-f]{32}");
        assertThat(ManifestCodec.digest(Manifests.full())).isEqualTo(digest);
        assertThat(ManifestCodec.digest(Manifests.full().at(43, Manifests.full().writer())))
                .isNotEqualTo(digest);
    }

    private static void assertIsCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> ManifestCodec.decode(bytes))
                .isInstanceOf(TerraneException.Corrupt.class)
                .extracting(e -> ((TerraneException) e).code())
                .isEqualTo(ErrorCode.CORRUPT_MANIFEST);
    }

    private static byte[] golden(int form) throws IOException {
        try (var stream =
                Objects.requireNonNull(
                        ManifestCodecTest.class.getResourceAsStream(
                                "/golden/manifest-%d.hex".formatted(form)))) {
            var text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }
}
