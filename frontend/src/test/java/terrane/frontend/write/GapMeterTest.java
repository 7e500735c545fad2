package terrane.frontend.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.TableId;
import terrane.frontend.write.GapMeter.Gap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Plays writes around a change of leader, with times in milliseconds.
class GapMeterTest {
    private final List<Gap> told = new ArrayList<>();
    private final GapMeter meter = new GapMeter(TableId.FIRST.region(0), told::add);

    private static long at(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private void acknowledge(GapMeter.Sent sent, long epoch, long millis) {
        meter.acknowledged(sent, new Epoch(epoch), true, at(millis));
    }

    @Test
    void worstWriteThatWasCaughtIsToldOnce() {
        acknowledge(meter.sent(at(0)), 1, 1);
        var first = meter.sent(at(2));
        var second = meter.sent(at(3));
        var late = meter.sent(at(4));
        acknowledge(first, 2, 8);
        acknowledge(late, 2, 9);
        var after = meter.sent(at(9));
        assertThat(told).isEmpty();
        acknowledge(second, 2, 12);
        acknowledge(after, 2, 40);
        assertThat(told)
                .containsExactly(
                        new Gap(TableId.FIRST.region(0), new Epoch(2), Duration.ofMillis(9), 3));
    }

    @Test
    void writeUnderTheOldEpochIsNoPartOfTheGap() {
        acknowledge(meter.sent(at(0)), 1, 1);
        var slow = meter.sent(at(1));
        var caught = meter.sent(at(2));
        acknowledge(caught, 2, 5);
        acknowledge(slow, 1, 90);
        assertThat(told).extracting(Gap::longest).containsExactly(Duration.ofMillis(3));
        assertThat(told).extracting(Gap::writes).containsExactly(1L);
    }

    @Test
    void firstEpochThatIsSeenIsNoChange() {
        acknowledge(meter.sent(at(0)), 5, 1);
        assertThat(told).isEmpty();
    }

    @Test
    void regionThatNobodyWroteToHasNoGap() {
        acknowledge(meter.sent(at(0)), 1, 1);
        acknowledge(meter.sent(at(60_000)), 2, 60_005);
        assertThat(told).isEmpty();
    }

    @Test
    void rareWriteThatWasRedirectedHasWaited() {
        acknowledge(meter.sent(at(0)), 1, 1);
        meter.acknowledged(meter.sent(at(60_000)), new Epoch(2), false, at(60_030));
        assertThat(told).extracting(Gap::longest).containsExactly(Duration.ofMillis(30));
    }

    @Test
    void writeThatFailsIsNotWaitedFor() {
        acknowledge(meter.sent(at(0)), 1, 1);
        var caught = meter.sent(at(1));
        var failing = meter.sent(at(2));
        acknowledge(caught, 2, 5);
        meter.failed(failing);
        assertThat(told).extracting(Gap::writes).containsExactly(1L);
    }

    @Test
    void changesFollowEachOther() {
        acknowledge(meter.sent(at(0)), 1, 1);
        var stuck = meter.sent(at(1));
        acknowledge(meter.sent(at(2)), 2, 5);
        acknowledge(meter.sent(at(6)), 3, 9);
        acknowledge(stuck, 3, 20);
        assertThat(told).extracting(Gap::epoch).containsExactly(new Epoch(2), new Epoch(3));
        assertThat(told)
                .extracting(Gap::longest)
                .containsExactly(Duration.ofMillis(3), Duration.ofMillis(19));
    }
}
