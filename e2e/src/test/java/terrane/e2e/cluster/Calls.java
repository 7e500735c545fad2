package terrane.e2e.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Plain requests over HTTP, each made once: nothing here repeats or hides anything.
public final class Calls implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_MAX)
                    .build();
    private final Duration answerMax;

    /// @param answerMax longer than whoever is asked may take
    public Calls(Duration answerMax) {
        this.answerMax = answerMax;
    }

    /// What came back.
    ///
    /// @param epochs those of the regions that a line protocol request wrote to, as it was told
    public record Answer(int status, String body, String epochs) {
        public boolean good() {
            return status / 100 == 2;
        }
    }

    public Answer get(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /// @param headers names and values
    public Answer post(String url, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request);
    }

    /// One statement or several, as a form.
    ///
    /// @param headers beside the form's own
    public Answer sql(String frontend, String sql, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + frontend + "/v1/sql"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("sql=" + encoded(sql)));
        headers.forEach(request::header);
        return send(request);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.timeout(answerMax).build(), BodyHandlers.ofString());
        var epochs = response.headers().firstValue("Terrane-Epochs").orElse("");
        return new Answer(response.statusCode(), response.body(), epochs);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
