package contractflow.process;

import static contractflow.support.FakeApis.listed;
import static contractflow.support.FakeApis.page;
import static contractflow.support.FakeApis.pageAfter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import contractflow.contract.Json;
import contractflow.support.ProcessTest;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip, unpacked into a folder with a space in its name and run by a user who is not root. */
@DisabledOnOs(OS.WINDOWS)
class PackageIT extends ProcessTest {

    private static final Path ZIP = Path.of(System.getProperty("contractflow.zip"));

    /** What a process of the other user looks like; where the tests are not root's, they are the other user. */
    private static final List<String> AS_ANOTHER_USER = "root".equals(System.getProperty("user.name"))
            ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            : List.of();

    @TempDir
    private static Path place;

    private static Path installation;

    /** All that the other user may write to. */
    private static Path work;

    @BeforeAll
    static void unpack() throws Exception {
        Path target = Files.createDirectory(place.resolve("where it lies"));
        try (FileSystem zip = FileSystems.newFileSystem(ZIP, Map.of("enablePosixFileAttributes", true))) {
            Path root = zip.getPath("/");
            for (Path entry : walk(root)) {
                Path file = target.resolve(root.relativize(entry).toString());
                if (!entry.equals(root)) {
                    Files.copy(entry, file);
                    Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
                }
            }
        }
        installation = target.resolve(ZIP.getFileName().toString().replace(".zip", ""));
        Files.setPosixFilePermissions(place, fromString("rwxr-xr-x"));
        work = Files.createDirectory(place.resolve("work"));
        if (!AS_ANOTHER_USER.isEmpty()) {
            assertThat(new ProcessBuilder("chown", "65534:65534", work.toString())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    @Test
    void feedIsRunByAnotherUserFromAnotherFolderIntoAPipe() throws Exception {
        Path statement = installation.resolve("sql/load-batch.sql");
        Files.writeString(
                statement,
                Files.readString(statement).replace("netsuite ->> 'name'", "upper(netsuite ->> 'name') || '!'"));
        Files.createSymbolicLink(place.resolve("contractflow"), installation.resolve("bin/contractflow"));
        Files.copy(Path.of(feedOf(3)), place.resolve("contracts.csv"));
        environment.put("FEED_DIRECTORY", work.resolve("feeds").toString());
        environment.put("REPORT_DIRECTORY", work.resolve("reports").toString());

        // The reader closes the pipe after one line. That is no fault, and the run goes on.
        Result result = bash("./contractflow run contracts.csv | head -1; exit ${PIPESTATUS[0]}");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).hasSize(1);
        assertThat(result.err()).isEmpty();
        assertThat(query("SELECT feed, status, loaded FROM run"))
                .containsExactly(Map.of("feed", "contracts.csv", "status", "complete", "loaded", 3L));
        assertThat(query("SELECT contract_name FROM contract_enriched ORDER BY contract_id LIMIT 1"))
                .containsExactly(Map.of("contract_name", "CON C-1!"));
        assertThat(work.resolve("reports")).isDirectoryContaining("glob:**.html");
    }

    @Test
    void fetchSaysNothingOnStandardOutputButWhereTheFeedIs() throws Exception {
        apis.netsuite().stubFor(pageAfter(0).willReturn(page(false, listed(1))));
        environment.put("FEED_DIRECTORY", "../../work/fetched");

        Result result = bash("where*/*/bin/contractflow fetch");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .singleElement()
                .satisfies(feed -> assertThat(Path.of(feed)).isAbsolute().isRegularFile());
    }

    @Test
    void classArchive_isWrittenByTheFirstRunAndReadByTheSecond_andNotNeeded() throws Exception {
        Path home = Files.createDirectory(work.resolve("my home"));
        Files.setPosixFilePermissions(home, fromString("rwxrwxrwx"));
        Files.copy(Path.of(feedOf(1)), home.resolve("contracts.csv"));
        environment.put("REPORT_DIRECTORY", "reports");
        environment.put("CONTRACTFLOW_HOME", "work/my home");
        String run = "where*/*/bin/contractflow run --quiet 'work/my home/contracts.csv'";
        Result first = bash(run);
        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(first.out()).isEmpty();
        assertThat(home).isDirectoryContaining("glob:**/classes-*.jsa");

        Path log = work.resolve("classes.log");
        Result second = bash("JAVA_OPTS='-Xlog:class+load:file=" + log + "' " + run);

        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.out()).isEmpty();
        assertThat(second.err()).isEmpty();
        assertThat(Files.readString(log)).contains("source: shared objects file (top)");
        if (Runtime.version().feature() >= 24) {
            // Before, Java does not find the blank of the folder in the address of a class.
            assertThat(Files.readString(log))
                    .containsPattern("contractflow[.]Run source: shared objects file [(]top[)]");
        }
    }

    @Test
    void versionIsThatOfTheZip() throws Exception {
        Result result = bash("where*/*/bin/contractflow --version");

        assertThat(result.out())
                .containsExactly(
                        ZIP.getFileName().toString().replace(".zip", "").replaceFirst("-", " "));
    }

    @Test
    void filesAreThoseOfTheRepository() throws Exception {
        for (String name : List.of("routes", "sql", "docs")) {
            assertThat(names(installation.resolve(name))).isEqualTo(names(Path.of(name)));
        }
        for (String name : List.of(
                "README.md",
                "LICENSE",
                "application.properties",
                "application-sandbox.properties",
                "Dockerfile",
                "compose.yaml")) {
            assertThat(installation.resolve(name)).hasSameBinaryContentAs(Path.of(name));
        }
        for (String name : List.of("contractflow", "contractflow-night")) {
            Path script = installation.resolve("bin").resolve(name);
            assertThat(script).hasSameBinaryContentAs(Path.of("src/main/package/bin", name));
            assertThat(Files.getPosixFilePermissions(script)).contains(PosixFilePermission.OTHERS_EXECUTE);
        }
        String cmd = Files.readString(installation.resolve("bin/contractflow.cmd"));
        assertThat(cmd)
                .isEqualTo(Files.readString(Path.of("src/main/package/bin/contractflow.cmd"))
                        .replaceAll("\\R", "\r\n"));
    }

    @Test
    void imageIsMadeOfFilesThatAreThere() throws Exception {
        List<String> copied = Files.readAllLines(installation.resolve("Dockerfile")).stream()
                .filter(line -> line.startsWith("COPY "))
                .map(line -> line.substring("COPY ".length(), line.lastIndexOf(' ')))
                .flatMap(names -> Stream.of(names.split(" ")))
                .toList();

        assertThat(copied)
                .contains("bin/", "lib/")
                .allSatisfy(name -> assertThat(installation.resolve(name)).exists());
    }

    @Test
    void billOfMaterialsListsEveryLibrary() throws Exception {
        assumeFalse(
                "offline=true".equals(System.getProperty("contractflow.build")),
                "offline, Maven makes no bill of materials");
        JsonNode components = Json.exact()
                .readTree(installation.resolve("contractflow-sbom.json").toFile())
                .get("components");
        Set<String> listed = new TreeSet<>();
        components.forEach(component -> listed.add(
                component.get("name").asText() + "-" + component.get("version").asText() + ".jar"));

        Set<String> libraries = names(installation.resolve("lib"));
        libraries.removeIf(name -> name.startsWith("contractflow-"));

        assertThat(libraries).hasSizeGreaterThan(50);
        assertThat(listed).containsAll(libraries);
    }

    /** What a command has printed, and how it has ended. */
    private record Result(int exitCode, List<String> out, String err) {}

    /** Does something in a shell of the other user, in the folder that the zip lies in. */
    private Result bash(String script) throws Exception {
        List<String> command = new ArrayList<>(AS_ANOTHER_USER);
        command.addAll(List.of("bash", "-c", script));
        Path err = Files.createTempFile("contractflow", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(place.toFile()).redirectError(err.toFile());
        SettingsReference.keys().forEach(key -> builder.environment().remove(SettingNames.environmentName(key)));
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx512m");
        Process process = builder.start();
        List<String> out = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, Files.readString(err));
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : walk(folder)) {
            if (Files.isRegularFile(file)) {
                names.add(folder.relativize(file).toString());
            }
        }
        return names;
    }
}
