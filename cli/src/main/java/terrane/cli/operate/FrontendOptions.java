package terrane.cli.operate;

import picocli.CommandLine.Option;

import terrane.cli.client.SqlClient;
import terrane.core.Address;

/// Which frontend is asked, and for whom to write.
final class FrontendOptions {
    @Option(
            names = "--frontend",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:4000",
            description = "a frontend's HTTP address; default ${DEFAULT-VALUE}")
    private String frontend = "";

    @Option(
            names = "--output",
            defaultValue = "text",
            description = "text for people, json for scripts")
    private Output output = Output.TEXT;

    SqlClient open() {
        return new SqlClient(Address.parse(frontend));
    }

    boolean json() {
        return output == Output.JSON;
    }
}
