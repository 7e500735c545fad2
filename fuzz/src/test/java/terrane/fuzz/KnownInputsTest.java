package terrane.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.file.Files;

/// Every input that is kept, the golden ones and those that once were a fault, is read or refused
/// as it must be; and what must hold is noticed when it does not.
class KnownInputsTest {
    private static final byte[] INPUT = {1, 2, 3};

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyInputThatIsKeptIsReadOrRefused(Target target) throws IOException {
        var inputs = Inputs.of(target);
        assertThat(inputs).isNotEmpty();
        for (var input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertThatCode(() -> target.check(bytes)).as("%s", input).doesNotThrowAnyException();
        }
    }

    @Test
    void anythingButARefusalIsAFault() {
        assertThatThrownBy(() -> Target.check(_ -> behind(INPUT), 1 << 20, INPUT))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() ->
                        Target.check(
                                _ -> {
                                    throw TerraneException.unavailable(
                                            ErrorCode.OVERLOADED, "later");
                                },
                                1 << 20,
                                INPUT))
                .isInstanceOf(AssertionError.class);
    }

    private static int behind(byte[] bytes) {
        return bytes[bytes.length];
    }

    @Test
    void memoryOutOfProportionIsAFault() {
        var kept = new byte[1][];
        assertThatThrownBy(() -> Target.check(_ -> kept[0] = new byte[8 << 20], 4 << 20, INPUT))
                .hasMessageContaining("allocated");
        assertThatCode(() -> Target.check(_ -> kept[0] = new byte[1 << 20], 4 << 20, INPUT))
                .doesNotThrowAnyException();
    }
}
