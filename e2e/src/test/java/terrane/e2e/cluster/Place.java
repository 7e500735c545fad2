package terrane.e2e.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Where the processes of a cluster run, as far as a test can cut a network or fill a disk.
///
/// Children are named as their logs are: `broker`, `metasrv-0`, `datanode-2`, `frontend-0`.
public interface Place extends AutoCloseable {
    /// The address that a child listens on, and at which all others reach it.
    String host(String child);

    /// What a child's command begins with; it must become the child, so that it can be killed.
    List<String> enter(String child);

    /// Where a child keeps its files.
    ///
    /// @param usual on the disk of this machine
    default Path folder(String child, Path usual) {
        return usual;
    }

    @Override
    void close() throws IOException;

    /// All of them on this machine as it is.
    record OneHost() implements Place {
        @Override
        public String host(String child) {
            return "127.0.0.1";
        }

        @Override
        public List<String> enter(String child) {
            return List.of();
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }
}
