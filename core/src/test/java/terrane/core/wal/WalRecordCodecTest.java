package terrane.core.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.TerraneException.Corrupt;
import terrane.core.bytes.Golden;
import terrane.core.wal.WalRecordCodec.Stored;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Every kind of record comes back as it was, stays readable, and damage never goes unnoticed as
/// anything but Corrupt.
class WalRecordCodecTest {
    private static final List<String> NAMES =
            List.of("rows", "fence", "schema", "truncate", "warm-up");

    @Test
    void aRecordOfAnyVersionAndKindHasAnOwnerIfTheClusterWroteIt() {
        byte[] later = new byte[40];
        byte[] known = WalRecordCodec.encode(Records.CLUSTER, Records.rows(1));
        System.arraycopy(known, 0, later, 0, 26);
        later[0] = 9;
        later[1] = 99;
        assertThat(WalRecordCodec.ownerOf(later, Records.CLUSTER)).contains(Records.REGION);
        later[2] ^= 1;
        assertThat(WalRecordCodec.ownerOf(later, Records.CLUSTER)).isEmpty();
        assertThat(WalRecordCodec.ownerOf(new byte[25], Records.CLUSTER)).isEmpty();
    }

    @Test
    void goldenRecordsOfEveryKindStayReadable() {
        var records = Records.ofEachKind(9);
        for (int i = 0; i < NAMES.size(); i++) {
            String name = "wal-" + NAMES.get(i) + "-1";
            Golden.check(name, encode(records.get(i)));
            assertSame(WalRecordCodec.decode(encode(records.get(i))), records.get(i));
        }
    }

    @Test
    void absentFieldsStayAbsent() {
        var rows = new WalRecord.Rows(Records.header(1), 1, Optional.empty(), new byte[0]);
        assertSame(WalRecordCodec.decode(encode(rows)), rows);
        var fence = new WalRecord.Fence(Records.header(1), Records.NODE, 0, Optional.empty());
        assertSame(WalRecordCodec.decode(encode(fence)), fence);
    }

    @Test
    void clusterAndRegionAreReadWithoutDecoding() {
        for (var record : Records.ofEachKind(Long.MAX_VALUE)) {
            byte[] bytes = encode(record);
            assertThat(WalRecordCodec.clusterOf(bytes)).isEqualTo(Records.CLUSTER);
            assertThat(WalRecordCodec.regionOf(bytes)).isEqualTo(Records.REGION);
        }
    }

    @Test
    void unknownKindsAndVersionsStopTheRegion() {
        byte[] version = encode(Records.truncate(1));
        version[0] = 2;
        assertCorrupt(version);
        assertThatThrownBy(() -> WalRecordCodec.regionOf(version)).isInstanceOf(Corrupt.class);
        for (int kind : new int[] {0, 6, 255}) {
            byte[] unknown = encode(Records.truncate(1));
            unknown[1] = (byte) kind;
            assertCorrupt(unknown);
        }
    }

    @Test
    void fenceOfEpochZeroIsCorrupt() {
        assertCorrupt(encode(Records.fence(0)));
    }

    @Test
    void everyTruncationIsCorrupt() {
        for (var record : Records.ofEachKind(3)) {
            byte[] bytes = encode(record);
            for (int length = 0; length < bytes.length; length++) {
                assertCorrupt(Arrays.copyOf(bytes, length));
            }
            assertCorrupt(Arrays.copyOf(bytes, bytes.length + 1));
        }
        assertThatThrownBy(() -> WalRecordCodec.regionOf(new byte[25])).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> WalRecordCodec.clusterOf(new byte[0])).isInstanceOf(Corrupt.class);
    }

    @Test
    void changedBytesDecodeOrAreCorrupt() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var records = Records.ofEachKind(3);
            byte[] bytes = encode(records.get(random.nextInt(records.size())));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            decodesOrIsCorrupt(bytes);
        }
    }

    private static void decodesOrIsCorrupt(byte[] bytes) {
        try {
            assertThat(WalRecordCodec.decode(bytes).record().header()).isNotNull();
        } catch (Corrupt e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_RECORD);
        }
    }

    private static byte[] encode(WalRecord record) {
        return WalRecordCodec.encode(Records.CLUSTER, record);
    }

    private static void assertSame(Stored actual, WalRecord expected) {
        assertThat(actual.cluster()).isEqualTo(Records.CLUSTER);
        assertThat(actual.record())
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .isEqualTo(expected);
    }

    private static void assertCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> WalRecordCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        Corrupt.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_RECORD));
    }
}
