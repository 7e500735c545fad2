package terrane.frontend.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.catalog.TableName;
import terrane.core.time.SystemClock;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.metasrv.ClientRequest.DropTable;
import terrane.wire.metasrv.ClientRequest.ListNodes;
import terrane.wire.metasrv.ClientRequest.Nodes;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Shows how the leader is found among members that point elsewhere, are down, or say nothing.
class MetasrvClientTest {
    private static final Address A = new Address("a", 1);
    private static final Address B = new Address("b", 1);
    private static final Address C = new Address("c", 1);
    private static final Nodes NODES = new Nodes(List.of());
    private static final Duration SOON = Duration.ofMillis(400);

    private final List<Address> asked = new ArrayList<>();
    private final List<Request<?>> requests = new ArrayList<>();

    private MetasrvClient client(BiFunction<Address, Integer, Reply> answer) {
        var calls =
                new Calls() {
                    @Override
                    @SuppressWarnings("unchecked") // each test answers what it asks
                    public <R extends Reply> R call(
                            Address to, Request<R> request, Duration atMost) {
                        asked.add(to);
                        requests.add(request);
                        return (R) answer.apply(to, asked.size());
                    }

                    @Override
                    public <R extends Reply> ReplyStream<R> stream(
                            Address to, Request<R> request, Duration atMost) {
                        throw new IllegalStateException("no streams from a metasrv");
                    }
                };
        return new MetasrvClient(List.of(A, B, C), calls, new SystemClock());
    }

    private static Reply pointTo(Address leader) {
        throw new NotLeader(ErrorCode.NO_METASRV_LEADER, "not I", null, leader);
    }

    @Test
    void leaderIsFollowedAndRemembered() throws InterruptedException {
        var client = client((to, _) -> to.equals(C) ? NODES : pointTo(C));
        client.call(new ListNodes(), SOON);
        client.call(new ListNodes(), SOON);
        assertThat(asked).containsExactly(A, C, C);
    }

    @Test
    void membersThatAreDownArePassedOver() throws InterruptedException {
        var client =
                client((to, _) -> {
                    if (to.equals(C)) {
                        return NODES;
                    }
                    throw TerraneException.unavailable(ErrorCode.UNREACHABLE, "down");
                });
        assertThat(client.call(new ListNodes(), SOON)).isEqualTo(NODES);
        assertThat(asked).containsExactly(A, B, C);
    }

    @Test
    void noLeaderIsWaitedForUntilTheDeadline() {
        var client = client((_, _) -> pointTo(A));
        assertThatThrownBy(() -> client.call(new ListNodes(), SOON))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_METASRV_LEADER));
        assertThat(asked).hasSizeBetween(3, 100);
    }

    @Test
    void membersThatPointAtEachOtherDoNotMakeAStorm() {
        var client = client((to, _) -> pointTo(to.equals(A) ? B : A));
        assertThatThrownBy(() -> client.call(new ListNodes(), SOON))
                .isInstanceOf(Unavailable.class);
        assertThat(asked).hasSizeLessThan(500);
    }

    @Test
    void refusalIsFinal() {
        var client =
                client((_, _) -> {
                    throw TerraneException.rejected(ErrorCode.TABLE_NOT_FOUND, "no");
                });
        assertThatThrownBy(() -> client.call(new ListNodes(), SOON)).isInstanceOf(Rejected.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoHasWaitedForLongerThanIsLeftIsBelieved() {
        var client =
                client((_, _) -> {
                    long began = System.nanoTime();
                    while (System.nanoTime() - began < SOON.toNanos() * 3 / 4) {
                        Thread.onSpinWait();
                    }
                    throw TerraneException.unavailable(ErrorCode.FOLDER_FAILED, "disk is full");
                });
        assertThatThrownBy(() -> client.call(new ListNodes(), SOON))
                .isInstanceOf(Unavailable.class)
                .hasMessage("disk is full");
        assertThat(asked).hasSize(1);
    }

    @Test
    void changeWithUnknownOutcomeIsRepeatedInOtherWords() throws InterruptedException {
        var client =
                client((_, count) -> {
                    if (count == 1) {
                        throw TerraneException.uncertain(ErrorCode.TIMED_OUT, "lost");
                    }
                    return new Reply.Ack();
                });
        var name = TableName.of("cpu");
        client.call(new DropTable(name, false), new DropTable(name, true), SOON);
        assertThat(requests).containsExactly(new DropTable(name, false), new DropTable(name, true));
    }

    @Test
    void unknownOutcomeIsSaidAtTheDeadline() {
        var client =
                client((_, _) -> {
                    throw TerraneException.uncertain(ErrorCode.TIMED_OUT, "lost");
                });
        assertThatThrownBy(() -> client.call(new ListNodes(), SOON)).isInstanceOf(Uncertain.class);
    }
}
