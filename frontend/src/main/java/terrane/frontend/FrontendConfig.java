package terrane.frontend;

import terrane.core.Address;
import terrane.frontend.write.WriteLimits;
import terrane.query.select.SelectDatabase;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a frontend is told when it starts.
///
/// @param bind where HTTP listens; port 0 for any
/// @param advertised where clients reach it, if that is not where it binds
/// @param metasrvs the RPC addresses of all metasrvs
/// @param database for queries: folder, memory, how many at once
/// @param drain how long [FrontendServer#close] waits for requests that are being answered
public record FrontendConfig(
        Address bind,
        Optional<Address> advertised,
        List<Address> metasrvs,
        SelectDatabase.Limits database,
        WriteLimits writes,
        Duration queryTimeout,
        Duration drain) {
    public FrontendConfig {
        metasrvs = List.copyOf(metasrvs);
    }

    /// With the limits that suit most.
    public static FrontendConfig of(
            Address bind, List<Address> metasrvs, SelectDatabase.Limits database) {
        return new FrontendConfig(
                bind,
                Optional.empty(),
                metasrvs,
                database,
                WriteLimits.DEFAULT,
                Duration.ofSeconds(60),
                // A write that is held ends within its own deadline.
                WriteLimits.DEFAULT.deadline().plusSeconds(1));
    }
}
