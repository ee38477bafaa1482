package contractflow.conventions;

import static contractflow.support.RouteFiles.matches;
import static contractflow.support.RouteFiles.occurrences;
import static contractflow.support.RouteFiles.walk;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.config.SettingsReference;
import contractflow.process.CamelSetup;
import contractflow.process.Mode;
import contractflow.support.CamelSchema;
import contractflow.support.RouteFiles;
import contractflow.support.RouteFiles.Part;
import contractflow.support.RouteFiles.RouteFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Camel lets pass silently in routes, statements and settings, and what keeps them easy to read. */
class RouteConventionsTest {

    /** As Kaoto saves them, with an endpoint on three lines. */
    private static final int MOST_LINES = 170;

    private static final int LINES_OF_STORY = 150;
    private static final int STEPS_OF_STORY = 8;

    /**
     * Routes that answer to another name than their own. Contracts come in as {@code direct:contract} from whatever hands them
     * out, today a split and some day a queue; what the route does with one is its own affair, and says its id.
     */
    private static final Map<String, String> NAMED_OTHERWISE = Map.of("settle-contract", "direct:contract");

    /** The id by which Camel knows the configuration of the routes that name none. */
    private static final String EVERY_ROUTE = "*";

    /** The folder {@code run} has three of them. */
    private static final Set<String> STAGES_OF_RUN = Set.of("run", "contract", "load");

