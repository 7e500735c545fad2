package terrane.core.formation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// The decisions one by one; that they suffice is shown by [FormationModelTest].
class FormationTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);
    private static final UUID OTHER = new UUID(9, 9);
    private static final SortedMap<String, UUID> ALL =
            new TreeMap<>(Map.of("0", A, "1", B, "2", C));
    private static final Standing.Formed FORMED = new Standing.Formed(ALL);

    private static Formation.Plan plan(String self) {
        return new Formation.Plan(
                self, new TreeSet<>(ALL.keySet()), java.util.Objects.requireNonNull(ALL.get(self)));
    }

    private static Standing blank(UUID folder) {
        return new Standing.Blank(folder);
    }

    private static FormationState after(String self, List<Map<String, Standing>> looks) {
        var state = Formation.begin(plan(self));
        for (var look : looks) {
            state = Formation.next(plan(self), state, new TreeMap<>(look));
        }
        return state;
    }

    private static Map<String, Standing> blankBut(String self) {
        var look = new TreeMap<String, Standing>();
        ALL.forEach((id, folder) -> look.put(id, blank(folder)));
        look.remove(self);
        return look;
    }

    @Test
    void firstMemberFormsWhenTwoLooksFindTheSameBlankFolders() {
        var look = blankBut("0");
        assertThat(after("0", List.of(look))).isEqualTo(new FormationState.AllBlank(ALL));
        assertThat(after("0", List.of(look, look))).isEqualTo(new FormationState.Formed(ALL));
    }

    @Test
    void folderThatChangesBetweenTheLooksMakesForAnotherLook() {
        var changed = new TreeMap<>(blankBut("0"));
        changed.put("2", blank(OTHER));
        assertThat(after("0", List.of(changed, blankBut("0"))))
                .isEqualTo(new FormationState.AllBlank(ALL));
    }

    @Test
    void oneThatDoesNotAnswerIsWaitedForAndTheLooksBeginAnew() {
        var look = blankBut("0");
        var some = new TreeMap<>(look);
        some.remove("2");
        var missing = new FormationState.Gathering(new TreeSet<>(List.of("2")));
        assertThat(after("0", List.of(some))).isEqualTo(missing);
        assertThat(after("0", List.of(look, some))).isEqualTo(missing);
        assertThat(after("0", List.of(look, some, look)))
                .isEqualTo(new FormationState.AllBlank(ALL));
    }

    @Test
    void othersWaitForTheFirstAndTakePartOnceAnybodySaysThatItIsFormed() {
        var look = blankBut("1");
        assertThat(after("1", List.of(look, look, look)))
                .isEqualTo(new FormationState.AllBlank(ALL));
        assertThat(after("1", List.of(Map.of("2", FORMED))))
                .isEqualTo(new FormationState.Formed(ALL));
    }

    @Test
    void memberAloneFormsByItself() {
        var plan = new Formation.Plan("0", new TreeSet<>(List.of("0")), A);
        var state = Formation.begin(plan);
        for (int i = 0; i < 2; i++) {
            state = Formation.next(plan, state, new TreeMap<>());
        }
        assertThat(state).isEqualTo(new FormationState.Formed(new TreeMap<>(Map.of("0", A))));
    }

    @Test
    void folderThatWasNotThereWhenTheClusterWasFormedIsRefused() {
        var others = new TreeMap<>(ALL);
        others.put("2", OTHER);
        assertThat(after("2", List.of(Map.of("0", new Standing.Formed(others)))))
                .isEqualTo(new FormationState.Refused("0", others));
        assertThat(after("2", List.of(Map.of("0", blank(A), "1", Standing.Formed.UNKNOWN))))
                .isEqualTo(new FormationState.Refused("1", new TreeMap<>()));
        assertThat(after("0", List.of(Map.of("1", Standing.Formed.UNKNOWN))))
                .as("also the one that decides")
                .isEqualTo(new FormationState.Refused("1", new TreeMap<>()));
    }

    @Test
    void oneThatKnowsTheFolderDoesNotOutvoteOneThatDoesNot() {
        Map<String, Standing> look = Map.of("0", FORMED, "1", Standing.Formed.UNKNOWN);
        assertThat(after("2", List.of(look)))
                .isEqualTo(new FormationState.Refused("1", new TreeMap<>()));
    }

    @Test
    void clusterOfOtherMembersIsRefused() {
        var fewer = new TreeMap<>(ALL);
        fewer.remove("1");
        assertThat(after("2", List.of(Map.of("0", new Standing.Formed(fewer)))))
                .isEqualTo(new FormationState.Refused("0", fewer));
    }

    @Test
    void whatIsDecidedStaysDecided() {
        var formed = new FormationState.Formed(ALL);
        var refused = new FormationState.Refused("0", new TreeMap<>());
        assertThat(Formation.next(plan("0"), formed, new TreeMap<>())).isEqualTo(formed);
        assertThat(Formation.next(plan("0"), refused, new TreeMap<>(blankBut("0"))))
                .isEqualTo(refused);
    }
}
