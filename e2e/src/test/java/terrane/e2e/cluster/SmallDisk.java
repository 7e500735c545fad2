package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small disk for one child, which can be filled: a file system in memory, in a mount namespace
/// of its own, so that nobody else sees it and it is gone with this process, however that ends. It
/// outlives the child. Only root may make one; a test that needs it fails elsewhere, and says so.
public final class SmallDisk implements Place {
    /// What does not fit any more.
    private static final String FILLER = "filler";

    private final String child;
    private final Path folder;
    private final Process holder;

    /// @param child who is to keep its files there
    /// @param folder an empty folder; what is in it is seen by nobody but the child
    public SmallDisk(String child, Path folder, int megabytes) throws IOException {
        this.child = child;
        this.folder = folder;
        var mount = "mount -t tmpfs -o size=\"$1\" none \"$0\" && echo made && exec cat";
        this.holder =
                new ProcessBuilder(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                mount,
                                folder.toString(),
                                megabytes + "m")
                        .redirectErrorStream(true)
                        .start();
        var out = new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8);
        var said = new BufferedReader(out).readLine();
        assertThat(said)
                .as("a disk of its own for %s (needs root, or the right to mount)", child)
                .isEqualTo("made");
    }

    @Override
    public String host(String name) {
        return "127.0.0.1";
    }

    @Override
    public List<String> enter(String name) {
        return name.equals(child)
                ? List.of("nsenter", "-m", "-t", Long.toString(holder.pid()))
                : List.of();
    }

    @Override
    public Path folder(String name, Path usual) {
        return name.equals(child) ? folder.resolve(usual.getFileName()) : usual;
    }

    /// Takes all the room that is left.
    public void fill() throws IOException, InterruptedException {
        // It fails when there is no room left, which is the point.
        run("cat /dev/zero > \"$0\"; test -s \"$0\"");
    }

    /// Gives the room back.
    public void free() throws IOException, InterruptedException {
        run("rm \"$0\"");
    }

    private void run(String script) throws IOException, InterruptedException {
        var command = new ArrayList<>(enter(child));
        command.addAll(List.of("sh", "-c", script, folder.resolve(FILLER).toString()));
        int code =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        assertThat(code).as(script).isZero();
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
