package terrane.metasrv.admin;

import terrane.core.Address;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Passes a call on to the leader, one hop.
final class Forwarding implements AutoCloseable {
    private static final String HEADER = "Terrane-Forwarded";
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    /// A call with `wait=true` takes as long as its migration.
    private static final Duration ANSWER_MAX = Duration.ofHours(2);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_MAX)
                    .build();

    static boolean wasForwarded(AdminRequest request) {
        return request.header(HEADER.toLowerCase(java.util.Locale.ROOT)).isPresent();
    }

    AdminAnswer forward(AdminRequest request, Address leader)
            throws IOException, InterruptedException {
        var sent =
                HttpRequest.newBuilder(URI.create("http://" + leader + request.target()))
                        .method(request.method(), BodyPublishers.noBody())
                        .header(HEADER, "1")
                        .timeout(ANSWER_MAX)
                        .build();
        var answer = client.send(sent, BodyHandlers.ofString());
        return new AdminAnswer(
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse(AdminAnswer.JSON),
                answer.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
