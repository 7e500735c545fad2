package terrane.sim.cluster;

import terrane.core.TerraneException;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The machine on which the clients are: calls a frontend as one does over HTTP.
public final class Clients {
    private final SimCluster cluster;
    private final SimProcess process;

    public Clients(SimCluster cluster) {
        this.cluster = cluster;
        this.process = new SimProcess(cluster.world(), "client", 99_000);
    }

    public SimProcess process() {
        return process;
    }

    /// What a frontend does for a client.
    interface Work<T> {
        T run(FrontendHost.Parts parts) throws InterruptedException;
    }

    /// How a call ended.
    sealed interface Answer<T> {
        record Good<T>(T value) implements Answer<T> {}

        /// The frontend said so.
        record Failed<T>(TerraneException error) implements Answer<T> {}

        /// Nobody listened: nothing was done.
        record Refused<T>() implements Answer<T> {}

        /// No answer, perhaps it was done.
        record Lost<T>() implements Answer<T> {}
    }

    <T> Answer<T> call(FrontendHost frontend, Work<T> work, Duration atMost)
            throws InterruptedException {
        var answers = new ArrayList<Answer<T>>();
        var answered = new Cell();
        cluster.world()
                .after(
                        cluster.network().delayNanos(),
                        () -> arrived(frontend, work, answers, answered));
        process.clock().await(answered, atMost);
        answered.wake();
        return answers.isEmpty() ? new Answer.Lost<>() : answers.getFirst();
    }

    private <T> void arrived(
            FrontendHost frontend, Work<T> work, List<Answer<T>> answers, Cell answered) {
        var there = frontend.process();
        var parts = frontend.parts();
        if (there == null || parts == null) {
            answers.add(new Answer.Refused<>());
            answered.wake();
            return;
        }
        there.onDeath(() -> {
            if (!answered.isWoken()) {
                answered.wake();
            }
        });
        there.spawn(
                "http",
                () -> {
                    var answer = answer(parts, work);
                    cluster.world()
                            .after(
                                    cluster.network().delayNanos(),
                                    () -> {
                                        if (!answered.isWoken()) {
                                            answers.add(answer);
                                            answered.wake();
                                        }
                                    });
                });
    }

    private static <T> Answer<T> answer(FrontendHost.Parts parts, Work<T> work) {
        try {
            return new Answer.Good<>(work.run(parts));
        } catch (TerraneException e) {
            return new Answer.Failed<>(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Lost<>();
        }
    }
}
