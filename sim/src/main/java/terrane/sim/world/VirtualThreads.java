package terrane.sim.world;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/// Makes virtual threads that run where an executor of ours says. Threads that they start in turn
/// run on the same executor, so that whatever belongs to a process stays in it.
///
/// Needs `--add-opens java.base/java.lang=ALL-UNNAMED`: the JDK keeps this to itself so far.
final class VirtualThreads {
    private static final Method NEW = method();

    private VirtualThreads() {}

    private static Method method() {
        try {
            var method =
                    Class.forName("java.lang.ThreadBuilders")
                            .getDeclaredMethod(
                                    "newVirtualThread",
                                    Executor.class,
                                    String.class,
                                    int.class,
                                    Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK makes virtual threads in another way", e);
        }
    }

    static Thread on(Executor executor, String name, Runnable body) {
        try {
            return (Thread) NEW.invoke(null, executor, name, 0, body);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot make a virtual thread", e);
        }
    }
}
