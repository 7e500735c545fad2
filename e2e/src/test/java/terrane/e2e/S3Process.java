package terrane.e2e;

import terrane.e2e.cluster.Place;
import terrane.engine.storage.StorageConfig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An [S3Server] in a process of its own, which can be killed and started again over the same
/// folder, on the same port.
public final class S3Process {
    /// What it is called where it has a host of its own.
    static final String NAME = "storage";

    private final Path folder;
    private final Place place;
    private Process process;
    private URI endpoint;

    /// Returns when the server answers.
    public S3Process(Path folder) throws IOException {
        this(folder, new Place.OneHost());
    }

    /// The same, elsewhere.
    public S3Process(Path folder, Place place) throws IOException {
        this.folder = folder;
        this.place = place;
        this.process = launch(Optional.empty());
        this.endpoint = readEndpoint(process);
    }

    public URI endpoint() {
        return endpoint;
    }

    /// How a node is told to use it.
    ///
    /// @param prefix empty, or ends with a slash
    public StorageConfig.S3 config(String prefix) {
        return new StorageConfig.S3(
                Optional.of(endpoint),
                "us-east-1",
                S3Server.BUCKET,
                prefix,
                true,
                new StorageConfig.Credentials.KeyPair(S3Server.KEY_ID, S3Server.SECRET),
                Duration.ofSeconds(20));
    }

    /// Ends it as a crash would, and returns when it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// Stands still from now on: whoever asks waits.
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        var pid = Long.toString(process.pid());
        int code = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " ended with " + code);
        }
    }

    public void restart() throws IOException {
        process = launch(Optional.of(endpoint.getPort()));
        endpoint = readEndpoint(process);
    }

    private Process launch(Optional<Integer> port) throws IOException {
        var command = new ArrayList<>(place.enter(NAME));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        S3Server.class.getName(),
                        folder.toString(),
                        place.host(NAME)));
        port.ifPresent(p -> command.add(p.toString()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static URI readEndpoint(Process process) throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(S3Server.READY)) {
                return URI.create(line.substring(S3Server.READY.length()));
            }
        }
        throw new IOException("s3 server ended before it was ready");
    }
}
