package terrane.core.formation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException;
import terrane.core.bytes.Golden;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What a metasrv's folder says of itself is read as it was written, by every later version, and
/// nothing else is taken for it.
class StandingCodecTest {
    private static final Standing BLANK = new Standing.Blank(new UUID(0x0123456789abcdefL, 42));
    private static final Standing FORMED =
            new Standing.Formed(
                    new TreeMap<>(
                            Map.of(
                                    "0", new UUID(1, 2),
                                    "1", new UUID(3, 4),
                                    "meta-2", new UUID(5, 6))));

    @Test
    void whatIsWrittenIsRead() {
        for (var standing : List.of(BLANK, FORMED, Standing.Formed.UNKNOWN)) {
            assertThat(StandingCodec.decode(StandingCodec.encode(standing))).isEqualTo(standing);
        }
    }

    @Test
    void goldenStandingsStayReadable() {
        Golden.check("metasrv-blank-1", StandingCodec.encode(BLANK));
        Golden.check("metasrv-formed-1", StandingCodec.encode(FORMED));
        assertThat(StandingCodec.decode(Golden.read("metasrv-blank-1"))).isEqualTo(BLANK);
        assertThat(StandingCodec.decode(Golden.read("metasrv-formed-1"))).isEqualTo(FORMED);
    }

    @Test
    void bytesThatAreCutOrChangedAreCorrupt() {
        byte[] bytes = StandingCodec.encode(FORMED);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StandingCodec.decode(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(TerraneException.Corrupt.class);
        }
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> StandingCodec.decode(changed))
                    .as("changed at %d", at)
                    .isInstanceOf(TerraneException.Corrupt.class);
        }
    }
}
