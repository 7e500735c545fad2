package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

import terrane.core.time.SystemClock;

/// Whatever is rehearsed works, and closing the scratch memory proves that none of it is left.
class RehearsalTest {
    @Test
    void pathOfAWriteIsTakenAndLeavesNothing() {
        assertThatNoException().isThrownBy(() -> Rehearsal.perform(new SystemClock()));
    }
}
