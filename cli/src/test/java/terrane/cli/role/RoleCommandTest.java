package terrane.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.cli.process.Ending;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

/// Shows how a role ends that nobody has told to.
class RoleCommandTest {
    private static final class Replaced implements Role {
        private boolean closed;

        @Override
        public String describe() {
            return "a datanode";
        }

        @Override
        public TerraneException awaitOver() {
            return TerraneException.rejected(ErrorCode.PEER_UNFIT, "was replaced");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void aRoleThatCanNeverServeAgainIsClosedAndSaysWhy() {
        var role = new Replaced();
        var command = new RoleCommand(_ -> role, Ending.unsignalled(new SystemClock()));

        assertThatThrownBy(command::call)
                .isInstanceOf(TerraneException.Rejected.class)
                .hasMessage("was replaced");
        assertThat(role.closed).isTrue();
    }
}
