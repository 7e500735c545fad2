package terrane.frontend.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.frontend.write.ByteBudget;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The body of a request, unpacked and whole, held within the frontend's budget until it is closed.
///
/// @param bytes of which the first `length` are the body
record Body(byte[] bytes, int length, ByteBudget.Hold hold) implements AutoCloseable {
    /// 64 MiB: 160,000 rows of the TSBS shape in one request, far more than is sensible; a few of
    /// them fit into the budget for held bytes.
    static final int BYTES_MAX = 64 << 20;

    private static final int FIRST_BYTES = 64 << 10;

    /// @throws TerraneException.Rejected if it is too large or cannot be unpacked
    /// @throws TerraneException.Unavailable if too much is held already
    static Body read(ServerRequest request, ByteBudget budget) {
        var raw =
                request.content().hasEntity()
                        ? request.content().inputStream()
                        : InputStream.nullInputStream();
        var encoding = request.headers().value(HeaderNames.CONTENT_ENCODING).orElse("identity");
        long announced = request.headers().contentLength().orElse(0L);
        return read(raw, encoding, announced, budget);
    }

    static Body read(InputStream raw, String encoding, long announced, ByteBudget budget) {
        if (announced > BYTES_MAX) {
            throw tooLarge();
        }
        int first = (int) Math.max(FIRST_BYTES, announced + 1);
        var hold = budget.hold(first);
        boolean done = false;
        try {
            var body = read(unpacked(raw, encoding), first, hold);
            done = true;
            return body;
        } catch (ZipException e) {
            throw TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, "body is not gzip: %s", e);
        } catch (IOException e) {
            throw TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, "body ends early: %s", e);
        } finally {
            if (!done) {
                hold.close();
            }
        }
    }

    private static InputStream unpacked(InputStream raw, String encoding) throws IOException {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "identity", "" -> raw;
            case "gzip", "x-gzip" -> new GZIPInputStream(raw, FIRST_BYTES);
            default ->
                    throw TerraneException.rejected(
                            ErrorCode.INVALID_ARGUMENT,
                            "content encoding '%s' is not known (identity, gzip)",
                            encoding);
        };
    }

    private static Body read(InputStream in, int first, ByteBudget.Hold hold) throws IOException {
        byte[] bytes = new byte[first];
        int length = 0;
        int count = in.read(bytes, 0, first);
        while (count >= 0) {
            length += count;
            if (length > BYTES_MAX) {
                throw tooLarge();
            }
            if (length == bytes.length) {
                int larger = Math.min(bytes.length * 2, BYTES_MAX + 1);
                hold.grow(larger - bytes.length);
                bytes = Arrays.copyOf(bytes, larger);
            }
            count = in.read(bytes, length, bytes.length - length);
        }
        return new Body(bytes, length, hold);
    }

    private static TerraneException tooLarge() {
        return TerraneException.rejected(
                ErrorCode.TOO_LARGE,
                "request is larger than %d bytes unpacked; send several smaller ones",
                BYTES_MAX);
    }

    @Override
    public void close() {
        hold.close();
    }
}
