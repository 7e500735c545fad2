package terrane.frontend.lineprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.TerraneException.Rejected;
import terrane.core.rows.ColumnValues;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Shows what each form of a line means, and that whatever else comes is rejected with line and
/// column: a table of good and bad lines, then random ones.
class LineParserTest {
    private static final long NOW = 1_700_000_000_123_456_789L;

    private static List<Points> parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Points> parse(byte[] bytes) {
        return LineParser.parse(bytes, bytes.length, Precision.NANOSECONDS, NOW);
    }

    /// The rows of one measurement as maps from column to value, the time under "time".
    private static List<Map<String, Object>> rows(Points points) {
        var rows = new ArrayList<Map<String, Object>>();
        for (var lines : points.batches()) {
            for (int row = 0; row < lines.rows().rowCount(); row++) {
                rows.add(cells(points, lines, row));
            }
        }
        return rows;
    }

    private static Map<String, Object> cells(Points points, Points.Lines lines, int row) {
        var cells = new TreeMap<String, Object>();
        for (var values : lines.rows().columns()) {
            if (!values.isNull(row)) {
                cells.put(name(points, values.columnId()), cell(values, row));
            }
        }
        return cells;
    }

    private static String name(Points points, int id) {
        return id == Points.TIME_ID ? "time" : points.columns().get(id - 1).name();
    }

    private static Object cell(ColumnValues values, int row) {
        return switch (values) {
            case ColumnValues.Longs longs -> longs.values()[row];
            case ColumnValues.Doubles doubles -> doubles.values()[row];
            case ColumnValues.Bytes bytes ->
                    new String(bytes.dictionary()[bytes.codes()[row]], StandardCharsets.UTF_8);
        };
    }

    private static Map<String, Object> only(String text) {
        var points = parse(text);
        assertThat(points).hasSize(1);
        return rows(points.getFirst()).getFirst();
    }

    @Test
    void everyTypeOfFieldIsRead() {
        assertThat(only("m,t=a f=1.5,i=-3i,u=7u,yes=t,no=FALSE,s=\"x y\" 42"))
                .isEqualTo(
                        Map.of(
                                "t", "a", "f", 1.5, "i", -3L, "u", 7L, "yes", 1L, "no", 0L, "s",
                                "x y", "time", 42L));
    }

    @Test
    void pointWithoutTimeHappensNow() {
        assertThat(only("m f=1")).containsEntry("time", NOW);
    }

    @Test
    void escapesAreTakenAway() {
        var points = parse("m\\ 1\\,2=3,t\\ a\\=g=v\\,\\ \\=w,p=C:\\dir f\\,x=1 1");
        assertThat(points.getFirst().measurement()).isEqualTo("m 1,2=3");
        assertThat(rows(points.getFirst()).getFirst())
                .containsEntry("t a=g", "v, =w")
                .containsEntry("p", "C:\\dir")
                .containsEntry("f,x", 1.0);
    }

    @Test
    void stringsKeepQuotesBackslashesAndLineBreaks() {
        assertThat(only("m s=\"say \\\"hi\\\" \\\\ a\\b, c=d #\nnext\" 5"))
                .containsEntry("s", "say \"hi\" \\ a\\b, c=d #\nnext")
                .containsEntry("time", 5L);
        assertThat(only("m s=\"\" 5")).containsEntry("s", "");
    }

    @Test
    void commentsBlankLinesAndCarriageReturnsAreSkipped() {
        var points = parse("# comment\r\n\r\n  \n m f=1 1\r\n\n#x\nm f=2\r\nm f=3 3");
        assertThat(rows(points.getFirst()))
                .extracting(row -> row.get("f"))
                .containsExactly(1.0, 2.0, 3.0);
        assertThat(points.getFirst().batches().getFirst().numbers()).containsExactly(4, 7, 8);
    }

