package contractflow;

import contractflow.cli.RootCommand;
import contractflow.failure.Failure;
import contractflow.process.CamelProcess;
import contractflow.report.ExitCode;
import java.util.concurrent.CompletableFuture;

/** The process, from its begin to its exit code. */
public final class ContractFlow {

    private ContractFlow() {}

    public static void main(String[] args) {
        // A thread that dies of this leaves a process behind that neither works nor ends.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (failure instanceof VirtualMachineError) {
                System.err.println("contractflow: " + failure + "; the next start resumes the run");
                Runtime.getRuntime().halt(ExitCode.INCOMPLETE);
            }
            System.err.println("contractflow: " + Failure.describe(failure));
        });
        CamelProcess process = new CamelProcess();
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.halt(exitCode), "stop"));
        try {
            exitCode.complete(RootCommand.commandLine(process).execute(args));
        } finally {
            // Where the process cannot even begin, such as with a broken configuration of its logs.
            exitCode.complete(ExitCode.COULD_NOT_RUN);
        }
        System.exit(exitCode.join());
    }
}
