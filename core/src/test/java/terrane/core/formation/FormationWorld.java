package terrane.core.formation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Three members as a picture of which every successor can be listed: what is on each disk, what
/// each process has heard, and how much each disk has confirmed.
///
/// Raft is its outcome: any majority of those that take part can elect the one of them with the
/// longest log, which then has them confirm one entry more. That must never be while a disk of
/// somebody else holds an entry that is not among theirs.
record FormationWorld(List<Disk> disks, List<Run> processes, List<Integer> folders, Budget left) {
    static final int MEMBERS = 3;
    private static final TreeSet<String> IDS = new TreeSet<>(List.of("0", "1", "2"));

    /// How often each may still happen.
    ///
    /// @param losses of a disk with its process
    /// @param crashes of a process alone
    record Budget(int losses, int crashes, int entries) {}

    /// @param log how many entries it has confirmed
    record Disk(Optional<Standing> mark, int log) {
        static final Disk EMPTY = new Disk(Optional.empty(), 0);
    }

    sealed interface Run {
        record Down() implements Run {}

        /// @param look what those of the others said whom it has asked this time
        record Asking(FormationState state, SortedMap<String, Standing> look, int asked)
                implements Run {}

        record Voting() implements Run {}
    }

    /// The rules, so that some can be left out.
    interface Rules {
        FormationState next(
                Formation.Plan plan, FormationState state, SortedMap<String, Standing> look);
    }

    record Found(Optional<FormationWorld> violation, int states, int entriesMax, int refusals) {}

    private static FormationWorld empty(Budget budget) {
        return new FormationWorld(
                List.of(Disk.EMPTY, Disk.EMPTY, Disk.EMPTY),
                List.of(new Run.Down(), new Run.Down(), new Run.Down()),
                List.of(0, 0, 0),
                budget);
    }

    /// A cluster that somebody believes in who did not ask.
    static SortedMap<String, UUID> made(Formation.Plan plan) {
        var folders = new TreeMap<String, UUID>();
        plan.members().forEach(id -> folders.put(id, plan.folder()));
        return folders;
    }

    static Found search(Rules rules, Budget budget) {
        var start = empty(budget);
        Set<FormationWorld> seen = new HashSet<>(List.of(start));
        var frontier = new ArrayDeque<FormationWorld>(seen);
        int entriesMax = 0;
        int refusals = 0;
        while (!frontier.isEmpty()) {
            var world = frontier.remove();
            if (world.electsOneThatLacks()) {
                return new Found(Optional.of(world), seen.size(), entriesMax, refusals);
            }
            entriesMax = Math.max(entriesMax, budget.entries() - world.left.entries());
            for (var next : world.successors(rules)) {
                if (seen.add(next)) {
                    frontier.add(next);
                    refusals += world.refuses(next) ? 1 : 0;
                }
            }
        }
        return new Found(Optional.empty(), seen.size(), entriesMax, refusals);
    }

