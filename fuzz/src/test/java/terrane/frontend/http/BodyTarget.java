package terrane.frontend.http;

import terrane.core.TerraneException;
import terrane.frontend.write.ByteBudget;

import java.io.ByteArrayInputStream;

/// The bodies of requests: the first byte of an input is its encoding, the second what length was
/// announced in KiB, the rest what came.
public final class BodyTarget {
    private static final String[] ENCODINGS = {"identity", "gzip", "X-GZIP", "br"};

    private BodyTarget() {}

    public static void read(byte[] input) {
        if (input.length < 2) {
            return;
        }
        var budget = new ByteBudget("the test", 1 << 20);
        var raw = new ByteArrayInputStream(input, 2, input.length - 2);
        var encoding = ENCODINGS[input[0] & 3];
        try (var body = Body.read(raw, encoding, (input[1] & 0xFF) << 10, budget)) {
            if (body.length() > body.bytes().length || body.bytes().length > budget.heldBytes()) {
                throw new AssertionError("holds more than it says: " + budget.heldBytes());
            }
        } catch (TerraneException refused) {
            checkGivenBack(budget);
            throw refused;
        }
        checkGivenBack(budget);
    }

    private static void checkGivenBack(ByteBudget budget) {
        if (budget.heldBytes() != 0) {
            throw new AssertionError("still held: " + budget.heldBytes());
        }
    }
}
