package terrane.metasrv.admin;

import terrane.core.formation.Standing;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.metasrv.raft.Forming;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// Asks other metasrvs, by the admin API, what they say of their folders.
public final class OtherMetasrvs implements Forming.Others, AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(1);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    /// Five members of some 60 bytes, and their ids.
    private static final long ANSWER_BYTES_MAX = 4 << 10;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_MAX)
                    .build();

    @Override
    public Optional<Standing> ask(Member member) throws InterruptedException {
        var uri = URI.create("http://" + member.http() + FormationDocument.PATH);
        var request = HttpRequest.newBuilder(uri).timeout(ANSWER_MAX).build();
        try {
            var answer =
                    client.send(
                            request,
                            BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_BYTES_MAX));
            return answer.statusCode() == 200
                    ? FormationDocument.parse(member.id(), answer.body())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not there yet
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
