package terrane.cli.up;

/// One node of a local cluster while it runs, wherever it does.
interface Node extends AutoCloseable {
    /// In a few words, for example with its process id; empty if there is nothing to say.
    String note();

    /// Ends it at once: it does not serve yet, so nobody waits for anything of it.
    void abandon();

    @Override
    void close();
}
