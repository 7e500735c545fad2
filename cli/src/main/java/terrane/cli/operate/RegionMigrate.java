package terrane.cli.operate;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import terrane.cli.client.AdminClient;
import terrane.cli.client.Migration;
import terrane.cli.process.ExitCode;
import terrane.cli.screen.Screen;
import terrane.core.PeerId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.time.Durations;
import terrane.core.time.SystemClock;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.Optional;
import java.util.concurrent.Callable;

/// Moves a region from one datanode to another.
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Moves a region from one datanode to another while it is written to and read from.",
            "%nWithout --watch it answers at once with the procedure, and the migration goes on by"
                    + " itself. With --watch it ends with the migration: exit code 0 if the region"
                    + " is on the target (or the dry run went well), 1 if not."
        },
        footer = {
            "",
            "Example: terrane region migrate 4398046511104 --from 0 --to 1 --watch",
            ExitCode.HELP
        })
final class RegionMigrate implements Callable<Integer> {
    @Mixin private MetasrvOptions options = new MetasrvOptions();

    @Parameters(paramLabel = "REGION", description = "its id, as 'terrane region list' shows it")
    private String region = "";

    @Option(
            names = "--from",
            required = true,
            paramLabel = "PEER",
            description = "who leads it now")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "PEER", description = "who is to lead it")
    private String to = "";

    @Option(
            names = "--replay-timeout",
            defaultValue = "5m",
            paramLabel = "TIME",
            description = "how long catching up may take; default ${DEFAULT-VALUE}")
    private String replayTimeout = "";

    @Option(
            names = "--max-pause",
            paramLabel = "TIME",
            description = "hand over only if writes are predicted to pause for less, e.g. 50ms")
    private @Nullable String maxPause;

    @Option(names = "--dry-run", description = "open, catch up, measure, and stop there")
    private boolean dryRun;

    @Option(names = "--watch", description = "show it until it has ended")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        var migration =
                new Migration(
                        RegionId.parse(region),
                        PeerId.parse(from),
                        PeerId.parse(to),
                        Durations.parse("--replay-timeout", replayTimeout),
                        Optional.ofNullable(maxPause)
                                .map(text -> Durations.parse("--max-pause", text)),
                        dryRun,
                        Randomness.system().nextUuid().toString());
        var clock = new SystemClock();
        try (var admin = options.open(clock)) {
            var id = admin.migrate(migration);
            if (id.isEmpty()) {
                return there();
            }
            return watch ? follow(admin, id.get()) : begun(id.get());
        }
    }

    private int there() {
        System.out.println(
                options.json()
                        ? json("procedure_id", null)
                        : "region %s is on datanode %s already".formatted(region, to));
        return ExitCode.OK;
    }

    private int begun(String id) {
        System.out.println(
                options.json()
                        ? json("procedure_id", id)
                        : "procedure %s; see it with: terrane region watch %s".formatted(id, id));
        return ExitCode.OK;
    }

    private int follow(AdminClient admin, String id) throws InterruptedException {
        return new Ended(options.json(), Screen.standard()).follow(admin, id, new SystemClock());
    }

    private static String json(String key, @Nullable String value) {
        var object = JsonNodeFactory.instance.objectNode().put(key, value);
        return new ObjectMapper().writeValueAsString(object);
    }
}
