package contractflow;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to a command line that makes no sense: what is wrong with it, and what may have been meant. */
final class Misunderstood implements IParameterExceptionHandler {

    /** A word that differs from a command by no more letters than this is taken for a misspelling of it. */
    private static final LevenshteinDistance MISSPELLING = new LevenshteinDistance(2);

    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("contractflow: " + fault.getMessage());
        Optional<String> meant = fault instanceof UnmatchedArgumentException unmatched
                ? nearest(unmatched.getUnmatched().get(0), command)
                : Optional.empty();
        String name = command.getCommandSpec().qualifiedName();
        if (meant.isPresent()) {
            err.println("Did you mean: " + name + " " + meant.get() + "?");
        } else if (!UnmatchedArgumentException.printSuggestions(fault, err)) {
            err.println("What it may be is said by: " + name + " --help");
        }
        return ExitCode.COULD_NOT_RUN;
    }

    private static Optional<String> nearest(String word, CommandLine command) {
        return command.getSubcommands().keySet().stream()
                .filter(candidate -> word.length() > 2 && MISSPELLING.apply(word, candidate) >= 0)
                .min(Comparator.comparing(candidate -> MISSPELLING.apply(word, candidate)));
    }
}
