package terrane.frontend.write;

import terrane.core.Incarnation;
import terrane.core.bytes.ByteReader;
import terrane.core.wal.WriteKey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicLong;

/// Makes the keys under which writes are repeated without being doubled.
public final class WriteKeys {
    private final Incarnation self;
    private final AtomicLong sequence = new AtomicLong();

    public WriteKeys(Incarnation self) {
        this.self = self;
    }

    /// The keys of one request.
    ///
    /// @param ofClient whether they follow from the client's own key: then they hold for as long as
    ///   the region's window reaches, and no offset at first use is known
    public record RequestKeys(Incarnation writer, long sequence, boolean ofClient) {
        WriteKey part(int number) {
            return new WriteKey(writer, sequence, number);
        }
    }

    /// Keys that no other request has.
    public RequestKeys fresh() {
        return new RequestKeys(self, sequence.incrementAndGet(), false);
    }

    /// The same keys for the same text and number, on whichever frontend.
    ///
    /// @param statement the number of the statement in its request
    public static RequestKeys ofClient(String key, int statement) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            var digest = new ByteReader(sha.digest(key.getBytes(StandardCharsets.UTF_8)));
            var writer = new Incarnation(digest.i64(), digest.i64());
            // Sequences are non-negative, as ours are.
            return new RequestKeys(writer, (digest.i64() >>> 1) ^ statement, true);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
