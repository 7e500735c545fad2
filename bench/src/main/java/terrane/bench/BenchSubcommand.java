package terrane.bench;

import terrane.cli.Subcommand;

/// Brings `terrane bench` to the program, which is built before this module.
public final class BenchSubcommand implements Subcommand {
    @Override
    public String name() {
        return "bench";
    }

    @Override
    public Object command() {
        return new BenchCommand();
    }
}
