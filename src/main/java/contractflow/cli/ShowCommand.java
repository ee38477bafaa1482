package contractflow.cli;

import contractflow.report.ExitCode;
import contractflow.report.StandardOutput;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.ParentCommand;

/**
 * A command that shows one thing which the warehouse has, or says that it does not have it.
 *
 * @param <T> what a route answers
 */
abstract class ShowCommand<T> implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    /** What the warehouse has; null where it has nothing. */
    abstract T ask(ProducerTemplate routes) throws Exception;

    /** That there is nothing, in words. */
    abstract String unknown();

    /** Whether it is shown to a program, or as a file. */
    abstract boolean isData();

    abstract String form(T answer) throws Exception;

    @Override
    public Integer call() throws Exception {
        return root.process().withWorkList(routes -> {
            T answer = ask(routes);
            if (answer == null) {
                System.err.println("contractflow: " + unknown());
                return ExitCode.COULD_NOT_RUN;
            }
            String shown = form(answer);
            if (isData()) {
                StandardOutput.printData(out -> out.println(shown));
            } else {
                StandardOutput.print(out -> out.println(shown));
            }
            return ExitCode.ALL_LOADED;
        });
    }
}
