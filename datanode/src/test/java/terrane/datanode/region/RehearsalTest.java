package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Randomness;
import terrane.core.time.SystemClock;

import java.nio.file.Path;

/// Whatever is rehearsed works, and closing the scratch memory proves that none of it is left.
class RehearsalTest {
    @Test
    void pathsOfAClaimAndOfAWriteAreTakenAndLeaveNothing(@TempDir Path folder) {
        var scratch = folder.resolve("scratch");
        assertThatNoException()
                .isThrownBy(
                        () -> Rehearsal.perform(new SystemClock(), Randomness.system(), scratch));
        assertThat(folder).isEmptyDirectory();
    }
}
