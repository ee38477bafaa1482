package contractflow.rehearsal;

import contractflow.config.ApplicationFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A run in a process of its own, which is this program as it was started, in the same folder. */
final class RehearsedRun implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final Thread killer;

    /**
     * Starts it.
     *
     * @param log where its output is appended
     * @param overrides the file of the settings that win over the user's
     */
    RehearsedRun(Path log, Path overrides, List<String> arguments) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                // Two processes cannot write one file, or listen on one port.
                .filter(option -> !option.matches(
                        "-(javaagent|agentlib|agentpath):.*|-Dcom\\.sun\\.management\\..*|-XX:ArchiveClassesAtExit=.*"))
                .forEach(command::add);
        // It is over before Java's second compiler pays.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-D" + ApplicationFiles.OVERRIDES + "=" + overrides);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "contractflow.ContractFlow"));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        killer = new Thread(process::destroyForcibly, "end of " + log.getFileName());
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Completes when it has ended. */
    CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Whether it has ended within so many seconds. */
    boolean hasEndedAfter(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Gives it no chance to do anything more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** The line in which it says why it has failed; empty where there is none. */
    String failure() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("contractflow: "))
                .reduce((first, last) -> last)
                .orElse("");
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException shuttingDown) {
            // Then it runs anyway.
        }
    }
}
