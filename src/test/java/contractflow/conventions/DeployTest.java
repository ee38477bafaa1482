package contractflow.conventions;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import contractflow.cli.CommandLineTest;
import contractflow.config.SettingNames;
import contractflow.config.SettingsReference;
import contractflow.contract.Json;
import contractflow.report.ExitCode;
import contractflow.support.ContractFlowTest;
import contractflow.support.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ways to install it say about the process is true: its settings, commands, exit codes, probes and files. */
class DeployTest {

    private static final Path SYSTEMD = Path.of("docs/deploy/systemd");
    private static final String BIN = "/opt/contractflow/bin/";
    private static final String LIVE = "/observe/health/live";

    /** Variables that are no settings, and who reads them. */
    private static final Set<String> OF_OTHERS =
            Set.of("JAVA_OPTS", "LANG", "STATE_DIRECTORY", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE");

    private static final Pattern VARIABLE = Pattern.compile("(?m)^(?:ENV|Environment=\"?)?\\s*([A-Z][A-Z_]+)=");
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^ {4}(?:.*bin/|docker run .*(?=contractflow:))?(contractflow(?::\\S+)?(?: .*)?)$");

    private final String version = text(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<-]*).*", "$1");

    @Test
    void everyVariableIsASetting() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : List.of(
                Path.of("Dockerfile"),
                SYSTEMD.resolve("contractflow.service"),
                SYSTEMD.resolve("contractflow-night.service"),
                SYSTEMD.resolve("contractflow.env"))) {
            List<String> variables = RouteFiles.matches(VARIABLE, text(file));
            assertThat(variables).as("variables of %s", file).hasSizeGreaterThan(2);
            names.addAll(variables);
        }
        for (JsonNode service : yaml("compose.yaml").get(0).get("services")) {
            service.get("environment").fieldNames().forEachRemaining(names::add);
        }
        yaml("docs/deploy/kubernetes/settings.yaml")
                .get(0)
                .get("data")
                .fieldNames()
                .forEachRemaining(names::add);
        container("deployment.yaml")
                .get("env")
                .forEach(variable -> names.add(variable.get("name").asText()));
        names.removeAll(OF_OTHERS);

        assertThat(names).contains("WAREHOUSE_PASSWORD_FILE", "SCHEDULE_CRON", "SERVER_HOST");
        assertThat(names)
                .isSubsetOf(SettingsReference.keys().stream()
                        .map(SettingNames::environmentName)
                        .toList());
    }

    @Test
    void everySecretIsAFileAndNoneIsWrittenDown() throws IOException {
        Set<String> secrets =
                Set.of("NETSUITE_TOKEN", "USAGE_TOKEN", "USAGE_OAUTH_CLIENT_SECRET", "WAREHOUSE_PASSWORD");

        for (Path file : RouteFiles.files("docs/deploy", "")) {
            assertThat(text(file).split("\\W+")).as("%s", file).doesNotContainAnyElementsOf(secrets);
        }
        assertThat((text(Path.of("compose.yaml")) + text(Path.of("Dockerfile"))).split("\\W+"))
                .doesNotContainAnyElementsOf(secrets);
    }

    @Test
    void everyCommandIsThere() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String unit : List.of("contractflow.service", "contractflow-night.service")) {
            commands.addAll(unit(unit, "ExecStart"));
        }
        commands.add(container("cronjob.yaml").get("command").get(0).asText());
        commands.add(text(Path.of("Dockerfile")).replaceAll("(?s).*ENTRYPOINT \\[\"(.*?)\"].*", "$1"));

        assertThat(commands).hasSize(4).allSatisfy(command -> {
            assertThat(command).startsWith(BIN);
            assertThat(Path.of("src/main/package/bin", command.substring(BIN.length())))
                    .isExecutable();
        });
    }

    @Test
    void everyCommandOfTheDocumentIsUnderstood() {
        List<String> commands = RouteFiles.matches(COMMAND, text(Path.of("docs/deploy/README.md"))).stream()
                .map(command -> command.replaceFirst("^contractflow:\\S+", "contractflow"))
                .toList();

        assertThat(commands).hasSize(6).allSatisfy(CommandLineTest::assertUnderstood);
    }

    @Test
    void serviceOfSystemdGoesOnWithAnIncompleteRunAndStaysDownWhereItCannotStart() throws IOException {
        String service = "contractflow.service";

        assertThat(unit(service, "Type")).containsExactly("exec");
        assertThat(codes(service, "SuccessExitStatus")).containsExactly(ExitCode.INCOMPLETE);
        assertThat(codes(service, "RestartForceExitStatus")).containsExactly(ExitCode.INCOMPLETE);
        assertThat(codes(service, "RestartPreventExitStatus")).containsExactly(ExitCode.COULD_NOT_RUN);
        assertThat(codes(service, "TimeoutStopSec")).allMatch(seconds -> seconds > 30);
    }

    @Test
    void nightOfSystemdIsOverWithDeadLettersAndGoneOnWithWhereItIsIncomplete() throws IOException {
        String night = "contractflow-night.service";

        assertThat(unit(night, "Type")).containsExactly("oneshot");
        assertThat(codes(night, "SuccessExitStatus")).containsExactly(ExitCode.DEAD_LETTERS);
        assertThat(unit(night, "Restart")).containsExactly("on-failure");
        assertThat(codes(night, "RestartPreventExitStatus")).containsExactly(ExitCode.COULD_NOT_RUN);
        assertThat(unit(night, "StartLimitBurst")).isNotEmpty();
        assertThat(codes(night, "TimeoutStopSec")).allMatch(seconds -> seconds > 30);
    }

    @Test
    void unitsAreAcceptedBySystemd(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "there is no systemd-analyze");
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
        for (Path file : RouteFiles.files(SYSTEMD.toString(), "")) {
            if (!file.toString().endsWith(".env")) {
                Path unit = folder.resolve(file.getFileName());
                // It wants to see the program that is started.
                Files.writeString(
                        unit,
                        text(file).replace(BIN, Path.of("src/main/package/bin").toAbsolutePath() + "/"));
                command.add(unit.toString());
            }
        }

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)
                        .lines()
                        .filter(line -> line.contains("contractflow")))
                .isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void nightOfKubernetesIsRepeatedOnlyWhereThatHelps() throws IOException {
        JsonNode job = yaml("docs/deploy/kubernetes/cronjob.yaml").get(0).at("/spec/jobTemplate/spec");
        JsonNode container = container("cronjob.yaml");

        JsonNode rule = job.at("/podFailurePolicy/rules/1");
        assertThat(rule.get("action").asText()).isEqualTo("FailJob");
        assertThat(rule.at("/onExitCodes/containerName")).isEqualTo(container.get("name"));
        assertThat(rule.at("/onExitCodes/operator").asText()).isEqualTo("In");
        assertThat(rule.at("/onExitCodes/values"))
                .extracting(JsonNode::asInt)
                .containsExactly(ExitCode.COULD_NOT_RUN, ExitCode.DEAD_LETTERS);
        // Without which the rules do not hold.
        assertThat(job.at("/template/spec/restartPolicy").asText()).isEqualTo("Never");
        assertThat(job.get("backoffLimit").asInt()).isPositive();
        assertThat(yaml("docs/deploy/kubernetes/cronjob.yaml")
                        .get(0)
                        .at("/spec/concurrencyPolicy")
                        .asText())
                .isEqualTo("Forbid");
    }

    @Test
    void deploymentOfKubernetesIsOneProcessThatIsAskedWhetherItLives() throws IOException {
        JsonNode spec = yaml("docs/deploy/kubernetes/deployment.yaml").get(0).get("spec");
        JsonNode container = container("deployment.yaml");

        assertThat(spec.get("replicas").asInt()).isEqualTo(1);
        assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo(LIVE);
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/observe/health/ready");
        assertThat(text(Path.of("application.properties")))
                .contains(
                        "server.port=" + container.at("/ports/0/containerPort").asText() + "\n");
    }

    @Test
    void podsAreGivenTheTimeToStopAndNoMoreRightsThanTheyNeed() throws IOException {
        for (String file : List.of("deployment.yaml", "cronjob.yaml")) {
            JsonNode pod = container(file, "");
            assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isGreaterThan(30);
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(text(Path.of("Dockerfile")))
                    .contains("USER " + pod.at("/securityContext/runAsUser").asText() + ":");
            assertThat(container(file)
                            .at("/securityContext/readOnlyRootFilesystem")
                            .asBoolean())
                    .isTrue();
            assertThat(container(file).get("image").asText()).isEqualTo("contractflow:" + version);
        }
    }

    @Test
    void composeKeepsThePortAndTheSecretsToThisMachine() throws IOException {
        JsonNode compose = yaml("compose.yaml").get(0);
        JsonNode service = compose.at("/services/contractflow");

        assertThat(service.get("image").asText()).isEqualTo("contractflow:" + version);
        assertThat(service.get("ports"))
                .allSatisfy(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
        assertThat(service.get("stop_grace_period").asText()).isEqualTo("40s");
        Set<String> secrets = service.get("environment").properties().stream()
                .map(variable -> variable.getValue().asText())
                .filter(value -> value.startsWith("/run/secrets/"))
                .map(value -> value.substring("/run/secrets/".length()))
                .collect(Collectors.toSet());
        assertThat(service.get("secrets")).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(secrets);
        assertThat(compose.get("secrets").properties())
                .extracting(entry -> entry.getKey())
                .containsAll(secrets);
    }

    @Test
    void healthCheckOfTheImageBelievesTheProcess() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
        String words = text(Path.of("Dockerfile")).replaceAll("(?s).*HEALTHCHECK .* CMD (\\[.*?]\\n).*", "$1");
        List<String> check = new ArrayList<>();
        Json.exact().readTree(words).forEach(word -> check.add(word.asText()));
        WireMockServer server = ContractFlowTest.server();
        int port = server.port();
        try {
            server.stubFor(get(LIVE).willReturn(aResponse().withStatus(200)));
            assertThat(exitCode(check, port)).isZero();
            server.stubFor(get(LIVE).willReturn(aResponse().withStatus(503)));
            assertThat(exitCode(check, port)).isNotZero();
        } finally {
            server.stop();
        }
        assertThat(exitCode(check, port)).isNotZero();
    }

    private static int exitCode(List<String> command, int port) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SERVER_PORT", String.valueOf(port));
        Process process = builder.start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private static JsonNode container(String file) throws IOException {
        return container(file, "/containers/0");
    }

    private static JsonNode container(String file, String part) throws IOException {
        JsonNode spec = yaml("docs/deploy/kubernetes/" + file).get(0).get("spec");
        return spec.at((spec.has("jobTemplate") ? "/jobTemplate/spec" : "") + "/template/spec" + part);
    }

    private static List<Integer> codes(String unit, String key) {
        return unit(unit, key).stream()
                .flatMap(value -> Arrays.stream(value.split(" ")))
                .map(Integer::valueOf)
                .toList();
    }

    /** What a unit says under a key, a line each. */
    private static List<String> unit(String name, String key) {
        return RouteFiles.matches(Pattern.compile("(?m)^" + key + "=(.*)$"), text(SYSTEMD.resolve(name)));
    }

    private static List<JsonNode> yaml(String file) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        return yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(Path.of(file).toFile())
                .readAll();
    }

    private static String text(Path file) {
        return RouteFiles.text(file);
    }
}
