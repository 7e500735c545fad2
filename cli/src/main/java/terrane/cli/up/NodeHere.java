package terrane.cli.up;

import terrane.cli.role.Role;
import terrane.core.time.Threads;

import java.util.function.Consumer;

/// A node in this process. One that can never serve again is closed and said to be; the others go
/// on without it.
final class NodeHere implements Node {
    private final String name;
    private final Role role;
    private final Consumer<String> news;
    private final Thread watch;
    private boolean closed;

    private NodeHere(String name, Role role, Consumer<String> news) {
        this.name = name;
        this.role = role;
        this.news = news;
        this.watch = Threads.virtual("over-" + name, this::watch);
    }

    /// @param name for people, for example `datanode 1`
    /// @param news is told when the role has ended of itself
    static NodeHere of(String name, Role role, Consumer<String> news) {
        return new NodeHere(name, role, news);
    }

    private void watch() {
        try {
            var why = role.awaitOver();
            if (end()) {
                news.accept("%s ended: %s (%s)".formatted(name, why.text(), why.code().text()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean end() {
        if (closed) {
            return false;
        }
        closed = true;
        role.close();
        return true;
    }

    @Override
    public String note() {
        return "";
    }

    @Override
    public void abandon() {} // it is closed like any other, which takes no time

    @Override
    public void close() {
        end();
        watch.interrupt();
    }
}