    /// Two start, ask for a while, and then the third starts too.
    static boolean formsFromNothing(int last) {
        var world = empty(new Budget(0, 0, 0));
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < MEMBERS; i++) {
                if (i != last || round > 10) {
                    world = world.goOn(i, Formation::next);
                }
            }
            if (round <= 10 && world.processes.contains(new Run.Voting())) {
                return false;
            }
        }
        return world.processes.stream().allMatch(Run.Voting.class::isInstance);
    }

    private boolean refuses(FormationWorld next) {
        for (int i = 0; i < MEMBERS; i++) {
            if (processes.get(i) instanceof Run.Asking
                    && next.processes.get(i) instanceof Run.Down
                    && next.left.equals(left)) {
                return true;
            }
        }
        return false;
    }

    private boolean votes(int i) {
        return processes.get(i) instanceof Run.Voting;
    }

    /// Whether a majority votes of which nobody has all that a disk still has.
    private boolean electsOneThatLacks() {
        int longest = disks.stream().mapToInt(Disk::log).max().orElseThrow();
        for (int absent = 0; absent < MEMBERS; absent++) {
            int a = (absent + 1) % MEMBERS;
            int b = (absent + 2) % MEMBERS;
            if (votes(a)
                    && votes(b)
                    && Math.max(disks.get(a).log(), disks.get(b).log()) < longest) {
                return true;
            }
        }
        return false;
    }

    private List<FormationWorld> successors(Rules rules) {
        var all = new ArrayList<FormationWorld>();
        for (int i = 0; i < MEMBERS; i++) {
            if (!votes(i)) {
                all.add(goOn(i, rules));
            }
            boolean runs = !(processes.get(i) instanceof Run.Down);
            if (runs && left.crashes() > 0) {
                var after = new Budget(left.losses(), left.crashes() - 1, left.entries());
                all.add(with(i, disks.get(i), new Run.Down(), after));
            }
            if (disks.get(i).mark().isPresent() && left.losses() > 0) {
                var after = new Budget(left.losses() - 1, left.crashes(), left.entries());
                all.add(with(i, Disk.EMPTY, new Run.Down(), after));
            }
        }
        if (left.entries() > 0) {
            confirmed().forEach(all::add);
        }
        return all;
    }

    /// One more entry, on any majority of those that vote.
    private List<FormationWorld> confirmed() {
        var all = new ArrayList<FormationWorld>();
        var after = new Budget(left.losses(), left.crashes(), left.entries() - 1);
        for (int absent = 0; absent < MEMBERS; absent++) {
            int a = (absent + 1) % MEMBERS;
            int b = (absent + 2) % MEMBERS;
            if (votes(a) && votes(b)) {
                int log = Math.max(disks.get(a).log(), disks.get(b).log()) + 1;
                all.add(longer(a, log, after).longer(b, log, after));
            }
        }
        return all;
    }

    private FormationWorld longer(int i, int log, Budget after) {
        return with(i, new Disk(disks.get(i).mark(), log), processes.get(i), after);
    }

    private FormationWorld with(int i, Disk disk, Run process, Budget after) {
        var newDisks = new ArrayList<>(disks);
        newDisks.set(i, disk);
        var newProcesses = new ArrayList<>(processes);
        newProcesses.set(i, process);
        return new FormationWorld(List.copyOf(newDisks), List.copyOf(newProcesses), folders, after);
    }

    /// What member `i` does next by itself; the same picture if nothing.
    private FormationWorld goOn(int i, Rules rules) {
        return switch (processes.get(i)) {
            case Run.Down _ -> started(i);
            case Run.Asking(FormationState.Formed formed, _, _) ->
                    with(i, marked(i, formed), new Run.Voting(), left);
            case Run.Asking asking -> asked(i, asking, rules);
            case Run.Voting _ -> this;
        };
    }

    private Disk marked(int i, FormationState.Formed formed) {
        return new Disk(Optional.of(new Standing.Formed(formed.folders())), disks.get(i).log());
    }

    private FormationWorld started(int i) {
        if (disks.get(i).mark().isEmpty()) {
            var counted = new ArrayList<>(folders);
            counted.set(i, folders.get(i) + 1);
            var blank = new Standing.Blank(new UUID(i, folders.get(i)));
            var disk = new Disk(Optional.of(blank), 0);
            return new FormationWorld(disks, processes, List.copyOf(counted), left)
                    .with(i, disk, asking(Formation.begin(plan(i, blank))), left);
        }
        return switch (disks.get(i).mark().get()) {
            case Standing.Blank blank ->
                    with(i, disks.get(i), asking(Formation.begin(plan(i, blank))), left);
            case Standing.Formed _ -> with(i, disks.get(i), new Run.Voting(), left);
        };
    }

    private static Run asking(FormationState state) {
        return new Run.Asking(state, new TreeMap<>(), 0);
    }

    private static Formation.Plan plan(int i, Standing.Blank blank) {
        return new Formation.Plan(Integer.toString(i), IDS, blank.folder());
    }

    /// Asks one more of the others, and judges once all were asked.
    private FormationWorld asked(int i, Run.Asking asking, Rules rules) {
        int other = (i + 1 + asking.asked()) % MEMBERS;
        var look = new TreeMap<>(asking.look());
        if (!(processes.get(other) instanceof Run.Down)) {
            look.put(Integer.toString(other), disks.get(other).mark().orElseThrow());
        }
        if (asking.asked() + 1 < MEMBERS - 1) {
            var more = new Run.Asking(asking.state(), look, asking.asked() + 1);
            return with(i, disks.get(i), more, left);
        }
        var blank = (Standing.Blank) disks.get(i).mark().orElseThrow();
        var next = rules.next(plan(i, blank), asking.state(), look);
        var process = next instanceof FormationState.Refused ? new Run.Down() : asking(next);
        return with(i, disks.get(i), process, left);
    }
}
