package terrane.cli.up;

import terrane.cli.role.Role;

/// One node of a local cluster while it runs, wherever it does.
interface Node extends AutoCloseable {
    /// In a few words, for example with its process id; empty if there is nothing to say.
    String note();

    /// Ends it at once: it does not serve yet, so nobody waits for anything of it.
    void abandon();

    @Override
    void close();

    /// A node in this process.
    record Here(Role role) implements Node {
        @Override
        public String note() {
            return "";
        }

        @Override
        public void abandon() {} // it is closed like any other, which takes no time

        @Override
        public void close() {
            role.close();
        }
    }
}