    @Test
    void columnsMayComeInAnyOrderAndBeMissing() {
        var points = parse("m,a=1,b=2 x=1,y=2 1\nm,b=3 y=3 2\nm,b=5,a=4,c=6 z=1i,x=4 3");
        assertThat(rows(points.getFirst()))
                .containsExactly(
                        Map.of("a", "1", "b", "2", "x", 1.0, "y", 2.0, "time", 1L),
                        Map.of("b", "3", "y", 3.0, "time", 2L),
                        Map.of("a", "4", "b", "5", "c", "6", "z", 1L, "x", 4.0, "time", 3L));
    }

    @Test
    void measurementsAreKeptApart() {
        var points = parse("a f=1 1\nb f=2i 2\na f=3 3\n");
        assertThat(points).extracting(Points::measurement).containsExactly("a", "b");
        assertThat(points).extracting(Points::rowCount).containsExactly(2L, 1L);
    }

    @Test
    void rowsBeyondOneBatchGoIntoTheNext() {
        var text = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            text.append("m,t=").append(i % 10).append(" f=").append(i).append(' ').append(i);
            text.append('\n');
        }
        var points = parse(text.toString()).getFirst();
        assertThat(points.batches()).hasSize(2);
        var rows = rows(points);
        assertThat(rows).hasSize(70_000);
        assertThat(rows.get(69_999)).isEqualTo(Map.of("t", "9", "f", 69_999.0, "time", 69_999L));
    }

    @ParameterizedTest
    @CsvSource({"ns,1", "n,1", "u,1000", "us,1000", "ms,1000000", "s,1000000000", "'',1"})
    void precisionIsTheUnitOfTimes(String precision, long nanos) {
        byte[] bytes = "m f=1 -7".getBytes(StandardCharsets.UTF_8);
        var points = LineParser.parse(bytes, bytes.length, Precision.parse(precision), NOW);
        assertThat(rows(points.getFirst()).getFirst()).containsEntry("time", -7 * nanos);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0.0",
                "1",
                "+1",
                ".5",
                "5.",
                "1e3",
                "-1.25E-3",
                "123456789.123456789",
                "0.1",
                "1e22",
                "1e23",
                "9007199254740993",
                "3.141592653589793238462643383279",
                "1.7976931348623157e308",
                "4.9e-324",
                "0.000000000000000000000001",
                "99.9999"
            })
    void floatsAreReadAsJavaReadsThem(String number) {
        assertThat(only("m f=" + number)).containsEntry("f", Double.parseDouble(number));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 999_999_999_999_999_999L})
    void integersReachTheEndsOfTheirRange(long number) {
        assertThat(only("m f=" + number + "i " + number))
                .containsEntry("f", number)
                .containsEntry("time", number);
        var unsigned = Long.toUnsignedString(number);
        assertThat(only("m f=" + unsigned + "u 1")).containsEntry("f", number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "m|line 1, column 2: expected a space and fields",
                "`m `|line 1, column 3: expected a field",
                "m,t=1|line 1, column 6: expected a space and fields",
                "m,t f=1|line 1, column 4: expected '=' after the name of a tag",
                "m,t= f=1|line 1, column 5: tag has no value",
                "m,=1 f=1|line 1, column 3: name of a tag is empty",
                "m,t=a=b f=1|line 1, column 6: '=' in the value of a tag",
                ",t=a f=1|line 1, column 1: measurement is empty",
                "m f|line 1, column 4: expected '=' after the name of a field",
                "m f=|line 1, column 5: field has no value",
                "m =1|line 1, column 3: name of a float field is empty",
                "m f=1,|line 1, column 7: expected a field",
                "m f=abc|line 1, column 5: 'abc' is not a value",
                "m f=1x|line 1, column 5: '1x' is not a value",
                "m f=1.2.3|line 1, column 5: '1.2.3' is not a value",
                "m f=nan|line 1, column 5: 'nan' is not a value",
                "m f=1e999|line 1, column 5: '1e999' is not a value",
                "m f=e5|line 1, column 5: 'e5' is not a value",
                "m f=1e|line 1, column 5: '1e' is not a value",
                "m f=1.5i|line 1, column 5: '1.5i' is not a value",
                "m f=9223372036854775808i|line 1, column 5: '9223372036854775808i' is not",
                "m f=18446744073709551616u|line 1, column 5: '18446744073709551616u' is not",
                "m f=-1u|line 1, column 5: '-1u' is not a value",
                "m f=\"abc|line 1, column 5: string is not closed",
                "m f=\"abc\"x|line 1, column 10: expected ',' or a space after a field",
                "m f=1 abc|line 1, column 7: 'abc' is not a timestamp",
                "m f=1 1.5|line 1, column 7: '1.5' is not a timestamp",
                "m f=1 1 2|line 1, column 9: expected the end of the line",
                "m f=1,f=2|line 1, column 7: 'f' stands twice",
                "m,t=1,t=2 f=1|line 1, column 7: 't' stands twice",
                "m,t=1 t=2|line 1, column 7: 't' of 'm' is a float field here and a tag in line 1",
                "mäü,t=1 f=x|line 1, column 11: 'x' is not a value",
            })
    void malformedLineNamesLineAndColumn(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(Rejected.class)
                .hasMessageStartingWith(message)
                .hasMessageEndingWith("nothing was written");
    }

    @Test
    void errorNamesTheLineItIsIn() {
        assertThatThrownBy(() -> parse("m f=1 1\n# c\nm s=\"a\nb\" 1\nm f=1i 2"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("line 5, column 3")
                .hasMessageContaining("an integer field here and a float field in line 1");
    }

    @Test
    void timeBeyondNanosecondsIsRejected() {
        byte[] bytes = "m f=1 1700000000000".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> LineParser.parse(bytes, bytes.length, Precision.SECONDS, NOW))
                .hasMessageContaining("line 1, column 7: timestamp is beyond");
    }

    @Test
    void textThatIsNotUtf8IsRejectedWithItsLine() {
        byte[] bytes = "m,t=ok f=1\nm,t=?? f=1".getBytes(StandardCharsets.ISO_8859_1);
        bytes[15] = (byte) 0xC3;
        assertThatThrownBy(() -> parse(bytes))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("line 2: value of 't' is not utf-8");
    }

    @Test
    void fewSparseBytesCannotTakeMuchMemory() {
        var text = new StringBuilder();
        for (int i = 0; i < 65_000; i++) {
            text.append("m f").append(i % 1000).append("=1\n");
        }
        assertThatThrownBy(() -> parse(text.toString()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("more than 16777216 cells");
    }

    @Test
    void tooManyMeasurementsAreRejected() {
        var text = new StringBuilder();
        for (int i = 0; i <= LineParser.MEASUREMENTS_MAX; i++) {
            text.append('m').append(i).append(" f=1\n");
        }
        assertThatThrownBy(() -> parse(text.toString()))
                .hasMessageContaining("line 1025, column 1: more than 1024 measurements");
    }

    @Test
    void randomBytesAreParsedOrRejected() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(61)];
            random.nextBytes(bytes);
            parsesOrRejects(bytes);
        }
    }

    @Test
    void linesWithRandomChangesAreParsedOrRejected() {
        for (long seed = 0; seed < 5_000; seed++) {
            parsesOrRejects(changed(new Random(seed)));
        }
    }

    private static byte[] changed(Random random) {
        byte[] bytes =
                "cpu,host=a\\ b,dc=c load=1.5,n=3i,s=\"q\\\"\",ok=t 1700\ncpu,host=b load=2\n"
                        .getBytes(StandardCharsets.UTF_8);
        byte[] alphabet = " ,=\\\"\n\r#ti0.eEu-\u00e4".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = alphabet[random.nextInt(alphabet.length)];
        }
        return bytes;
    }

    private static void parsesOrRejects(byte[] bytes) {
        try {
            parse(bytes).forEach(LineParserTest::rows);
        } catch (Rejected e) {
            assertThat(e.text()).startsWith("line ");
        }
    }
}
