package terrane.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Agrees with the JDK's own decoder on random bytes and on mutated text.
class Utf8Test {
    private static final String TEXT = "plain ascii, ünïcödé, 日本語, 😀 and \uFFFF";

    @Test
    void agreesWithTheJdkOnMutatedText() {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            int from = random.nextInt(8);
            int length = random.nextInt(bytes.length - from);
            assertThat(Utf8.wellFormed(bytes, from, length)).isEqualTo(jdk(bytes, from, length));
        }
    }

    @Test
    void agreesWithTheJdkOnEveryThreeBytes() {
        for (int value = 0; value < 1 << 24; value += 13) {
            byte[] bytes = {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
            assertThat(Utf8.wellFormed(bytes)).isEqualTo(jdk(bytes, 0, 3));
        }
    }

    private static boolean jdk(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
