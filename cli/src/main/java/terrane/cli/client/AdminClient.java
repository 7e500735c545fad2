package terrane.cli.client;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the metasrv leader, by the admin API; any metasrv that answers says who leads.
public final class AdminClient implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    /// Longer than an election and a start of the new leader's duties together.
    private static final Duration LEADER_MAX = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final String ADVICE =
            "no metasrv listens there; start a cluster with 'terrane up', or name other metasrvs"
                    + " with --metasrv host:port,host:port";

    private final List<Http> metasrvs;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private Http current;

    /// @param metasrvs HTTP addresses, at least one
    public AdminClient(List<Address> metasrvs, Clock clock) {
        this.metasrvs = metasrvs.stream().map(address -> new Http(address, ADVICE)).toList();
        this.clock = clock;
        this.current = this.metasrvs.getFirst();
    }

    /// Begins a migration, which goes on by itself.
    ///
    /// @return its procedure; empty if the region is on the target already
    /// @throws TerraneException.Rejected if it may not begin; nothing has changed
    public Optional<String> migrate(Migration migration) throws InterruptedException {
        var answer = ask("POST", "/admin/region-migration", migration.parameters());
        var id = answer.path("procedure_id");
        return id.isString() ? Optional.of(id.asString()) : Optional.empty();
    }

    public ProcedureView procedure(String id) throws InterruptedException {
        return new ProcedureView(ask("GET", "/admin/procedure", Map.of("procedure_id", id)));
    }

    /// Newest first.
    public List<ProcedureView> procedures() throws InterruptedException {
        var procedures = new ArrayList<ProcedureView>();
        for (var each : ask("GET", "/admin/procedures", Map.of()).path("procedures")) {
            procedures.add(new ProcedureView(each));
        }
        return procedures;
    }

    /// Ends a migration that is not past its handover.
    public ProcedureView cancel(String id) throws InterruptedException {
        return new ProcedureView(
                ask("POST", "/admin/procedure/cancel", Map.of("procedure_id", id)));
    }

    /// Has a region give up the record that it waits at.
    ///
    /// @return what regions wait at now
    public JsonNode skip(String region, String offset) throws InterruptedException {
        return ask("POST", "/admin/region/skip", Map.of("region_id", region, "offset", offset));
    }

    /// The metadata of the whole cluster, as text to be kept.
    public String backup() throws InterruptedException {
        return answer("GET", "/admin/backup", Map.of()).body();
    }

    private JsonNode ask(String method, String path, Map<String, String> parameters)
            throws InterruptedException {
        return parse(answer(method, path, parameters));
    }

    /// Asks, and asks again while there is no leader: what is asked is harmless to repeat.
    private Http.Answer answer(String method, String path, Map<String, String> parameters)
            throws InterruptedException {
        long deadline = clock.nanosAfter(LEADER_MAX);
        int tried = 0;
        while (true) {
            try {
                return once(method, path, parameters);
            } catch (TerraneException.Unavailable | TerraneException.Uncertain e) {
                tried++;
                boolean nobody = tried >= metasrvs.size() && e.code() == ErrorCode.UNREACHABLE;
                if (nobody || clock.passed(deadline)) {
                    throw e;
                }
                current = metasrvs.get(tried % metasrvs.size());
                clock.sleep(PAUSE);
            }
        }
    }

    private Http.Answer once(String method, String path, Map<String, String> parameters)
            throws InterruptedException {
        var answer =
                method.equals("GET")
                        ? current.get(path, parameters, ANSWER_MAX)
                        : current.post(path, parameters, Map.of(), ANSWER_MAX);
        if (answer.good()) {
            return answer;
        }
        var error = parse(answer).path("error");
        throw failure(
                answer.status(),
                "%s (%s)"
                        .formatted(
                                error.path("message").asString(answer.body()),
                                error.path("code").asString("HTTP " + answer.status())));
    }

    private JsonNode parse(Http.Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (JacksonException e) {
            throw failure(
                    answer.status() / 100 == 2 ? 502 : answer.status(),
                    "%s does not answer as a metasrv does: %s"
                            .formatted(current.address(), answer.body().strip()));
        }
    }

    /// The text names its code already.
    private static TerraneException failure(int status, String text) {
        if (status == 503) {
            return new TerraneException.Unavailable(ErrorCode.NO_METASRV_LEADER, text, PAUSE, null);
        }
        // Any code but INVALID_ARGUMENT, which stands for a wrong command line.
        return status / 100 == 4
                ? new TerraneException.Rejected(ErrorCode.UNSUPPORTED, text, null)
                // A leader that lost its majority half-way does not know either: ask the next one.
                : new TerraneException.Uncertain(ErrorCode.INTERNAL, text, null);
    }

    @Override
    public void close() {
        metasrvs.forEach(Http::close);
    }
}
