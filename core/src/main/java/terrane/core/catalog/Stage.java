package terrane.core.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One state of a procedure and when it lasted, by wall clocks of metasrvs; for people.
///
/// @param ended empty while it lasts
public record Stage(String name, Instant began, Optional<Instant> ended) {
    /// A procedure without faults has four; every lost claimant adds one. The oldest give way.
    static final int STAGES_MAX = 32;

    static List<Stage> first(String name, Instant at, boolean finished) {
        return List.of(new Stage(name, at, finished ? Optional.of(at) : Optional.empty()));
    }

    /// Ends the last stage and begins another; a finished procedure's last stage takes no time.
    static List<Stage> then(List<Stage> stages, String name, Instant at, boolean finished) {
        var all = new ArrayList<>(stages);
        var last = all.removeLast();
        all.add(new Stage(last.name(), last.began(), Optional.of(at)));
        all.addAll(first(name, at, finished));
        while (all.size() > STAGES_MAX) {
            all.removeFirst();
        }
        return List.copyOf(all);
    }
}
