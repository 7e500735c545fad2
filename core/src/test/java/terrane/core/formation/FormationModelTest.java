package terrane.core.formation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.TreeMap;

/// Walks every interleaving of three members that start, ask each other, crash, lose their disks
/// and take part, and looks for one in which a leader could be elected that lacks what was
/// confirmed and is still on somebody's disk. The same walk finds one as soon as any of the rules
/// is left out.
class FormationModelTest {
    /// One loss is what operators are promised to survive; two show what each rule is for.
    private static final FormationWorld.Budget BUDGET = new FormationWorld.Budget(2, 1, 1);

    @Test
    void noLeaderLacksWhatADiskStillHas() {
        var found = FormationWorld.search(Formation::next, BUDGET);
        assertThat(found.violation()).isEmpty();
        assertThat(found.states()).as("the world is not tiny").isGreaterThan(10_000);
        assertThat(found.entriesMax()).as("clusters form and confirm entries").isEqualTo(1);
        assertThat(found.refusals()).as("members without memory are refused").isPositive();
    }

    @Test
    void firstStartAlwaysEndsOnceEverybodyRuns() {
        for (int first = 0; first < FormationWorld.MEMBERS; first++) {
            assertThat(FormationWorld.formsFromNothing(first)).as("%d starts last", first).isTrue();
        }
    }

    /// As it was before: whoever has an empty folder takes part.
    @Test
    void withoutAskingAMemberWithoutMemoryElectsALeaderThatLacksAnEntry() {
        var found =
                FormationWorld.search(
                        (plan, _, _) -> new FormationState.Formed(FormationWorld.made(plan)),
                        new FormationWorld.Budget(1, 0, 1));
        assertThat(found.violation()).isPresent();
    }

    @Test
    void whoeverIsBlankMustNotJoinWhatWasFormedWithAnotherFolder() {
        var found =
                FormationWorld.search(
                        (plan, state, look) -> {
                            var known = new TreeMap<String, Standing>();
                            look.forEach((id, standing) ->
                                    known.put(
                                            id,
                                            standing instanceof Standing.Formed
                                                    ? new Standing.Formed(FormationWorld.made(plan))
                                                    : standing));
                            return Formation.next(plan, state, known);
                        },
                        new FormationWorld.Budget(1, 0, 1));
        assertThat(found.violation()).isPresent();
    }

    @Test
    void majorityOfBlankOnesIsNotEnough() {
        var found =
                FormationWorld.search(
                        (plan, state, look) -> {
                            var next = Formation.next(plan, state, look);
                            return next instanceof FormationState.Gathering(var missing)
                                            && missing.size() == 1
                                    ? new FormationState.Formed(FormationWorld.made(plan))
                                    : next;
                        },
                        new FormationWorld.Budget(1, 1, 1));
        assertThat(found.violation()).isPresent();
    }

    @Test
    void oneLookIsNotEnough() {
        var found =
                FormationWorld.search(
                        (plan, state, look) -> {
                            var next = Formation.next(plan, state, look);
                            return next instanceof FormationState.AllBlank(var folders)
                                            && plan.decides()
                                    ? new FormationState.Formed(folders)
                                    : next;
                        },
                        BUDGET);
        assertThat(found.violation()).isPresent();
    }
}
