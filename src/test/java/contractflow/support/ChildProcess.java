package contractflow.support;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The packaged jar, run as its users run it: in a folder, by the command line, with settings in the environment. */
public final class ChildProcess implements AutoCloseable {

    private static final Pattern STACK_TRACE =
            Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|^Caused by: |Exception in thread");
    private static final long LONGEST_SECONDS = 60;

    private final Process process;
    private final Path output;
    private final Path errors;

    private ChildProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /**
     * @param folder where it is started
     * @param environment in addition to what this JVM has
     */
    static ChildProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(command(arguments), folder, environment);
    }

    /** On a terminal of so many columns. */
    public static ChildProcess startOnTerminal(
            int columns, Path folder, Map<String, String> environment, String... arguments) throws IOException {
        String command =
                command(arguments).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return start(
                List.of("script", "-qec", "stty cols " + columns + " && " + command, "/dev/null"), folder, environment);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m"));
        command.addAll(ClassArchive.options());
        command.addAll(List.of("-jar", System.getProperty("contractflow.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    private static ChildProcess start(List<String> command, Path folder, Map<String, String> environment)
            throws IOException {
        Path output = Files.createTempFile("contractflow", ".log");
        Path errors = Files.createTempFile("contractflow", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .redirectOutput(output.toFile());
        SettingsReference.keys().forEach(key -> builder.environment().remove(SettingNames.environmentName(key)));
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start(), output, errors);
    }

    /** Waits for its end. */
    public int exitCode() throws Exception {
        return exitCodeWithin(LONGEST_SECONDS);
    }

    /** Waits so many seconds for its end. */
    public int exitCodeWithin(long seconds) throws Exception {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                .as("the process has ended; until now it said:%n%s", output())
                .isTrue();
        return process.exitValue();
    }

    /** Asks it to stop, as the system does at a shutdown. */
    public void terminate() {
        process.destroy();
    }

    /** Gives it no chance to do anything more. */
    public void kill() {
        process.destroyForcibly();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
        return standardOutput() + Files.readString(errors);
    }

    /** What of it goes into a pipe. */
    public String standardOutput() throws IOException {
        return Files.readString(output);
    }

    /** What it has printed is meant for a person: no stack trace, and none of the secrets that it was given. */
    public void assertFitToRead() throws IOException {
        assertThat(output())
                .doesNotContainPattern(STACK_TRACE)
                .doesNotContain(FakeApis.NETSUITE_TOKEN)
                .doesNotContain(FakeApis.USAGE_TOKEN);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(output);
        Files.delete(errors);
    }
}
