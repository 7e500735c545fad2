package terrane.fuzz;

import java.util.Arrays;
import java.util.HexFormat;

/// That what was written, read and written again has the same bytes.
public final class Same {
    private Same() {}

    public static void bytes(byte[] first, byte[] again) {
        if (!Arrays.equals(first, again)) {
            var hex = HexFormat.of();
            throw new AssertionError(
                    "written again it has other bytes: %s, then %s"
                            .formatted(hex.formatHex(first), hex.formatHex(again)));
        }
    }
}
