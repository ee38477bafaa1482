package contractflow.cli.options;

import contractflow.report.ExitCode;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to a command line that makes no sense: what is wrong with it, and what may have been meant. */
public final class UsageErrorHandler implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        if (fault instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            err.println("contractflow: " + nothingLike(word, command));
            err.println(nearest(word, command)
                    .map(meant -> "Did you mean: " + name + " " + meant + "?")
                    .orElse("See " + name + " --help"));
        } else {
            err.println("contractflow: " + fault.getMessage());
            err.println("See " + name + " --help");
        }
        return ExitCode.COULD_NOT_RUN;
    }

    private static String nothingLike(String word, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        if (isOption(word)) {
            return name + " has no option '" + word + "'";
        }
        return command.getSubcommands().isEmpty()
                ? name + " does not take '" + word + "'"
                : name + " has no command '" + word + "'";
    }

    /** The name that differs the least, by not more than two letters, and not in all of a short word. */
    private static Optional<String> nearest(String word, CommandLine command) {
        Set<String> names = isOption(word)
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet();
        String option = isOption(word) ? word.replaceFirst("=.*", "") : word;
        LevenshteinDistance misspelling = new LevenshteinDistance(Math.min(2, option.length() - 1));
        return names.stream()
                .filter(candidate -> misspelling.apply(option, candidate) >= 0)
                .min(Comparator.comparing(candidate -> misspelling.apply(option, candidate)));
    }

    private static boolean isOption(String word) {
        return word.startsWith("-");
    }
}