    private static final Pattern INTERNAL_ENDPOINT = Pattern.compile("\\b((?:direct|seda):[A-Za-z0-9_-]+)");
    private static final Pattern BEAN =
            Pattern.compile("(?:ref: |\"#(?:bean:)?|executorService: |routePolicy: |\\$\\{bean:)([A-Za-z]+)");
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:\\{\\{[?!]?|\\$\\{properties:)([A-Za-z0-9_.-]+)");
    private static final Pattern HTTP_ADDRESS = Pattern.compile("^https?:|(?:base|token)-url}}");
    private static final Pattern HOST = Pattern.compile("(?i)https?://|localhost|\\b\\d{1,3}(?:[.]\\d{1,3}){3}\\b");
    private static final Pattern WRITTEN_TOKEN = Pattern.compile("(?i)\\b(?:bearer|basic) +(?!\\{\\{)[\"']?[^\\s\"']+");
    private static final Pattern STATEMENT =
            Pattern.compile("^\\{\\{contractflow[.]sql}}/((?:[a-z]+/)?[a-z]+(?:-[a-z]+)*[.]sql)$");
    private static final Pattern PARAMETER = Pattern.compile(":#(?:\\$\\{[^}]*}|[A-Za-z0-9_.]+)(?:::\\w+)?");

    private static final List<RouteFile> FILES = RouteFiles.routeFiles();

    @Test
    void everyFileOfTheRoutesIsOneThatIsLoaded() {
        Set<Path> loaded = new TreeSet<>();
        for (Mode mode : Mode.values()) {
            for (String pattern :
                    CamelSetup.routes(List.of("sandbox"), mode.folders()).split(",")) {
                Path folder = Path.of(pattern.replace("file:", "").replace("/*.camel.yaml", ""));
                RouteFiles.files(folder.toString(), ".camel.yaml").stream()
                        .filter(file -> file.getParent().equals(folder))
                        .forEach(loaded::add);
            }
        }

        assertThat(RouteFiles.files("routes", ""))
                .filteredOn(path -> !path.endsWith("README.md"))
                .isNotEmpty()
                .hasSameElementsAs(loaded);
    }

    @Test
    void everyFileIsShort() {
        assertThat(FILES)
                .filteredOn(file -> !file.isSandbox())
                .allSatisfy(file -> assertThat(file.text().lines().count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(MOST_LINES));
    }

    /** The one file that tells what happens to a feed, in Kaoto on one screen. */
    @Test
    void story_fitsOneLook() {
        RouteFile story = FILES.stream()
                .filter(file -> file.path().endsWith("contractflow.camel.yaml"))
                .findFirst()
                .orElseThrow();

        assertThat(story.text().lines().count()).isLessThanOrEqualTo(LINES_OF_STORY);
        assertThat(story.parts("route")).isNotEmpty().allSatisfy(route -> {
            List<JsonNode> steps = new ArrayList<>();
            walk(route.node(), (key, value) -> {
                if (key.equals("steps")) {
                    value.forEach(steps::add);
                }
            });
            assertThat(steps).as("%s", route).hasSizeLessThanOrEqualTo(STEPS_OF_STORY);
        });
    }

    @Test
    void everyRouteSaysWhatItIs() {
        assertThat(parts("route")).isNotEmpty().allSatisfy(route -> {
            assertThat(route.id()).as("id of a route in %s", route.file()).matches("[a-z]+(-[a-z]+)*");
            assertThat(route.node().path("description").asText())
                    .as("description of %s", route)
                    .isNotBlank();
        });
        assertThat(parts("route")).extracting(Part::id).doesNotHaveDuplicates();
    }

    /** A box on the canvas would have the name of its component otherwise: "bean". */
    @Test
    void stepsOfTheMainFlow_sayWhatTheyDo() {
        List<String> silent = new ArrayList<>();
        FILES.stream()
                .filter(file -> file.toString().matches("routes/(contractflow[.].*|run/.*|api/(netsuite|usage).*)"))
                .forEach(file -> walk(file.content(), (key, step) -> {
                    if (key.equals("steps")
                            && step.properties().stream()
                                    .anyMatch(eip -> !eip.getValue().has("description"))) {
                        silent.add(file + ": " + step);
                    }
                }));

        assertThat(silent).isEmpty();
    }

    @Test
    void noIdIsThereTwice() {
        List<String> ids = new ArrayList<>();
        FILES.forEach(file -> walk(file.content(), (key, value) -> {
            if (key.equals("id") && value.isTextual() && !value.asText().startsWith("{{")) {
                ids.add(value.asText());
            }
        }));

        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void everyDirectRouteIsCalledByItsId() {
        assertThat(parts("route"))
                .filteredOn(route -> consumer(route).startsWith("direct:"))
                .allSatisfy(route -> assertThat(consumer(route))
                        .as("%s", route)
                        .isEqualTo(NAMED_OTHERWISE.getOrDefault(route.id(), "direct:" + route.id())));
    }

    @Test
    void everyInternalEndpointThatIsUsedIsConsumedInEachMode() {
        for (Mode mode : Mode.values()) {
            List<RouteFile> files = filesOf(mode);
            assertThat(used(files)).as("%s", mode).isSubsetOf(consumed(files));
        }
        assertThat(usedByJava()).isSubsetOf(consumed(FILES));
    }

    @Test
    void everyBeanThatIsNamedIsThereInEachMode() {
        List<String> beans =
                FILES.stream().flatMap(file -> beans(file).stream()).toList();

        assertThat(beans).doesNotHaveDuplicates();
        for (Mode mode : Mode.values()) {
            List<RouteFile> files = filesOf(mode);
            Set<String> there =
                    files.stream().flatMap(file -> beans(file).stream()).collect(Collectors.toSet());
            assertThat(files)
                    .allSatisfy(file -> assertThat(matches(BEAN, file.text()))
                            .as("%s in mode %s", file, mode)
                            .filteredOn(beans::contains)
                            .isSubsetOf(there));
        }
    }

    /** Those that are loaded in a mode, without a profile. */
    private static List<RouteFile> filesOf(Mode mode) {
        return FILES.stream()
                .filter(file -> switch (mode) {
                    case DATABASE ->
                        file.folder().equals("commands") || file.path().endsWith("defaults.camel.yaml");
                    case REHEARSAL -> file.isSandbox();
                    default -> file.folder().isEmpty() || mode.folders().contains(file.folder());
                })
                .toList();
    }

    private static List<String> beans(RouteFile file) {
        return file.parts("beans").stream()
                .flatMap(beans -> beans.node().findValuesAsText("name").stream())
                .toList();
    }

    @Test
    void everyInternalEndpointThatIsConsumedIsUsed() {
        Set<String> used = used(FILES);
        used.addAll(usedByJava());
        assertThat(consumed(FILES)).isSubsetOf(used);
    }

    @Test
    void everyRouteConfigurationThatIsNamedExists() {
        List<String> existing =
                parts("routeConfiguration").stream().map(Part::id).toList();

        assertThat(parts("route"))
                .allSatisfy(route ->
                        assertThat(configurations(route)).as("%s", route).isSubsetOf(existing));
        assertThat(existing).doesNotHaveDuplicates();
    }

    @Test
    void everyRouteConfigurationIsNamed() {
        List<String> named = parts("route").stream()
                .flatMap(route -> configurations(route).stream())
                .toList();

        assertThat(parts("routeConfiguration")).allSatisfy(configuration -> {
            if (!configuration.id().equals(EVERY_ROUTE)) {
                assertThat(configuration.id())
                        .as("id in %s", configuration.file())
                        .isNotBlank()
                        .isIn(named);
            }
            assertThat(configuration.node().path("description").asText())
                    .as("%s", configuration)
                    .isNotBlank();
        });
    }

    @Test
    void whatBecomesOfErrorsIsSaidInOnePlace() {
        assertThat(parts("routeConfiguration"))
                .filteredOn(configuration -> configuration.id().equals(EVERY_ROUTE))
                .singleElement()
                .satisfies(defaults -> assertThat(defaults.node()
                                .at("/errorHandler/noErrorHandler")
                                .isObject())
                        .as("%s, so that Camel's own error handler does not print a stack trace", defaults)
                        .isTrue());
        assertThat(parts("route"))
                .allSatisfy(route -> assertThat(route.node().has("errorHandler"))
                        .as("%s has an error handler of its own instead of a route configuration", route)
                        .isFalse());
    }

    @Test
    void everyPlaceholderIsASetting() throws IOException {
        Set<String> settings = settingsOf("application.properties").stringPropertyNames();

        assertThat(placeholders())
                .filteredOn(key -> !key.startsWith("camel.") && !key.startsWith("contractflow."))
                .isSubsetOf(settings);
    }

    @Test
    void everySettingIsUsed() throws IOException {
        Set<String> used = placeholders();
        for (Path source : RouteFiles.files("src/main/java", ".java")) {
            // The class that knows all settings uses none of them for itself.
            if (!source.endsWith("Settings.java")) {
                used.addAll(matches(
                        Pattern.compile("\"(?:\\{\\{)?([a-z]+(?:[.-][a-z]+)+)(?:}})?\""), RouteFiles.text(source)));
            }
        }

        assertThat(settingsOf("application.properties").stringPropertyNames()).isSubsetOf(used);
    }

    @Test
    void applicationPropertiesHaveEverySettingThatIsChecked() throws IOException {
        assertThat(settingsOf("application.properties").stringPropertyNames()).containsAll(SettingsReference.keys());
    }

    @Test
    void sandboxChangesOnlyWhatIsASetting() throws IOException {
        assertThat(settingsOf("application-sandbox.properties").stringPropertyNames())
                .isSubsetOf(SettingsReference.keys());
    }

    @Test
    void devChangesOnlyHowCamelReadsRoutes() throws IOException {
        assertThat(settingsOf("application-dev.properties").stringPropertyNames())
                .isNotEmpty()
                .allMatch(key -> key.startsWith("camel.main.routes-reload-"));
    }

    @Test
    void noSecretIsWrittenDown() throws IOException {
        Properties settings = settingsOf("application.properties");

        assertThat(settings.stringPropertyNames())
                .filteredOn(key -> key.matches(".*(token|password|secret|key|username)"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(settings.getProperty(key)).as(key).isEmpty());
        assertThat(FILES)
                .allSatisfy(file -> assertThat(occurrences(WRITTEN_TOKEN, file.text()))
                        .as("%s", file)
                        .isEmpty());
    }

    @Test
    void noRouteNamesAHost() {
        assertThat(FILES)
                .allSatisfy(file -> assertThat(occurrences(HOST, file.text()))
                        .as("%s", file)
                        .isEmpty());
    }

    @Test
    void everyBreakerFailsTheMessageWhileItIsOpen() throws IOException {
        Properties camel = settingsOf("src/main/resources/contractflow/camel.properties");
        assertThat(camel).containsEntry("camel.resilience4j.throw-exception-when-half-open-or-open-state", "true");
        Stream<JsonNode> breakers = parts("route").stream().flatMap(route -> route.all("circuitBreaker").stream());

        assertThat(breakers).isNotEmpty().allSatisfy(breaker -> {
            assertThat(breaker.path("id").asText()).isNotBlank();
            JsonNode configuration = breaker.path("resilience4jConfiguration");
            assertThat(configuration
                            .path("throwExceptionWhenHalfOpenOrOpenState")
                            .asText("true"))
                    .as("throwExceptionWhenHalfOpenOrOpenState of %s", breaker.path("id"))
                    .isEqualTo("true");
            assertThat(configuration.has("ignoreException") || configuration.has("recordException"))
                    .as("%s lists exceptions, which Camel's breaker then swallows", breaker.path("id"))
                    .isFalse();
        });
    }

    @Test
    void everyHttpCallHasADeadlineAndLeavesTheStatusToTheRoute() {
        List<Part> callers = parts("route").stream()
                .filter(route -> !route.file().isSandbox())
                .filter(route -> route.all("uri").stream().anyMatch(RouteConventionsTest::isHttp))
                .toList();

        assertThat(callers).isNotEmpty().allSatisfy(route -> {
            List<JsonNode> calls = route.all("to").stream()
                    .filter(to -> isHttp(to.path("uri")))
                    .toList();
            assertThat(route.all("uri").stream().filter(RouteConventionsTest::isHttp))
                    .as("HTTP endpoints of %s, which are called by `to` only", route)
                    .hasSameSizeAs(calls);
            assertThat(calls).allSatisfy(call -> {
                assertThat(call.at("/parameters/throwExceptionOnFailure").asText())
                        .as("%s", route)
                        .isEqualTo("false");
                assertThat(call.at("/parameters/httpClientConfigurer").asText())
                        .as("%s", route)
                        .matches("#[a-z]+Deadline");
            });
        });
    }

    @Test
    void noSlotIsHeldWhileACallWaitsToBeRepeated() {
        List<Part> limited = parts("route").stream()
                .filter(route -> route.all("policy").stream()
                        .anyMatch(policy -> policy.path("ref").asText().matches("netsuite|usage")))
                .toList();

        assertThat(limited)
                .isNotEmpty()
                .allSatisfy(route -> assertThat(route.node().has("routeConfigurationId"))
                        .as("%s repeats a step within the policy, so that the call keeps its slot until then", route)
                        .isFalse());
    }

    @Test
    void everyHttpCallIsTraced() {
        assertThat(parts("route"))
                .filteredOn(route ->
                        // The address of an alert's receiver is a secret, and no span may have it.
                        !route.file().isSandbox()
                                && !route.node().path("group").asText().equals("report")
                                && route.all("uri").stream().anyMatch(RouteConventionsTest::isHttp))
                .isNotEmpty()
                .allSatisfy(route -> assertThat(
                                route.node().path("routePolicy").asText().split(","))
                        .as("routePolicy of %s", route)
                        .contains("traced"));
    }

    @Test
    void everyRouteNamesItsStage() {
        assertThat(parts("route")).allSatisfy(route -> {
            String folder = route.file().folder();
            assertThat(route.node().path("group").asText())
                    .as("group of %s", route)
                    .isIn(folder.isEmpty() || folder.equals("run") ? STAGES_OF_RUN : Set.of(folder));
        });
    }

    @Test
    void httpsIsSetUpAsHttpIs() throws IOException {
        Properties camel = settingsOf("src/main/resources/contractflow/camel.properties");

        assertThat(componentSettings(camel, "https")).isNotEmpty().isEqualTo(componentSettings(camel, "http"));
    }

    private static Map<String, String> componentSettings(Properties camel, String component) {
        String prefix = "camel.component." + component + ".";
        return camel.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toMap(key -> key.substring(prefix.length()), camel::getProperty));
    }

    @Test
    void noEndpointIsMadeOfData() {
        assertThat(FILES)
                .allSatisfy(file -> walk(file.content(), (key, value) -> {
                    assertThat(key).as("%s", file).isNotIn("toD", "recipientList", "routingSlip", "dynamicRouter");
                    if (key.equals("enrich") || key.equals("pollEnrich")) {
                        assertThat(value.path("expression").has("constant"))
                                .as("%s in %s goes to one endpoint", key, file)
                                .isTrue();
                    }
                    if (key.equals("wireTap")) {
                        assertThat(value.path("dynamicUri").asText())
                                .as("dynamicUri of wireTap in %s", file)
                                .isEqualTo("false");
                    }
                    if (key.equals("uri")) {
                        assertThat(value.asText())
                                .as("%s", file)
                                .doesNotContain("${")
                                .doesNotContain("RAW(");
                    }
                }));
    }

    @Test
    void everyFileFollowsCamelsSchema() {
        CamelSchema schema = CamelSchema.published();

        assertThat(FILES)
                .allSatisfy(file ->
                        assertThat(schema.faults(file.written())).as("%s", file).isEmpty());
    }

    @Test
    void everyFileIsWrittenInTheCanonicalForm() {
        CamelSchema schema = CamelSchema.canonical();

        assertThat(FILES)
                .allSatisfy(file ->
                        assertThat(schema.faults(file.written())).as("%s", file).isEmpty());
    }

    @Test
    void everyStatementThatIsCalledIsAFile() {
        assertThat(statementsCalled()).isNotEmpty().allSatisfy(called -> {
            assertThat(called).matches(STATEMENT);
            assertThat(Path.of("sql", matches(STATEMENT, called).get(0))).isRegularFile();
        });
    }

    @Test
    void everyStatementIsCalled() {
        List<Path> called = Stream.concat(statementsCalled().stream(), statementsSentElsewhere())
                .flatMap(query -> matches(STATEMENT, query).stream())
                .map(name -> Path.of("sql", name))
                .toList();

        assertThat(RouteFiles.files("sql", "")).isNotEmpty().isSubsetOf(called);
    }

    @Test
    void noStatementIsPutTogetherFromParameters() {
        Pattern joined = Pattern.compile("\\|\\|\\s*" + PARAMETER + "|" + PARAMETER + "\\s*\\|\\|");

        assertThat(RouteFiles.files("sql", ".sql")).allSatisfy(file -> {
            assertThat(occurrences(joined, RouteFiles.text(file)))
                    .as("%s", file)
                    .isEmpty();
            // The privilege of that name is none of its statements.
            String statements = RouteFiles.text(file).replace("'EXECUTE'", "").replace("GRANT EXECUTE ON FUNCTION", "");
            assertThat(statements).as("%s", file).doesNotContainIgnoringCase("execute");
        });
    }

    @Test
    void everyStatementSaysWhatItDoes() {
        assertThat(RouteFiles.files("sql", ".sql"))
                .allSatisfy(
                        file -> assertThat(RouteFiles.text(file)).as("%s", file).matches("(?s)-- \\S.*"));
    }

    private static List<Part> parts(String kind) {
        return FILES.stream().flatMap(file -> file.parts(kind).stream()).toList();
    }

    private static List<String> configurations(Part route) {
        return Stream.of(route.node().path("routeConfigurationId").asText().split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
    }

    private static String consumer(Part route) {
        return route.node().at("/from/uri").asText();
    }

    private static Set<String> consumed(List<RouteFile> files) {
        return files.stream()
                .flatMap(file -> file.parts("route").stream())
                .map(RouteConventionsTest::consumer)
                .filter(uri -> INTERNAL_ENDPOINT.matcher(uri).lookingAt())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is sent to, by any step or option of a route. */
    private static Set<String> used(List<RouteFile> files) {
        Set<String> used = new TreeSet<>();
        for (RouteFile file : files) {
            walk(withoutConsumers(file), (key, value) -> {
                if (value.isTextual() && !key.equals("description") && !key.equals("note")) {
                    used.addAll(matches(INTERNAL_ENDPOINT, value.asText()));
                }
            });
        }
        return used;
    }

    private static Set<String> usedByJava() {
        Set<String> used = new TreeSet<>();
        for (Path source : RouteFiles.files("src/main/java", ".java")) {
            used.addAll(matches(INTERNAL_ENDPOINT, RouteFiles.text(source)));
        }
        return used;
    }

    private static JsonNode withoutConsumers(RouteFile file) {
        JsonNode content = file.content().deepCopy();
        content.forEach(element -> {
            if (element.at("/route/from") instanceof ObjectNode from) {
                from.remove("uri");
            }
        });
        return content;
    }

    private static Set<String> placeholders() {
        Path camel = Path.of("src/main/resources/contractflow/camel.properties");
        Set<String> keys = new TreeSet<>(matches(PLACEHOLDER, RouteFiles.text(camel)));
        FILES.forEach(file -> keys.addAll(matches(PLACEHOLDER, file.text())));
        RouteFiles.files("sql", ".sql").forEach(file -> keys.addAll(matches(PLACEHOLDER, RouteFiles.text(file))));
        return keys;
    }

    private static List<String> statementsCalled() {
        List<String> queries = new ArrayList<>();
        for (Part route : parts("route")) {
            for (JsonNode uri : route.all("uri")) {
                if (uri.asText().startsWith("sql:")) {
                    queries.add(uri.asText().substring("sql:".length()));
                }
            }
        }
        return queries;
    }

    /** A query that NetSuite answers is read as a text, and so is the one by which a rehearsal sees what its runs have done. */
    private static Stream<String> statementsSentElsewhere() {
        return Stream.concat(
                Stream.of("{{contractflow.sql}}/rehearsal/outcomes.sql"),
                parts("route").stream()
                        .flatMap(route -> route.all("expression").stream())
                        .map(JsonNode::asText)
                        .filter(text -> text.startsWith("resource:"))
                        .map(text -> text.substring("resource:".length())));
    }

    private static boolean isHttp(JsonNode uri) {
        return HTTP_ADDRESS.matcher(uri.asText()).find();
    }

    private static Properties settingsOf(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            properties.load(in);
        }
        return properties;
    }
}
