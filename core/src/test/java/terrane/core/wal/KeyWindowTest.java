package terrane.core.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Incarnation;
import terrane.core.TerraneException.Corrupt;
import terrane.core.WalOffset;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What a region remembers of its keys is a function of the log alone: of a window kept from the
/// start and of one that was loaded from an image on the way.
class KeyWindowTest {
    private static WriteKey key(int number) {
        return new WriteKey(new Incarnation(1, number % 5), number, number % 3);
    }

    private static WalOffset at(long offset) {
        return new WalOffset(offset);
    }

    @Test
    void aKeyIsFoundWhereItWasApplied() {
        var window = new KeyWindow(at(10));
        window.add(key(1), at(12));
        assertThat(window.find(key(1))).contains(at(12));
        assertThat(window.find(key(2))).isEmpty();
        assertThat(window.floor()).isEqualTo(at(10));
    }

    @Test
    void theOldestKeyIsForgottenAndTheFloorRises() {
        var window = new KeyWindow(at(0));
        for (int i = 0; i < KeyWindow.KEYS_MAX; i++) {
            window.add(key(i), at(2L * i));
        }
        assertThat(window.floor()).isEqualTo(at(0));
        window.add(key(KeyWindow.KEYS_MAX), at(2L * KeyWindow.KEYS_MAX));
        assertThat(window.find(key(0))).isEmpty();
        assertThat(window.find(key(1))).contains(at(2));
        assertThat(window.floor()).isEqualTo(at(1));
    }

    @Test
    void evictionIsAFunctionOfTheLog() {
        var random = new Random(5);
        var whole = new KeyWindow(at(0));
        var resumed = new KeyWindow(at(0));
        long offset = 0;
        for (int i = 0; i < KeyWindow.KEYS_MAX * 2; i++) {
            offset += 1 + random.nextInt(3);
            whole.add(key(i), at(offset));
            resumed.add(key(i), at(offset));
            if (i % 9_973 == 0) {
                resumed = KeyWindow.of(decode(encode(resumed.image())));
            }
        }
        assertThat(resumed.image()).isEqualTo(whole.image());
        assertThat(resumed.find(key(KeyWindow.KEYS_MAX)))
                .isEqualTo(whole.find(key(KeyWindow.KEYS_MAX)));
    }

    @Test
    void keyAppliedTwiceIsRememberedAtItsLastPlace() {
        var window = new KeyWindow(at(0));
        window.add(key(0), at(0));
        window.add(key(0), at(1));
        for (int i = 1; i < KeyWindow.KEYS_MAX; i++) {
            window.add(key(i), at(i + 1L));
        }
        assertThat(window.find(key(0))).contains(at(1));
        assertThat(window.floor()).isEqualTo(at(1));
    }

    @Test
    void emptyImageComesBack() {
        var image = new KeyWindow(at(77)).image();
        assertThat(decode(encode(image))).isEqualTo(image);
    }

    @Test
    void everyTruncationOfAnImageIsCorrupt() {
        var window = new KeyWindow(at(3));
        for (int i = 0; i < 10; i++) {
            window.add(key(i), at(3 + i));
        }
        byte[] bytes = encode(window.image());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(Corrupt.class);
        }
    }

    @Test
    void imageIsNotTheWindow() {
        var window = new KeyWindow(at(0));
        var image = window.image();
        window.add(key(1), at(1));
        assertThat(image.entries()).isEqualTo(List.of());
    }

    private static byte[] encode(KeyWindow.Image image) {
        var out = new ByteWriter();
        image.encode(out);
        return out.toBytes();
    }

    private static KeyWindow.Image decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        var image = KeyWindow.Image.decode(in);
        in.end("key window");
        return image;
    }
}
