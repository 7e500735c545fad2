package terrane.metasrv.admin;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableRecord;
import terrane.core.migration.Plan;
import terrane.core.time.Durations;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.metasrv.procedure.ProcedureReports;
import terrane.metasrv.raft.CatalogBackup;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.metasrv.ProcedureReport;

import java.time.Duration;
import java.util.Optional;

/// What the admin API answers, without the HTTP around it.
final class AdminApi {
    private static final String PATHS =
            "GET /admin/health, /admin/leader, /admin/backup, /admin/formation, /admin/members,"
                + " /admin/route, /admin/procedure, /admin/procedures, /admin/heartbeat,"
                + " /admin/node-lease, /admin/quarantine, /metrics; GET or POST"
                + " /admin/region-migration; POST /admin/procedure/cancel, /admin/member/replace,"
                + " /admin/region/skip";

    /// How long `wait=true` waits after the replay timeout: a handover and, at worst, reclaiming.
    private static final Duration WAIT_AFTER_REPLAY = Duration.ofMinutes(5);

    private final CatalogStore store;
    private final AdminSource source;

    AdminApi(CatalogStore store, AdminSource source) {
        this.store = store;
        this.source = source;
    }

    /// Whether any member answers this by itself; all else is the leader's to answer.
    static boolean answeredByAnyMember(AdminRequest request) {
        return switch (request.path()) {
            case "/admin/health", "/health", "/admin/leader", "/metrics" -> true;
            default -> false;
        };
    }

    Optional<Address> leader() {
        return source.migrations().isPresent()
                ? Optional.of(source.http())
                : store.leader().map(CatalogStore.Member::http);
    }

    boolean leads() {
        return source.migrations().isPresent();
    }

    AdminAnswer answer(AdminRequest request) throws InterruptedException {
        return switch (request.path()) {
            case "/admin/health", "/health" -> get(request, AdminAnswer.text("OK"));
            case "/metrics" ->
                    get(
                            request,
                            new AdminAnswer(
                                    200,
                                    "text/plain; version=0.0.4; charset=utf-8",
                                    source.metrics()));
            case "/admin/leader" -> get(request, leaderAddress());
            case "/admin/route" -> get(request, route(request));
            case "/admin/region-migration" -> migrate(request);
            case "/admin/procedure" -> get(request, procedure(request));
            case "/admin/procedures" -> get(request, procedures());
            case "/admin/procedure/cancel" -> cancel(request);
            case "/admin/backup" -> backup(request);
            case "/admin/members" -> get(request, members());
            case "/admin/member/replace" -> replace(request);
            case "/admin/quarantine" -> get(request, quarantine());
            case "/admin/region/skip" -> skip(request);
            case "/admin/heartbeat" -> get(request, heartbeat(request));
            case "/admin/node-lease" ->
                    get(request, AdminAnswer.json(Json.write(Json.leases(source.heard()))));
            default ->
                    AdminAnswer.error(
                            404,
                            ErrorCode.UNSUPPORTED,
                            "nothing at %s; there are: %s".formatted(request.path(), PATHS));
        };
    }

    static AdminAnswer get(AdminRequest request, AdminAnswer answer) {
        return switch (request.method()) {
            case "GET", "HEAD" -> answer;
            default -> wrongMethod(request, "GET");
        };
    }

    private static AdminAnswer wrongMethod(AdminRequest request, String method) {
        return AdminAnswer.error(
                405,
                ErrorCode.UNSUPPORTED,
                "%s is not answered at %s, use %s"
                        .formatted(request.method(), request.path(), method));
    }

    private AdminAnswer leaderAddress() {
        return leader().map(address -> AdminAnswer.text(address.toString())).orElseGet(this::none);
    }

    AdminAnswer none() {
        return AdminAnswer.error(
                503,
                ErrorCode.NO_METASRV_LEADER,
                "no metasrv leads at the moment: an election is under way, or a majority of the"
                        + " metasrvs is down");
    }

    private AdminAnswer route(AdminRequest request) {
        var followers = source.followers();
        var document =
                store.read(catalog -> {
                    var table = table(catalog, request).table();
                    var route = catalog.route(table.id()).orElseThrow();
                    return RouteDocument.of(table, route, followers);
                });
        String format = request.param("format").orElse("");
        if (!format.isEmpty() && !format.equals("json")) {
            throw AdminRequest.malformed(
                    "parameter format is unknown: '%s' (example: format=json)", format);
        }
        boolean bare = format.equals("json");
        return AdminAnswer.json(bare ? document : Json.quoted(document));
    }

    static TableRecord table(Catalog catalog, AdminRequest request) {
        var id =
                request.optional("table_id", "1087", TableId::parse)
                        .or(() ->
                                request.optional("region_id", "4668629450752", RegionId::parse)
                                        .map(RegionId::table));
        var name =
                request.param("table")
                        .map(table ->
                                new TableName(
                                        request.param("catalog").orElse(TableName.CATALOG),
                                        request.param("schema").orElse(TableName.SCHEMA),
                                        table));
        if (id.isEmpty() && name.isEmpty()) {
            throw AdminRequest.malformed(
                    "parameter table_id is missing (example: table_id=1087, or"
                        + " region_id=4668629450752, or catalog=greptime&schema=public&table=cpu)");
        }
        var found = id.isPresent() ? catalog.table(id.get()) : catalog.table(name.orElseThrow());
        return found.orElseThrow(() ->
                TerraneException.rejected(
                        ErrorCode.TABLE_NOT_FOUND,
                        "no such table: %s",
                        id.map(Object::toString).or(() -> name.map(Object::toString)).orElse("")));
    }

