package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import terrane.cli.process.ExitCode;
import terrane.cli.screen.Screen;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

import java.util.concurrent.Callable;

/// Follows a migration until it has ended.
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a migration until it has ended.",
            "%nExit code 0 if the region is on the target, 1 if not."
        },
        footer = {"", ExitCode.HELP})
final class RegionWatch implements Callable<Integer> {
    @Mixin private MetasrvOptions options = new MetasrvOptions();

    @Parameters(
            paramLabel = "ID",
            description = "a procedure's id, or a region's, for its newest procedure")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
        var clock = new SystemClock();
        try (var admin = options.open(clock)) {
            var procedure = id;
            if (id.chars().allMatch(Character::isDigit)) {
                procedure =
                        admin.procedures().stream()
                                .filter(each -> each.region().filter(id::equals).isPresent())
                                .findFirst()
                                .orElseThrow(() -> none(id))
                                .id();
            }
            return new Ended(options.json(), Screen.standard()).follow(admin, procedure, clock);
        }
    }

    private static TerraneException.Rejected none(String region) {
        return TerraneException.rejected(
                ErrorCode.PROCEDURE_NOT_FOUND,
                "no procedure is known of region %s; 'terrane region list' shows the regions",
                region);
    }
}
