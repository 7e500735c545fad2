package terrane.cli.screen;

import java.io.PrintStream;

/// Where a command writes for people: a terminal, whose last line may change, or anything else.
public final class Screen {
    private final PrintStream out;
    private final boolean terminal;
    private boolean changing;

    public Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// Standard output, whatever it is.
    public static Screen standard() {
        return new Screen(System.out, interactive());
    }

    /// Whether a person types the input and sees the output.
    @SuppressWarnings("SystemConsoleNull") // null again from JDK 25 on, if redirected (tried)
    public static boolean interactive() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /// Whether lines may change after they were written.
    public boolean terminal() {
        return terminal;
    }

    /// Writes a line that stays.
    public synchronized void line(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /// Writes a line that the next one takes the place of; nothing if this is no terminal.
    public synchronized void passing(String text) {
        if (terminal) {
            erase();
            out.print(text);
            out.flush();
            changing = true;
        }
    }

    /// Takes back the line that passes.
    public synchronized void erase() {
        if (changing) {
            out.print("\r\033[2K");
            out.flush();
            changing = false;
        }
    }
}