    private AdminAnswer migrate(AdminRequest request) throws InterruptedException {
        if (!request.method().equals("GET") && !request.method().equals("POST")) {
            return wrongMethod(request, "GET or POST");
        }
        var move = move(request);
        boolean wait = request.flag("wait");
        var id = requests().submit(move);
        if (id.isEmpty()) {
            return AdminAnswer.json(Json.write(Json.object().putNull("procedure_id")));
        }
        if (wait) {
            var atMost = move.limits().replayTimeout().plus(WAIT_AFTER_REPLAY);
            requests().awaitEnd(id.get(), atMost);
            return AdminAnswer.json(Json.write(Json.procedure(report(id.get()))));
        }
        return AdminAnswer.json(Json.write(Json.object().put("procedure_id", id.get().toString())));
    }

    static MigrationRequests.Move move(AdminRequest request) {
        var region = request.required("region_id", "4668629450752", RegionId::parse);
        var from = request.required("from_peer_id", "2", PeerId::parse);
        var to = request.required("to_peer_id", "1", PeerId::parse);
        var replayTimeout = request.requiredDuration("replay_timeout");
        var maxPause = request.param("max_pause").map(text -> Durations.parse("max_pause", text));
        var limits = new Plan.Limits(replayTimeout, maxPause, request.flag("dry_run"));
        return new MigrationRequests.Move(region, from, to, limits, request.param("request_id"));
    }

    private MigrationRequests requests() {
        return source.migrations().orElseThrow(AdminApi::leadsNoMore);
    }

    private static TerraneException leadsNoMore() {
        return TerraneException.unavailable(
                ErrorCode.NO_METASRV_LEADER, "this metasrv leads no more, try again");
    }

    private ProcedureReport report(ProcedureId id) {
        return store.read(catalog -> catalog.procedure(id).map(ProcedureReports::of))
                .orElseThrow(() ->
                        TerraneException.rejected(
                                ErrorCode.PROCEDURE_NOT_FOUND, "no such procedure: %s", id));
    }

    static ProcedureId procedureId(AdminRequest request) {
        return request.required(
                "procedure_id", "538b7476-9f79-4e50-aa9c-b1de90710839", ProcedureId::parse);
    }

    private AdminAnswer procedure(AdminRequest request) {
        return AdminAnswer.json(Json.write(Json.procedure(report(procedureId(request)))));
    }

    private AdminAnswer procedures() {
        var reports =
                store.read(catalog ->
                        catalog.procedures().stream()
                                .map(ProcedureReports::of)
                                .toList()
                                .reversed());
        var all = Json.array();
        reports.forEach(report -> all.add(Json.procedure(report)));
        return AdminAnswer.json(Json.write(Json.object().set("procedures", all)));
    }

    private AdminAnswer cancel(AdminRequest request) throws InterruptedException {
        if (!request.method().equals("POST")) {
            return wrongMethod(request, "POST");
        }
        var id = procedureId(request);
        requests().cancel(id);
        return AdminAnswer.json(Json.write(Json.procedure(report(id))));
    }

    private AdminAnswer quarantine() {
        var poisons = source.poisons().orElseThrow(AdminApi::leadsNoMore);
        return AdminAnswer.json(Json.write(Json.quarantine(poisons.all(), poisons.givenUp())));
    }

    private AdminAnswer skip(AdminRequest request) throws InterruptedException {
        if (!request.method().equals("POST")) {
            return wrongMethod(request, "POST");
        }
        var region = request.required("region_id", "4668629450752", RegionId::parse);
        var offset = request.required("offset", "1087", AdminApi::offset);
        requests().skip(region, offset);
        return quarantine();
    }

    private static WalOffset offset(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw AdminRequest.malformed("not an offset: '%s'", text);
        }
        return new WalOffset(Long.parseLong(text));
    }

    /// The round proves that nobody else has led meanwhile and knows more.
    private AdminAnswer backup(AdminRequest request) throws InterruptedException {
        if (!request.method().equals("GET")) {
            return wrongMethod(request, "GET");
        }
        store.quorumRound();
        return AdminAnswer.text(store.read(CatalogBackup::of));
    }

    private AdminAnswer members() {
        var all = Json.array();
        for (var member : store.members()) {
            all.add(
                    Json.object()
                            .put("id", member.id())
                            .put("rpc", member.rpc().toString())
                            .put("http", member.http().toString())
                            .put("raft", member.raft().toString()));
        }
        return AdminAnswer.json(Json.write(Json.object().set("members", all)));
    }

    private AdminAnswer replace(AdminRequest request) throws InterruptedException {
        if (!request.method().equals("POST")) {
            return wrongMethod(request, "POST");
        }
        var dead = request.required("id", "2", id -> id);
        var by = request.required("by", "3:meta-3:3001:3002:3003", CatalogStore.Member::parse);
        store.replace(dead, by);
        return members();
    }

    private AdminAnswer heartbeat(AdminRequest request) {
        return AdminAnswer.json(Json.write(Json.heartbeats(source.heard(), request.param("addr"))));
    }
}
