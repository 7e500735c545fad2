package terrane.cli.role;

import terrane.core.TerraneException;

import java.util.concurrent.CountDownLatch;

/// A role that runs in this process.
public interface Role extends AutoCloseable {
    /// What it is and where it is reached, in one line for people.
    String describe();

    /// Blocks until this role can never serve again, which most roles always can.
    ///
    /// @return why not
    default TerraneException awaitOver() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new IllegalStateException("nobody counts down");
    }

    /// Drains and ends; blocks for as long as that takes.
    @Override
    void close();
}
