package terrane.metasrv.raft;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.formation.Formation;
import terrane.core.formation.FormationState;
import terrane.core.formation.Standing;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore.Member;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Has a member with a blank folder wait for its cluster to be formed, and refuses one that has
/// lost what it had confirmed. A member that is part of a cluster is not held up and asks nobody.
public final class Forming {
    /// What to do about a folder that is lost.
    static final String ADVICE =
            "If its disk was lost, it comes back under an id that no metasrv had, with an empty"
                    + " folder and metasrv.join = true, and takes the place of the old id by"
                    + " POST /admin/member/replace";

    private static final System.Logger LOG = System.getLogger(Forming.class.getName());

    /// A first start waits for two or three of these after the last member has come.
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /// Whoever started it may be looking at the log.
    private static final Duration SAY_FIRST = Duration.ofSeconds(2);

    private static final Duration SAY_EVERY = Duration.ofSeconds(10);

    private final RaftCatalogStore.Config config;
    private final MemberFolder folder;
    private final Others others;
    private final Clock clock;

    /// How other members are asked.
    public interface Others {
        /// What it says of its folder; empty if it does not answer within a second or two.
        Optional<Standing> ask(Member member) throws InterruptedException;
    }

    private Forming(
            RaftCatalogStore.Config config, MemberFolder folder, Others others, Clock clock) {
        this.config = config;
        this.folder = folder;
        this.others = others;
        this.clock = clock;
    }

    /// Returns when the member may take part; blocks until all members were there once, if this is
    /// the first start of the cluster. Others must be able to ask this one meanwhile.
    ///
    /// @param folder the one of `config`
    /// @throws TerraneException.Rejected if the cluster was formed without this folder
    public static void await(
            RaftCatalogStore.Config config, MemberFolder folder, Others others, Clock clock)
            throws InterruptedException {
        if (folder.standing() instanceof Standing.Blank blank) {
            new Forming(config, folder, others, clock).run(blank);
        }
    }

    private void run(Standing.Blank blank) throws InterruptedException {
        var ids = new TreeSet<>(config.members().stream().map(Member::id).toList());
        var plan = new Formation.Plan(config.self(), ids, blank.folder());
        var state = Formation.begin(plan);
        long sayAt = clock.nanosAfter(SAY_FIRST);
        while (true) {
            state = Formation.next(plan, state, look());
            switch (state) {
                case FormationState.Formed(var folders) -> {
                    folder.form(folders);
                    LOG.log(Level.INFO, "the cluster is formed: metasrvs={0}", folders.keySet());
                    return;
                }
                case FormationState.Refused refused -> throw refusal(plan, refused);
                case FormationState.Gathering _, FormationState.AllBlank _ -> {
                    if (clock.passed(sayAt)) {
                        LOG.log(Level.INFO, "{0}", progress(plan, state));
                        sayAt = clock.nanosAfter(SAY_EVERY);
                    }
                    clock.sleep(LOOK_EVERY);
                }
            }
        }
    }

    private SortedMap<String, Standing> look() throws InterruptedException {
        var look = new TreeMap<String, Standing>();
        for (var member : config.members()) {
            if (!member.id().equals(config.self())) {
                others.ask(member).ifPresent(standing -> look.put(member.id(), standing));
            }
        }
        return look;
    }

    private String progress(Formation.Plan plan, FormationState state) {
        return state instanceof FormationState.Gathering(var missing)
                ? "this folder is empty, and a first start needs all of metasrv.members once;"
                        + " waits for "
                        + addresses(missing)
                : "all metasrvs are there; waits for %s to form the cluster"
                        .formatted(plan.members().first());
    }

    private List<String> addresses(SortedSet<String> ids) {
        return config.members().stream()
                .filter(member -> ids.contains(member.id()))
                .map(member -> "metasrv %s at %s".formatted(member.id(), member.http()))
                .toList();
    }

    private TerraneException.Rejected refusal(Formation.Plan plan, FormationState.Refused refused) {
        Collection<String> formed = refused.folders().keySet();
        if (plan.folder().equals(refused.folders().get(plan.self()))) {
            return TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "metasrv.members differs between metasrvs: here %s, but metasrv %s formed the"
                            + " cluster of %s",
                    plan.members(),
                    refused.by(),
                    formed);
        }
        return TerraneException.rejected(
                ErrorCode.FOLDER_LOST,
                "metasrv %s remembers a cluster that this metasrv's folder was not part of:"
                        + " metasrv.id=%s metasrv.folder=%s. %s",
                refused.by(),
                plan.self(),
                config.directory(),
                ADVICE);
    }
}
