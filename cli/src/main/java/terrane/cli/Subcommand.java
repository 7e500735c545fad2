package terrane.cli;

/// A command that another module brings: `bench` is built upon this one, which therefore cannot
/// name it. Found by [java.util.ServiceLoader].
public interface Subcommand {
    /// As it is called after `terrane`.
    String name();

    /// An object with picocli's annotations.
    Object command();
}
