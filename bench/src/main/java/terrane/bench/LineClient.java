package terrane.bench;

import terrane.core.Address;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Writes line protocol, each request once.
final class LineClient implements AutoCloseable {
    /// Longer than a frontend holds a write.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    LineClient(Address frontend) {
        this.url = URI.create("http://" + frontend + "/api/v2/write?precision=ms");
    }

    /// What came of a request.
    ///
    /// @param epoch of the acknowledgement; 0 if several regions were written, or none
    /// @param error empty if all rows were acknowledged
    record Answer(long epoch, String error) {
        boolean good() {
            return error.isEmpty();
        }
    }

    Answer write(byte[] lines) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(url)
                        .timeout(ANSWER_MAX)
                        .POST(BodyPublishers.ofByteArray(lines))
                        .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            return response.statusCode() == 204
                    ? new Answer(epoch(response), "")
                    : new Answer(0, response.statusCode() + " " + response.body());
        } catch (IOException e) {
            return new Answer(0, e.toString());
        }
    }

    private static long epoch(HttpResponse<String> response) {
        var epochs = response.headers().firstValue("Terrane-Epochs").orElse("");
        return epochs.isEmpty() || epochs.contains(",")
                ? 0
                : Long.parseLong(epochs.substring(epochs.indexOf('=') + 1));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
