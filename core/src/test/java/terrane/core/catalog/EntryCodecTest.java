package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.ClusterId;
import terrane.core.TerraneException;
import terrane.core.bytes.Golden;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// What one entry of the metasrv's log holds comes back, whether it is one change or several.
class EntryCodecTest {
    private static final List<Change> CHANGES =
            List.of(
                    new Change.Initialize(new ClusterId(new UUID(1, 2))),
                    new Change.Noop(),
                    new Change.RaiseLongestLease(Duration.ofSeconds(3)));

    private static byte[] entry(List<Change> changes) {
        return EntryCodec.encode(changes.stream().map(ChangeCodec::encode).toList());
    }

    @Test
    void severalChangesComeBackInTheirOrder() {
        assertThat(EntryCodec.decode(entry(CHANGES))).isEqualTo(CHANGES);
    }

    @Test
    void entryWithOneChangeIsThatChange() {
        for (var change : CHANGES) {
            byte[] entry = entry(List.of(change));
            assertThat(entry).isEqualTo(ChangeCodec.encode(change));
            assertThat(EntryCodec.decode(entry)).containsExactly(change);
        }
    }

    @Test
    void entryOfTheFirstFormStaysReadable() {
        Golden.check("catalog-entry-1", entry(CHANGES));
    }

    @Test
    void sizeIsAtMostWhatIsCountedForIt() {
        long counted =
                CHANGES.stream()
                        .mapToLong(change ->
                                ChangeCodec.encode(change).length + EntryCodec.OVERHEAD_BYTES)
                        .sum();
        assertThat((long) entry(CHANGES).length).isLessThanOrEqualTo(counted);
    }

    @Test
    void truncatedEntryIsCorrupt() {
        byte[] whole = entry(CHANGES);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> EntryCodec.decode(part))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(TerraneException.Corrupt.class);
        }
    }
}
