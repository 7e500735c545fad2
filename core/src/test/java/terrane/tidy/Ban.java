package terrane.tidy;

import java.util.List;

/// Something that sources may not name, and what they use instead.
///
/// @param what `Type.method` for a static method, called or referred to or imported; `.method` for
///   a method of anything; `new Type` for a constructor; `Type` for any mention
/// @param instead completes the sentence "use …"
/// @param homes paths that may name it: a file, or a folder that ends in a slash
/// @param inTests whether tests may not name it either
record Ban(String what, String instead, List<String> homes, boolean inTests) {

    private static final List<String> CLOCK =
            List.of("core/src/main/java/terrane/core/time/SystemClock.java");
    private static final List<String> THREADS =
            List.of("core/src/main/java/terrane/core/time/Threads.java");
    private static final List<String> RANDOM =
            List.of("core/src/main/java/terrane/core/Randomness.java");
    private static final List<String> NOWHERE = List.of();

    private static final List<String> WAL = List.of("engine/src/main/java/terrane/engine/wal/");

    /// Who may wait with a limit other than by `Clock`: the clock itself.
    static final List<String> TIMED_WAITS = CLOCK;

    static final List<Ban> ALL =
            List.of(
                    main("System.nanoTime", "Clock.nanos", CLOCK),
                    main("System.currentTimeMillis", "Clock.now", CLOCK),
                    main("Instant.now", "Clock.now", CLOCK),
                    main("LocalDateTime.now", "Clock.now", CLOCK),
                    main("ZonedDateTime.now", "Clock.now", CLOCK),
                    everywhere("Thread.sleep", "Clock.sleep, or wait for the event", CLOCK),
                    main("LockSupport.parkNanos", "Clock.await", CLOCK),
                    main("LockSupport.parkUntil", "Clock.await", CLOCK),
                    main(".awaitNanos", "Clock.await", CLOCK),
                    main(".awaitUntil", "Clock.await", CLOCK),
                    main("new Timer", "a virtual thread and Clock.sleep", NOWHERE),
                    main("Executors.newScheduledThreadPool", "Clock.sleep", NOWHERE),
                    main("Executors.newSingleThreadScheduledExecutor", "Clock.sleep", NOWHERE),
                    main("new Random", "Randomness", RANDOM),
                    main("new SecureRandom", "Randomness.system", RANDOM),
                    main("ThreadLocalRandom", "Randomness", RANDOM),
                    main("UUID.randomUUID", "Randomness.nextUuid", RANDOM),
                    main("Math.random", "Randomness", RANDOM),
                    main("Collections.shuffle", "Randomness", RANDOM),
                    main("Thread.ofPlatform", "Threads.platform", THREADS),
                    main("new Thread", "Threads.platform, or Thread.ofVirtual", THREADS),
                    main("new KafkaConsumer", "Wal", WAL),
                    main("new KafkaProducer", "Wal", WAL),
                    main(".parallelStream", "a plain loop", NOWHERE),
                    composed(".thenApply"),
                    composed(".thenApplyAsync"),
                    composed(".thenAccept"),
                    composed(".thenAcceptAsync"),
                    composed(".thenCombine"),
                    composed(".thenCompose"),
                    composed(".thenComposeAsync"),
                    composed(".thenRun"),
                    composed(".thenRunAsync"),
                    composed(".whenComplete"),
                    composed(".whenCompleteAsync"),
                    composed(".handleAsync"),
                    composed(".exceptionally"),
                    composed(".exceptionallyCompose"),
                    composed(".orTimeout"),
                    composed(".completeOnTimeout"),
                    composed("CompletableFuture.supplyAsync"),
                    composed("CompletableFuture.runAsync"),
                    composed("CompletableFuture.allOf"),
                    composed("CompletableFuture.anyOf"));

    private static Ban main(String what, String instead, List<String> homes) {
        return new Ban(what, instead, homes, false);
    }

    private static Ban everywhere(String what, String instead, List<String> homes) {
        return new Ban(what, instead, homes, true);
    }

    private static Ban composed(String what) {
        return main(what, "a virtual thread that waits for the future", NOWHERE);
    }

    boolean appliesTo(Source source) {
        return (inTests || !source.isTest()) && !isHome(homes, source.path());
    }

    static boolean isHome(List<String> homes, String path) {
        return homes.stream()
                .anyMatch(home -> home.endsWith("/") ? path.startsWith(home) : path.equals(home));
    }

    String message() {
        return "banned: %s, use %s"
                .formatted(what.startsWith(".") ? what.substring(1) : what, instead);
    }
}
