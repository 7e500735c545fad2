package terrane.sim.history;

import java.util.List;

/// What the checker found.
///
/// @param acknowledgedRows how much there was to lose
/// @param reads how often somebody looked
public record Verdict(
        List<Violation> violations, long acknowledgedRows, long unknownRows, long reads) {
    /// Violations that a message spells out: the first ones tell the story.
    private static final int SHOWN_MAX = 40;

    public Verdict {
        violations = List.copyOf(violations);
    }

    @Override
    public String toString() {
        var text =
                new StringBuilder(
                        "acknowledged rows=%d unknown rows=%d reads=%d violations=%d"
                                .formatted(
                                        acknowledgedRows, unknownRows, reads, violations.size()));
        violations.stream().limit(SHOWN_MAX).forEach(each -> text.append("\n  ").append(each));
        return text.toString();
    }
}
