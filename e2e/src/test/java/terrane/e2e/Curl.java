package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What `curl` prints, as a user has it.
final class Curl {
    private static final int NOT_CONNECTED = 7;

    private Curl() {}

    record Answer(int status, String body) {}

    /// The body of an answer that must be good.
    static String get(String url, String... more) throws IOException, InterruptedException {
        var answer = answer(url, more);
        assertThat(answer.status()).as("%s: %s", url, answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// @param more options
    /// @return with the status 0 if nobody listens
    static Answer answer(String url, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("curl", "-sS", "-m", "30", "-w", "\n%{http_code}"));
        command.addAll(List.of(more));
        command.add(url);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", url, said).isIn(0, NOT_CONNECTED);
        int end = said.lastIndexOf('\n');
        return new Answer(Integer.parseInt(said.substring(end + 1)), said.substring(0, end));
    }
}
