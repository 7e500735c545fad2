package terrane.cli.client;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/// Requests to one address.
final class Http implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

    private final Address address;
    private final String advice;
    private final HttpClient client;

    /// @param advice what to do if nobody answers
    Http(Address address, String advice) {
        this.address = address;
        this.advice = advice;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_MAX)
                        .build();
    }

    /// What came back.
    record Answer(int status, String body) {
        boolean good() {
            return status / 100 == 2;
        }
    }

    Answer get(String path, Map<String, String> query, Duration atMost)
            throws InterruptedException {
        return send(HttpRequest.newBuilder(uri(path, query)).GET(), atMost);
    }

    /// @param form what the body holds
    Answer post(String path, Map<String, String> query, Map<String, String> form, Duration atMost)
            throws InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(path, query))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(encode(form))),
                atMost);
    }

    Answer postText(String path, Map<String, String> query, String text, Duration atMost)
            throws InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(path, query))
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .POST(BodyPublishers.ofString(text)),
                atMost);
    }

    private URI uri(String path, Map<String, String> query) {
        var suffix = query.isEmpty() ? "" : "?" + encode(query);
        return URI.create("http://" + address + path + suffix);
    }

    private static String encode(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> encode(pair.getKey()) + "=" + encode(pair.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer send(HttpRequest.Builder request, Duration atMost) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(atMost).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (HttpTimeoutException e) {
            if (e instanceof java.net.http.HttpConnectTimeoutException) {
                throw unreachable(e);
            }
            throw new TerraneException.Uncertain(
                    ErrorCode.TIMED_OUT,
                    "no answer from %s within %d s".formatted(address, atMost.toSeconds()),
                    e);
        } catch (ConnectException e) {
            throw unreachable(e);
        } catch (IOException e) {
            throw new TerraneException.Uncertain(
                    ErrorCode.UNREACHABLE,
                    "the connection to %s was lost: %s".formatted(address, e.getMessage()),
                    e);
        }
    }

    private TerraneException.Unavailable unreachable(IOException e) {
        return new TerraneException.Unavailable(
                ErrorCode.UNREACHABLE,
                "nobody answers at %s: %s".formatted(address, advice),
                Duration.ofSeconds(1),
                e);
    }

    Address address() {
        return address;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
