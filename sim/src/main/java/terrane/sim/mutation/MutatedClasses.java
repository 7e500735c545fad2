package terrane.sim.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Loads everything of ours anew, with all mutations woven in and none of them on.
final class MutatedClasses extends ClassLoader {
    private static final String OURS = "terrane.";

    private final List<Mutation> mutations;

    MutatedClasses(List<Mutation> mutations) {
        super(MutatedClasses.class.getClassLoader());
        this.mutations = List.copyOf(mutations);
    }

    /// Loads every class that is changed.
    ///
    /// @throws IllegalStateException if one is not there, or is not as the cuts expect it
    void loadAll() {
        for (var mutation : mutations) {
            for (var cut : mutation.cuts()) {
                try {
                    loadClass(cut.type());
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException(mutation.name() + ": no class " + cut, e);
                }
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = woven(name, in.readAllBytes());
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] woven(String name, byte[] bytes) {
        byte[] woven = bytes;
        for (int number = 0; number < mutations.size(); number++) {
            for (var cut : mutations.get(number).cuts()) {
                if (cut.type().equals(name)) {
                    woven = new Weaving(number, cut).apply(woven);
                }
            }
        }
        return woven;
    }
}
