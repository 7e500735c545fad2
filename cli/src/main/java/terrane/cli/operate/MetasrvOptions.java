package terrane.cli.operate;

import picocli.CommandLine.Option;

import terrane.cli.client.AdminClient;
import terrane.core.Address;
import terrane.core.time.Clock;

import java.util.ArrayList;
import java.util.List;

/// Which cluster is meant, and for whom to write.
final class MetasrvOptions {
    @Option(
            names = "--metasrv",
            paramLabel = "HOST:PORT",
            split = ",",
            defaultValue = "127.0.0.1:3002,127.0.0.1:3012,127.0.0.1:3022",
            description =
                    "HTTP addresses of metasrvs, of which one has to answer, whichever leads;"
                            + " default ${DEFAULT-VALUE}")
    private List<String> metasrvs = new ArrayList<>();

    @Option(
            names = "--output",
            defaultValue = "text",
            description = "text for people, json for scripts")
    private Output output = Output.TEXT;

    AdminClient open(Clock clock) {
        return new AdminClient(metasrvs.stream().map(Address::parse).toList(), clock);
    }

    boolean json() {
        return output == Output.JSON;
    }
}
