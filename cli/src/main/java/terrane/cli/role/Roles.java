package terrane.cli.role;

import terrane.cli.config.Settings;
import terrane.core.TerraneException;

/// Roles that have a process to themselves, and all of its connections.
public final class Roles {
    /// Wires a role that is part of `shared`.
    @FunctionalInterface
    private interface Part {
        Role start(Shared shared) throws InterruptedException;
    }

    /// A role, and what nobody else uses.
    private record Alone(Role role, Shared shared) implements Role {
        @Override
        public String describe() {
            return role.describe();
        }

        @Override
        public TerraneException awaitOver() throws InterruptedException {
            return role.awaitOver();
        }

        @Override
        public void close() {
            role.close();
            shared.close();
        }
    }

    private Roles() {}

    public static Role metasrv(Settings settings) throws InterruptedException {
        return alone(settings, MetasrvRole::start);
    }

    public static Role datanode(Settings settings) throws InterruptedException {
        return alone(settings, DatanodeRole::start);
    }

    public static Role frontend(Settings settings) throws InterruptedException {
        return alone(settings, FrontendRole::start);
    }

    private static Role alone(Settings settings, Part part) throws InterruptedException {
        var shared = Shared.open(settings);
        try {
            return new Alone(part.start(shared), shared);
        } catch (InterruptedException | RuntimeException e) {
            shared.close();
            throw e;
        }
    }
}
