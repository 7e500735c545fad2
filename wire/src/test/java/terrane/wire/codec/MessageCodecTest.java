package terrane.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.wire.datanode.DataRequest;
import terrane.wire.datanode.Order;
import terrane.wire.metasrv.ClientRequest;
import terrane.wire.metasrv.NodeRequest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every message comes back as it went, its bytes are those of the golden file, and bytes that are
/// no message are called corrupt and nothing else.
class MessageCodecTest {
    private static final String GOLDEN = "/terrane/wire/codec/messages-1.golden";
    private static final int[] MUTANTS = {0x00, 0x01, 0x02, 0x03, 0x04, 0x7F, 0x80, 0xFF};

    @Test
    void everyRequestHasAFormAndSoHasItsReply() {
        var known = MessageCodec.forms().stream().map(Form::type).collect(Collectors.toSet());
        assertThat(requests()).isNotEmpty().allMatch(known::contains);
        assertThat(MessageCodec.forms())
                .allMatch(form -> form.reply().map(r -> known.containsAll(each(r))).orElse(true));
    }

    /// What a reply may be: one of several where it is sealed.
    private static Set<Class<?>> each(Class<?> reply) {
        return reply.isSealed() ? Set.of(reply.getPermittedSubclasses()) : Set.of(reply);
    }

    private static Set<Class<?>> requests() {
        return Stream.<Class<?>>of(
                        Order.class, DataRequest.class, NodeRequest.class, ClientRequest.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .collect(Collectors.toSet());
    }

    @Test
    void everyMessageComesBackAsItWent() {
        for (long seed = 0; seed < 30; seed++) {
            comeBack(new RandomMessages(seed));
        }
    }

    private static void comeBack(RandomMessages random) {
        for (var form : MessageCodec.forms()) {
            var message = random.message(form.type());
            var back = MessageCodec.decode(new ByteReader(encode(message)));
            assertThat(back)
                    .usingRecursiveComparison() // because arrays are equal by content here
                    .withStrictTypeChecking()
                    .isEqualTo(message);
        }
    }

    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        assertThat(String.join("\n", goldenLines()) + "\n").isEqualTo(golden());
    }

    private static List<String> goldenLines() {
        return MessageCodec.forms().stream()
                .flatMap(form ->
                        Stream.of(1L, 2L, 3L)
                                .map(seed -> new RandomMessages(seed).message(form.type())))
                .map(m -> m.getClass().getSimpleName() + " " + hex(encode(m)))
                .distinct()
                .toList();
    }

    private static String golden() throws IOException {
        try (var in = MessageCodecTest.class.getResourceAsStream(GOLDEN)) {
            assertThat(in).as(GOLDEN).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void goldenFileIsReadAndWrittenTheSame() throws IOException {
        for (var line : golden().lines().toList()) {
            var bytes = HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
            var message = MessageCodec.decode(new ByteReader(bytes));
            assertThat(message.getClass().getSimpleName()).isEqualTo(line.split(" ", -1)[0]);
            assertThat(hex(encode(message))).isEqualTo(hex(bytes));
        }
    }

    @Test
    void truncatedMessagesAreCorrupt() {
        for (long seed = 1; seed <= 5; seed++) {
            for (var form : MessageCodec.forms()) {
                var bytes = encode(new RandomMessages(seed).message(form.type()));
                for (int length = 0; length < bytes.length; length++) {
                    var cut = new ByteReader(bytes, 0, length);
                    assertThatThrownBy(() -> MessageCodec.decode(cut))
                            .isInstanceOf(TerraneException.Corrupt.class);
                }
            }
        }
    }

    @Test
    void mutatedMessagesAreReadOrCorrupt() {
        for (long seed = 1; seed <= 5; seed++) {
            for (var form : MessageCodec.forms()) {
                mutate(encode(new RandomMessages(seed).message(form.type())));
            }
        }
    }

    private static void mutate(byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            byte original = bytes[at];
            for (int mutant : MUTANTS) {
                bytes[at] = (byte) mutant;
                try {
                    MessageCodec.decode(new ByteReader(bytes));
                } catch (TerraneException.Corrupt e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_RECORD);
                }
            }
            bytes[at] = original;
        }
    }

    @Test
    void arbitraryBytesAreReadOrCorrupt() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            readOrCorrupt(bytes);
        }
    }

    private static void readOrCorrupt(byte[] bytes) {
        try {
            MessageCodec.decode(new ByteReader(bytes));
        } catch (TerraneException.Corrupt e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_RECORD);
        }
    }

    @Test
    void deeplyNestedExpressionIsCorruptAndNoStackOverflow() {
        var out = new ByteWriter();
        out.u8(81).string("c").string("s").string("t"); // CreateTable and its name
        out.u8(1).varint(1).u8(1).varint(0); // an empty schema
        out.varint(0).varint(1); // no columns, one expression
        for (int i = 0; i < 1_000_000; i++) {
            out.u8(1);
        }
        assertThatThrownBy(() -> MessageCodec.decode(new ByteReader(out.toBytes())))
                .isInstanceOf(TerraneException.Corrupt.class)
                .hasMessageContaining("deeper");
    }

    @Test
    void everyErrorComesBackAsItWent() {
        for (long seed = 0; seed < 200; seed++) {
            errorsComeBack(new RandomMessages(seed));
        }
    }

    private static void errorsComeBack(RandomMessages random) {
        var hint = (LeaderHint) random.message(LeaderHint.class);
        var epoch = (Epoch) random.message(Epoch.class);
        for (var error : errors(hint, "epoch " + epoch)) {
            var out = new ByteWriter();
            ErrorCodec.encode(out, error);
            var back = ErrorCodec.decode(new ByteReader(out.toBytes()));
            assertThat(ErrorParts.of(back)).isEqualTo(ErrorParts.of(error));
        }
    }

    private static List<TerraneException> errors(LeaderHint hint, String text) {
        return List.of(
                new TerraneException.Rejected(ErrorCode.SAME_PEER, text, null),
                new TerraneException.NotLeader(ErrorCode.REGION_ELSEWHERE, text, hint, null),
                new TerraneException.NotLeader(
                        ErrorCode.NO_METASRV_LEADER, text, null, hint.address()),
                new TerraneException.Unavailable(
                        ErrorCode.OVERLOADED, text, Duration.ofMillis(7), null),
                new TerraneException.Uncertain(ErrorCode.TIMED_OUT, text, null),
                new TerraneException.Corrupt(ErrorCode.WAL_PRUNED, text, null));
    }

    private static byte[] encode(Object message) {
        var out = MessageCodec.begin(message);
        MessageCodec.encode(out, message);
        return out.toBytes();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
