package contractflow.support;

import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes of the packaged jar as the JVM has them in memory (class data sharing): a process that starts from it takes half of
 * the processor time. It is made by the first test that starts a process, from a run against the sandbox.
 */
final class ClassArchive {

    private static final List<String> OPTIONS = make();

    private ClassArchive() {}

    /** Options of the JVM; none where the archive could not be made. */
    static List<String> options() {
        return OPTIONS;
    }

    private static List<String> make() {
        Path jar = Path.of(System.getProperty("contractflow.jar"));
        Path archive = jar.resolveSibling("contractflow-" + Runtime.version() + ".jsa");
        // Tests run in several JVMs.
        try (FileChannel channel = FileChannel.open(
                jar.resolveSibling("contractflow-jsa.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!isOf(jar, archive)) {
                dump(jar, archive);
            }
            // A JVM that cannot use it, which it may say on its standard output otherwise, goes on without.
            return isOf(jar, archive) ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable") : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOf(Path jar, Path archive) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    }

    private static void dump(Path jar, Path archive) throws IOException, InterruptedException {
        Files.deleteIfExists(archive);
        Path folder = Files.createDirectories(jar.resolveSibling("class-archive"));
        Path feed = folder.resolve("contracts.csv");
        Files.writeString(
                feed,
                IntStream.range(10, 20)
                        .mapToObj(i -> "100" + i + ",70" + i)
                        .collect(Collectors.joining("\n", "contract_id,customer_id\n", "\n")));
        ProcessBuilder run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ArchiveClassesAtExit=" + archive,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xlog:disable",
                        "-jar",
                        jar.toString(),
                        "--profile",
                        "sandbox",
                        "run",
                        feed.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        SettingsReference.keys().forEach(key -> run.environment().remove(SettingNames.environmentName(key)));
        try (ServerSocket free = new ServerSocket(0)) {
            run.environment()
                    .putAll(Map.of(
                            "SERVER_PORT",
                            String.valueOf(free.getLocalPort()),
                            "WAREHOUSE_JDBC_URL",
                            TestDatabase.create()));
        }
        Process process = run.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }
}
