package terrane.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Stored forms that must never change: `src/test/resources/golden/NAME.hex`. A new one is written
/// by running its test with `-Dterrane.golden=DIRECTORY`; an old one is never written again.
public final class Golden {
    private static final int LINE_BYTES = 32;

    private Golden() {}

    /// Passes if `bytes` are exactly those of the golden file.
    public static void check(String name, byte[] bytes) {
        if (written(name, bytes)) {
            return;
        }
        assertThat(HexFormat.of().formatHex(bytes))
                .as("golden file %s: what is stored must stay readable", name)
                .isEqualTo(HexFormat.of().formatHex(read(name)));
    }

    public static byte[] read(String name) {
        try (var stream = Golden.class.getResourceAsStream("/golden/" + name + ".hex")) {
            assertThat(stream).as("golden file %s", name).isNotNull();
            String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean written(String name, byte[] bytes) {
        var directory = System.getProperty("terrane.golden");
        if (directory == null || Files.exists(Path.of(directory, name + ".hex"))) {
            return false;
        }
        var text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += LINE_BYTES) {
            int end = Math.min(bytes.length, at + LINE_BYTES);
            text.append(HexFormat.of().formatHex(bytes, at, end)).append('\n');
        }
        try {
            Files.writeString(Path.of(directory, name + ".hex"), text);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
