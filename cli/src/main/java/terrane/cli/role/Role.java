package terrane.cli.role;

/// A role that runs in this process.
public interface Role extends AutoCloseable {
    /// What it is and where it is reached, in one line for people.
    String describe();

    /// Drains and ends; blocks for as long as that takes.
    @Override
    void close();
}
