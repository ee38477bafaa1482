package contractflow.report;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/** A terminal with one line that is drawn again and again, and leaves nothing behind. */
public final class Terminal extends ConsoleProgressBarConsumer {

    public Terminal(PrintStream out) {
        super(out);
    }

    Terminal(PrintStream out, int columns) {
        super(out, columns);
    }

    @Override
    public void accept(String line) {
        super.accept(line + " ".repeat(Math.max(0, getMaxRenderedLength() - line.length())));
    }

    /** {@inheritDoc} Not with an empty line. */
    @Override
    public void close() {}

    /** Whether a person looks at what the process prints. */
    @SuppressWarnings("SystemConsoleNull") // on Java 17
    public static boolean isThere() {
        java.io.Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // From Java 22 on there is a console in any case.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
