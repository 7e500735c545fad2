package terrane.bench;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

import terrane.core.Address;

import java.io.IOException;
import java.time.Duration;

/// Writes line protocol, each request once, over a connection of the calling thread. The client
/// does its work on that thread alone: measured beside one with threads of its own, it leaves a
/// tenth of two cores more to what is measured.
final class LineClient implements AutoCloseable {
    /// Longer than a frontend holds a write.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

    private static final int WRITERS_MAX = 1_024;

    private final CloseableHttpClient client;
    private final String url;

    LineClient(Address frontend) {
        this.url = "http://" + frontend + "/api/v2/write?precision=ms";
        var connection = ConnectionConfig.custom().setSocketTimeout(Timeout.of(ANSWER_MAX)).build();
        var connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(WRITERS_MAX)
                        .setMaxConnPerRoute(WRITERS_MAX)
                        .setDefaultConnectionConfig(connection)
                        .build();
        this.client =
                HttpClients.custom()
                        .setConnectionManager(connections)
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setResponseTimeout(Timeout.of(ANSWER_MAX))
                                        .build())
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableContentCompression()
                        .disableRedirectHandling()
                        .build();
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

    Answer write(byte[] lines) {
        var request = new HttpPost(url);
        request.setEntity(new ByteArrayEntity(lines, null));
        try {
            return client.execute(request, LineClient::answer);
        } catch (IOException e) {
            return new Answer(0, e.toString());
        }
    }

    private static Answer answer(ClassicHttpResponse response) throws HttpException, IOException {
        if (response.getCode() == 204) {
            return new Answer(epoch(response), "");
        }
        var entity = response.getEntity();
        var said = entity == null ? "" : EntityUtils.toString(entity);
        return new Answer(0, response.getCode() + " " + said);
    }

    private static long epoch(ClassicHttpResponse response) throws HttpException {
        var header = response.getHeader("Terrane-Epochs");
        var epochs = header == null ? "" : header.getValue();
        return epochs.isEmpty() || epochs.contains(",")
                ? 0
                : Long.parseLong(epochs.substring(epochs.indexOf('=') + 1));
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
