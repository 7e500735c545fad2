package terrane.frontend.read;

import terrane.core.time.Threads;
import terrane.query.select.Chunk;
import terrane.query.select.ChunkStream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The parts of several regions as they arrive. One thread reads; a few threads fetch.
final class MergedScan implements ChunkStream {
    /// Regions that are read at once: enough to keep a query busy while each leader works.
    private static final int FETCHERS_MAX = 8;

    /// Parts that wait for the reader, of a megabyte each as a rule.
    private static final int AHEAD_MAX = 8;

    /// What a fetcher has to say.
    private sealed interface Word {
        record Part(Chunk chunk) implements Word {}

        record Failed(RuntimeException error) implements Word {}

        /// A fetcher has no more regions.
        record Ended() implements Word {}
    }

    private final ConcurrentLinkedQueue<RegionScan> waiting;
    private final BlockingQueue<Word> words = new ArrayBlockingQueue<>(AHEAD_MAX);
    private final List<Thread> fetchers = new ArrayList<>();
    private int running;

    MergedScan(List<RegionScan> scans) {
        waiting = new ConcurrentLinkedQueue<>(scans);
        running = Math.min(FETCHERS_MAX, scans.size());
        for (int i = 0; i < running; i++) {
            fetchers.add(Threads.virtual("scan-fetch", this::fetch));
        }
    }

    private void fetch() {
        try {
            try {
                var scan = waiting.poll();
                while (scan != null) {
                    drain(scan);
                    scan = waiting.poll();
                }
                words.put(new Word.Ended());
            } catch (RuntimeException e) {
                // Whatever it is, the reader must not wait for ever.
                words.put(new Word.Failed(e));
            }
        } catch (InterruptedException e) {
            // [#close] interrupts: nobody reads any more, so there is nobody to tell.
            Thread.currentThread().interrupt();
        }
    }

    private void drain(RegionScan scan) throws InterruptedException {
        try (scan) {
            var part = scan.next();
            while (part.isPresent()) {
                words.put(new Word.Part(new Chunk(part.get().rowCount(), part.get().arrow())));
                part = scan.next();
            }
        }
    }

    @Override
    public Optional<Chunk> next() throws InterruptedException {
        while (running > 0) {
            switch (words.take()) {
                case Word.Part part -> {
                    return Optional.of(part.chunk());
                }
                case Word.Failed failed -> throw failed.error();
                case Word.Ended _ -> running--;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        fetchers.forEach(Thread::interrupt);
    }
}
