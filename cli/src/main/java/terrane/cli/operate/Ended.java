package terrane.cli.operate;

import terrane.cli.client.AdminClient;
import terrane.cli.client.ProcedureView;
import terrane.cli.process.ExitCode;
import terrane.cli.screen.Screen;
import terrane.core.time.Clock;

import java.io.OutputStream;
import java.io.PrintStream;

/// Follows a procedure and tells how it ended.
record Ended(boolean json, Screen screen) {
    int follow(AdminClient admin, String id, Clock clock) throws InterruptedException {
        var shown =
                json ? new Screen(new PrintStream(OutputStream.nullOutputStream()), false) : screen;
        shown.line("procedure " + id);
        return tell(new MigrationWatch(admin, shown, clock, true).follow(id));
    }

    private int tell(ProcedureView ended) {
        if (json) {
            screen.line(ended.json().toString());
        } else {
            screen.line(MigrationText.result(ended));
            MigrationText.certificate(ended).ifPresent(screen::line);
        }
        boolean disagreed = ended.agreed().filter(agreed -> !agreed).isPresent();
        return ended.done() && !disagreed ? ExitCode.OK : ExitCode.FAILED;
    }
}
