package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.SECOND;
import static terrane.metasrv.procedure.Town.THIRD;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership.Led;
import terrane.core.catalog.PartitionRule;
import terrane.core.migration.Plan.Limits;
import terrane.wire.datanode.Order;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Who follows, and who takes over.
class FollowersTest {
    private Town town;
    private Procedures procedures;
    private Followers followers;

    @BeforeEach
    void found() throws InterruptedException {
        town = Town.founded();
        town.createTable("mem", PartitionRule.SINGLE, new TreeMap<>(Map.of("followers", "1")));
        procedures = town.procedures();
        followers = procedures.followers();
    }

    @AfterEach
    void close() {
        procedures.close();
    }

    private static RegionId followed() {
        return new TableId(Town.REGION.table().value() + 1).region(0);
    }

    private Node leader() {
        var region = town.store.read(catalog -> catalog.region(followed())).orElseThrow();
        return ((Led) region.leadership()).leader();
    }

    private Node follower() throws InterruptedException {
        followers.lookOnce();
        return followers.ready(followed(), Optional.empty()).orElseThrow();
    }

    @Test
    void regionIsFollowedByOneNodeThatDoesNotLeadIt() throws InterruptedException {
        assertThat(follower()).isIn(SECOND, THIRD);
        assertThat(followers.all()).hasSize(1);
        assertThat(followers.all().getFirst().region()).isEqualTo(followed());
        assertThat(followers.all().getFirst().caughtUp()).isTrue();
        assertThat(followers.addresses()).containsOnlyKeys(followed());
    }

    @Test
    void tableWithoutTheOptionIsNotFollowed() throws InterruptedException {
        follower();
        assertThat(followers.ready(Town.REGION, Optional.empty())).isEmpty();
    }

    @Test
    void anyLeaderOfTheMetasrvChoosesTheSameFollower() throws InterruptedException {
        var first = follower();
        try (var others = town.procedures()) {
            others.followers().lookOnce();
            assertThat(others.followers().ready(followed(), Optional.empty())).contains(first);
        }
    }

    @Test
    void followerTakesOverWhenItsLeaderDies() throws InterruptedException {
        var follower = follower();
        procedures.start();
        town.nodes.kill(FIRST);
        await().until(() -> !leader().equals(FIRST) && town.settled());
        assertThat(leader()).isEqualTo(follower);
        await().until(() -> !follower().equals(follower));
    }

    @Test
    void followerThatDiesIsReplaced() throws InterruptedException {
        var follower = follower();
        town.nodes.kill(follower);
        assertThat(followers.ready(followed(), Optional.empty())).as("it is dead").isEmpty();
        procedures.start();
        await().until(() -> followers.ready(followed(), Optional.empty()).isPresent());
        assertThat(follower()).isNotEqualTo(follower).isNotEqualTo(FIRST);
    }

    @Test
    void regionThatMovesOntoItsFollowerIsFollowedByAnother() throws InterruptedException {
        var follower = follower();
        var move =
                new MigrationRequests.Move(
                        followed(),
                        FIRST.peer(),
                        follower.peer(),
                        Limits.DEFAULT,
                        Optional.empty());
        var id = town.requests(procedures).submit(move).orElseThrow();
        assertThat(follower()).as("while it moves").isEqualTo(follower);
        procedures.migrations().run(id);
        assertThat(leader()).isEqualTo(follower);
        assertThat(follower()).isNotEqualTo(follower);
    }

    @Test
    void droppedTableIsForgotten() throws InterruptedException {
        follower();
        town.store.commit(new Change.DropTable(town.id(), followed().table(), Instant.EPOCH));
        followers.lookOnce();
        assertThat(followers.all()).isEmpty();
        assertThat(followers.ready(followed(), Optional.empty())).isEmpty();
    }

    @Test
    void nodeIsToldWhatIsInFilesAlready() throws InterruptedException {
        follower();
        var told =
                town.nodes.given().stream()
                        .map(FakeDatanodes.Given::order)
                        .filter(Order.Follow.class::isInstance)
                        .map(Order.Follow.class::cast)
                        .findFirst()
                        .orElseThrow();
        var region = town.store.read(catalog -> catalog.region(followed())).orElseThrow();
        assertThat(told.regions())
                .containsExactly(new Order.Hot(followed(), region.wal(), region.flushed()));
    }
}
