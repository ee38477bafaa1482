package contractflow.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import contractflow.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts of {@code bin/} make of where they are, with a Java that says how it was started in place of a real one. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new TreeMap<>();

    /** Where the tests are root's, who may write everywhere. */
    private boolean asAnotherUser;

    private Path installation;
    private Path caller;

    /** What a script has printed, and how it has ended. */
    private record End(int code, List<String> out, String err, long pid) {}

    @BeforeEach
    void install() throws IOException {
        // As the system itself calls it, where a folder above is a link.
        folder = folder.toRealPath();
        installation = folder.resolve("the installation");
        caller = Files.createDirectory(folder.resolve("the caller"));
        Files.createDirectories(installation.resolve("bin"));
        for (String name : List.of("contractflow", "contractflow-night")) {
            script(installation.resolve("bin").resolve(name), Files.readString(Path.of("src/main/package/bin", name)));
        }
        Files.createDirectories(installation.resolve("lib"));
        for (String name : List.of("contractflow-1.jar", "another library.jar")) {
            Files.writeString(installation.resolve("lib").resolve(name), name);
        }
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
    }

    /** The options that name an archive of classes to read, or one to write. */
    private List<String> archiveOptions(String... arguments) throws Exception {
        return start(installation.resolve("bin/contractflow"), arguments).out().stream()
                .filter(option -> option.matches(
                        "-XX:SharedArchiveFile=.*|-XX:.RecordDynamicDumpInfo|-Dcontractflow[.]class-archive=.*"))
                .toList();
    }

    @Test
    void processWorksInTheInstallationWhereverItIsCalled() throws Exception {
        Path link =
                Files.createSymbolicLink(folder.resolve("contractflow"), Path.of("the installation/bin/contractflow"));

        End end = start(link, "run", "my feed.csv", "*");

        assertThat(end.err()).isEmpty();
        assertThat(end.out())
                .containsExactly(
                        // Signals reach it, since it has taken the script's place.
                        "pid " + end.pid(),
                        "in " + installation,
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "-XX:+RecordDynamicDumpInfo",
                        end.out().get(5),
                        "-XX:TieredStopAtLevel=1",
                        "-Dcontractflow.caller=" + caller,
                        "-cp",
                        installation + "/lib/another library.jar:" + installation + "/lib/contractflow-1.jar",
                        "contractflow.ContractFlow",
                        "run",
                        "my feed.csv",
                        "*");
    }

    @Test
    void homeAndOptionsAreThoseOfTheEnvironment() throws Exception {
        Path home = Files.createDirectory(folder.resolve("the home"));
        environment.put("CONTRACTFLOW_HOME", home.toString());
        environment.put("JAVA_OPTS", "-Xmx1g -Dstar=*");

        End end = start(installation.resolve("bin/contractflow"));

        assertThat(end.out()).contains("in " + home, "-Xmx1g", "-Dstar=*").endsWith("contractflow.ContractFlow");
    }

    @Test
    void classArchive_whenMissing_isAskedForByACommandAndReadByTheNextStarts() throws Exception {
        List<String> first = archiveOptions("--profile", "sandbox", "run", "feed.csv");
        assertThat(first).hasSize(2).startsWith("-XX:+RecordDynamicDumpInfo");
        Path archive = Path.of(first.get(1).replace("-Dcontractflow.class-archive=", ""));
        assertThat(archive.getParent()).isEqualTo(installation.resolve("lib"));
        assertThat(archiveOptions("--profile", "sandbox"))
                .as("the service does not stop to write one")
                .isEmpty();

        Files.createFile(archive);
        assertThat(archiveOptions("run", "feed.csv")).containsExactly("-XX:SharedArchiveFile=" + archive);
        assertThat(archiveOptions("--profile=sandbox")).containsExactly("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void classArchive_whenALibraryOrJavaIsAnother_isReplaced() throws Exception {
        String first = archiveOptions("runs").get(1);
        Path archive = Files.createFile(Path.of(first.replace("-Dcontractflow.class-archive=", "")));

        // Of the same size and time, as a reproducible build makes it.
        Path jar = installation.resolve("lib/contractflow-1.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "contractflow-2.jar");
        Files.setLastModifiedTime(jar, time);
        String second = archiveOptions("runs").get(1);
        assertThat(second).isNotEqualTo(first);
        assertThat(archive).doesNotExist();

        // Another build of the same version.
        Files.writeString(
                folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\nJAVA_RUNTIME_VERSION=\"17.0.15+7\"\n");
        String third = archiveOptions("runs").get(1);
        assertThat(third).isNotIn(first, second);

        environment.put("JAVA_HOME", java("jdk25", "25.0.1").toString());
        assertThat(archiveOptions("runs").get(1)).isNotIn(first, second, third);
    }

    @Test
    void classArchive_inAReadOnlyInstallation_isWrittenToTheHomeOrNotAtAll() throws Exception {
        asAnotherUser = true;
        assertThat(archiveOptions("runs")).as("no folder to write to").isEmpty();

        Path home = Files.createDirectory(folder.resolve("the home"));
        Files.setPosixFilePermissions(home, fromString("rwxrwxrwx"));
        environment.put("CONTRACTFLOW_HOME", home.toString());
        Path archive = Path.of(archiveOptions("runs").get(1).replace("-Dcontractflow.class-archive=", ""));
        assertThat(archive.getParent()).isEqualTo(home);

        Files.createFile(archive);
        assertThat(archiveOptions("runs")).containsExactly("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void version_isReadFromTheFileOfJavaAndAskedForOnlyWhereThereIsNone() throws Exception {
        archiveOptions("runs");
        assertThat(folder.resolve("jdk/asked")).doesNotExist();

        Files.delete(folder.resolve("jdk/release"));
        assertThat(start(installation.resolve("bin/contractflow"), "runs").out())
                .contains("contractflow.ContractFlow");
        assertThat(folder.resolve("jdk/asked")).exists();
    }

    @Test
    void secondCompilerIsForTheServiceOnly() throws Exception {
        assertThat(start(installation.resolve("bin/contractflow"), "check").out())
                .contains("-XX:TieredStopAtLevel=1");
        assertThat(start(installation.resolve("bin/contractflow"), "--profile", "dev")
                        .out())
                .doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void javaThatCannotRunItIsNamed() throws Exception {
        environment.put("JAVA_HOME", java("old", "1.8.0_352").toString());
        assertCannotRun(
                folder + "/old/bin/java is version 1.8.0_352, and ContractFlow needs Java from 17: set JAVA_HOME");

        environment.put("JAVA_HOME", folder + "/nowhere");
        assertCannotRun("JAVA_HOME is " + folder + "/nowhere, where there is no bin/java");

        environment.put("JAVA_HOME", "");
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed", "wc", "cksum")) {
            script(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
        }
        environment.put("PATH", tools.toString());
        assertCannotRun("there is no java on the PATH: install Java from 17, or set JAVA_HOME");

        Files.createSymbolicLink(tools.resolve("java"), java("jdk25", "25.0.1").resolve("bin/java"));
        assertThat(start(installation.resolve("bin/contractflow")).out()).contains("contractflow.ContractFlow");
    }

    @Test
    void homeThatIsNoFolderIsNamed() throws Exception {
        environment.put("CONTRACTFLOW_HOME", "/nowhere");

        assertCannotRun("CONTRACTFLOW_HOME is /nowhere, which is no folder that can be entered");
    }

    private void assertCannotRun(String why) throws Exception {
        End end = start(installation.resolve("bin/contractflow"), "run", "feed.csv");

        assertThat(end.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(end.err()).isEqualTo("contractflow: " + why);
        assertThat(end.out()).isEmpty();
    }

    @Test
    void nightFetchesAFeedAndRunsIt() throws Exception {
        for (int code : List.of(ExitCode.ALL_LOADED, ExitCode.DEAD_LETTERS)) {
            nights(0, code);

            assertThat(night()).isEqualTo(code);

            assertThat(called()).containsExactly("fetch", "run " + folder + "/feeds/list 1.ndjson");
            assertThat(folder.resolve("feeds/done/list 1.ndjson")).exists();
            assertThat(folder.resolve("feeds/list 1.ndjson")).doesNotExist();
        }
    }

    @Test
    void nightThatWasNotFinishedIsGoneOnWith() throws Exception {
        nights(0, ExitCode.INCOMPLETE);
        assertThat(night()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(called()).hasSize(2);

        nights(0, ExitCode.ALL_LOADED);
        assertThat(night()).isZero();
        assertThat(called()).containsExactly("run " + folder + "/feeds/list 1.ndjson");

        assertThat(night()).isZero();
        assertThat(called()).containsExactly("fetch", "run " + folder + "/feeds/list 1.ndjson");
    }

    @Test
    void feedThatCannotBeRunIsNotInTheWayOfTheNextNight() throws Exception {
        nights(0, ExitCode.COULD_NOT_RUN);
        assertThat(night()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(folder.resolve("feeds/list 1.ndjson")).exists();
        called();

        nights(0, ExitCode.ALL_LOADED);
        assertThat(night()).isZero();
        assertThat(called()).first().isEqualTo("fetch");
    }

    @Test
    void nightThatCannotRememberItsFeedDoesNotBegin() throws Exception {
        nights(0, ExitCode.ALL_LOADED);
        environment.put("STATE_DIRECTORY", "/nonexistent");

        End end = start(installation.resolve("bin/contractflow-night"));

        assertThat(end.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(end.err()).startsWith("contractflow: /nonexistent cannot be written to");
        assertThat(folder.resolve("called")).doesNotExist();
    }

    @Test
    void secondNightDoesNotBeginBesideTheFirst() throws Exception {
        assumeThat(Path.of("/usr/bin/flock")).isExecutable();
        nights(0, ExitCode.INCOMPLETE);
        script(
                installation.resolve("bin/contractflow"),
                Files.readString(installation.resolve("bin/contractflow"))
                        .replace(
                                "exit 3",
                                "{ \"" + installation
                                        + "/bin/contractflow-night\"; echo second $? >> called; exit 3; }")
                        .replace("> called", "> \"" + folder + "/called\""));

        assertThat(night()).isEqualTo(ExitCode.INCOMPLETE);

        assertThat(called()).containsExactly("fetch", "run " + folder + "/feeds/list 1.ndjson", "second 1");
        assertThat(folder.resolve("unfinished-feed")).exists();
    }

    @Test
    void night_reportsAFeedThatCannotBeMoved() throws Exception {
        nights(0, ExitCode.ALL_LOADED);
        Files.createDirectories(folder.resolve("feeds"));
        Files.createFile(folder.resolve("feeds/done"));

        assertThat(night()).isEqualTo(ExitCode.COULD_NOT_RUN);
    }

    @Test
    void nightOverwritesNoFeedThatWasRunBefore() throws Exception {
        nights(0, ExitCode.ALL_LOADED);
        Files.createDirectories(folder.resolve("feeds/done"));
        Files.writeString(folder.resolve("feeds/done/list 1.ndjson"), "of another night");

        assertThat(night()).isZero();

        assertThat(folder.resolve("feeds/list 1.ndjson")).doesNotExist();
        assertThat(folder.resolve("feeds/done/list 1.ndjson")).hasContent("of another night");
        try (Stream<Path> done = Files.list(folder.resolve("feeds/done"))) {
            assertThat(done.map(file -> file.getFileName().toString()))
                    .hasSize(2)
                    .anyMatch(name -> name.matches("\\d{8}T\\d{6}Z-1-list 1\\.ndjson"));
        }
    }

    @Test
    void nightWithoutAFeedEndsAsTheFetchDoes() throws Exception {
        for (int code : List.of(ExitCode.COULD_NOT_RUN, ExitCode.INCOMPLETE)) {
            nights(code, ExitCode.ALL_LOADED);

            assertThat(night()).isEqualTo(code);

            assertThat(called()).containsExactly("fetch");
        }
    }

    @Test
    void filesMayHaveAnyName() throws Exception {
        Path home = java("jdk", "17.0.1");
        Path java = home.resolve("bin/java");
        script(java, Files.readString(java).replace("pid $$", "locale ${LC_ALL:-$LANG}"));
        environment.putAll(Map.of("JAVA_HOME", home.toString(), "LC_ALL", "", "LC_CTYPE", "", "LANG", ""));

        assertThat(start(installation.resolve("bin/contractflow")).out()).startsWith("locale C.UTF-8");
        environment.put("LANG", "de_DE.utf8");
        assertThat(start(installation.resolve("bin/contractflow")).out()).startsWith("locale de_DE.utf8");
        environment.put("LC_ALL", "POSIX");
        assertThat(start(installation.resolve("bin/contractflow")).out()).startsWith("locale C.UTF-8");
    }

    @Test
    void nightThatIsTerminatedLetsTheRunFinishWhatIsInFlight() throws Exception {
        nights(0, ExitCode.INCOMPLETE);
        script(
                installation.resolve("bin/contractflow"),
                Files.readString(installation.resolve("bin/contractflow"))
                        // The run of this night ends by a signal alone; the test that waits for it sends one.
                        .replace(
                                "exit 3",
                                "{ trap 'exit 3' TERM; kill -TERM $PPID; for i in $(seq 100); do sleep 0.1; done; exit 9; }"));

        assertThat(night()).isEqualTo(ExitCode.INCOMPLETE);
    }

    /** Puts a process in place that ends a fetch and a run with these codes. */
    private void nights(int fetch, int run) throws IOException {
        environment.put("STATE_DIRECTORY", folder.toString());
        script(installation.resolve("bin/contractflow"), """
                #!/bin/sh
                echo "$@" >> "%1$s/called"
                [ "$1" = fetch ] || exit %3$d
                mkdir -p "%1$s/feeds" && touch "%1$s/feeds/list 1.ndjson"
                [ %2$d != 0 ] || echo "%1$s/feeds/list 1.ndjson"
                exit %2$d
                """.formatted(folder, fetch, run));
    }

    private int night() throws Exception {
        return start(installation.resolve("bin/contractflow-night")).code();
    }

    /** The commands since the last time, in their order. */
    private List<String> called() throws IOException {
        List<String> called = Files.readAllLines(folder.resolve("called"));
        Files.delete(folder.resolve("called"));
        return called;
    }

    private End start(Path script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (asAnotherUser) {
            Files.setPosixFilePermissions(folder, fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(installation.resolve("lib"), fromString("r-xr-xr-x"));
            Files.setPosixFilePermissions(installation, fromString("r-xr-xr-x"));
            if ("root".equals(System.getProperty("user.name"))) {
                command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
            }
        }
        command.add(script.toString());
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(caller.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("CONTRACTFLOW_HOME", "JAVA_OPTS", "STATE_DIRECTORY"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> out = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new End(process.exitValue(), out, Files.readString(err).strip(), process.pid());
    }

    /** A folder that looks like a Java of that version. */
    private Path java(String name, String version) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("bin"));
        script(folder.resolve(name).resolve("bin/java"), """
                #!/bin/sh
                if [ "$*" = -version ]; then
                    : >"${0%%/bin/java}/asked"
                    echo "Picked up JAVA_TOOL_OPTIONS: -Dany=1" >&2
                    echo 'openjdk version "%s" 2026-01-01' >&2
                    exit
                fi
                echo "pid $$"
                echo "in $PWD"
                for argument; do echo "$argument"; done
                """.formatted(version));
        Files.writeString(
                folder.resolve(name).resolve("release"),
                "JAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2026-01-01\"\n");
        return folder.resolve(name);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
    }
}
