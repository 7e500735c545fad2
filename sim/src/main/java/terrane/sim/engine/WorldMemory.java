package terrane.sim.engine;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// Native memory that is given back when the world ends: a process that is killed closes nothing.
public final class WorldMemory implements AutoCloseable {
    private static final int LOOK_AFTER = 10_000;

    private final List<ArrowBuf> taken = new ArrayList<>();
    private int lookAt = LOOK_AFTER;

    /// For one process.
    public BufferAllocator allocator() {
        var real = new RootAllocator();
        return (BufferAllocator)
                Proxy.newProxyInstance(
                        WorldMemory.class.getClassLoader(),
                        new Class<?>[] {BufferAllocator.class},
                        (_, method, arguments) -> {
                            try {
                                var result = method.invoke(real, arguments);
                                if (result instanceof ArrowBuf buffer) {
                                    remember(buffer);
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private void remember(ArrowBuf buffer) {
        taken.add(buffer);
        if (taken.size() > lookAt) {
            taken.removeIf(each -> each.refCnt() == 0);
            lookAt = taken.size() + LOOK_AFTER;
        }
    }

    @Override
    public void close() {
        for (var buffer : taken) {
            int references = buffer.refCnt();
            if (references > 0) {
                buffer.getReferenceManager().release(references);
            }
        }
        taken.clear();
    }
}
