package terrane.core.formation;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Decides whether a member with a blank folder takes part in a first start, or is one that has
/// lost its memory. The argument stands in decision 0023; in short:
///
/// 1. One member, the first by id, decides that the cluster is formed, and of which folders. The
///    others take part once anybody tells them of a cluster that is formed of their folder.
/// 2. It decides when two looks at all others, one after the other, found the same blank folders:
///    so there was a moment between them at which nobody remembered anything.
/// 3. Whoever hears of a cluster that is formed without its folder never takes part: under its id
///    another folder may have confirmed what this one does not have.
public final class Formation {
    private Formation() {}

    /// @param members the ids of all, this one's too, as configured
    /// @param folder this member's
    public record Plan(String self, SortedSet<String> members, UUID folder) {
        public Plan {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }

        boolean decides() {
            return members.first().equals(self);
        }

        private boolean formedOf(SortedMap<String, UUID> folders) {
            return folder.equals(folders.get(self)) && folders.keySet().equals(members);
        }
    }

    public static FormationState begin(Plan plan) {
        return new FormationState.Gathering(others(plan));
    }

    private static SortedSet<String> others(Plan plan) {
        var others = new TreeSet<>(plan.members());
        others.remove(plan.self());
        return others;
    }

    /// @param look what those of the others say that answered; asked after `state` was reached
    public static FormationState next(
            Plan plan, FormationState state, SortedMap<String, Standing> look) {
        return switch (state) {
            case FormationState.Gathering _ -> judged(plan, Optional.empty(), look);
            case FormationState.AllBlank before ->
                    judged(plan, Optional.of(before.folders()), look);
            case FormationState.Formed _, FormationState.Refused _ -> state;
        };
    }

    private static FormationState judged(
            Plan plan, Optional<SortedMap<String, UUID>> before, SortedMap<String, Standing> look) {
        var blank = new TreeMap<String, UUID>();
        var formed = new TreeMap<String, SortedMap<String, UUID>>();
        look.forEach((id, standing) -> {
            switch (standing) {
                case Standing.Blank(var folder) -> blank.put(id, folder);
                case Standing.Formed(var folders) -> formed.put(id, folders);
            }
        });
        for (var each : formed.entrySet()) {
            if (!plan.formedOf(each.getValue())) {
                return new FormationState.Refused(each.getKey(), each.getValue());
            }
        }
        if (!formed.isEmpty()) {
            return new FormationState.Formed(formed.firstEntry().getValue());
        }
        var missing = others(plan);
        missing.removeAll(blank.keySet());
        if (!missing.isEmpty()) {
            return new FormationState.Gathering(missing);
        }
        blank.put(plan.self(), plan.folder());
        return plan.decides() && before.equals(Optional.of(blank))
                ? new FormationState.Formed(blank)
                : new FormationState.AllBlank(blank);
    }
}
