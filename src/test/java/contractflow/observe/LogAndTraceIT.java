package contractflow.observe;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.customer;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.report;
import static contractflow.support.FakeApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import contractflow.contract.Json;
import contractflow.report.ExitCode;
import contractflow.support.ChildProcess;
import contractflow.support.ContractFlowTest;
import contractflow.support.FakeApis;
import contractflow.support.ProcessTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a run leaves for those who look into it later: lines of the log, by run and contract, and spans. */
class LogAndTraceIT extends ProcessTest {

    private static final int CONTRACTS = 60;

    /** Would be a line of its own if it could. */
    private static final String FORGER = "C\\u008507:00:00 ERROR forged";

    /** Ten contracts, which are asked for at once. */
    private static final String TOO_FAST = ".*/C-3[0-9]";

    private static final Pattern SPAN = Pattern.compile(
            "(?s)'(?<name>[a-z-]+)' : (?<trace>[0-9a-f]{32}) [0-9a-f]{16} .*AttributesMap\\{data=\\{(?<attributes>.*?)}, cap.*");

    /** As the exporter writes it that writes to the log. */
    private record Span(String name, String trace, String attributes) {

        static Stream<Span> of(String message) {
            Matcher span = SPAN.matcher(message);
            return span.matches()
                    ? Stream.of(new Span(span.group("name"), span.group("trace"), span.group("attributes")))
                    : Stream.of();
        }

        String attribute(String key) {
            Matcher attribute = Pattern.compile("(?:^|, )" + Pattern.quote(key) + "=([^,}]*)")
                    .matcher(attributes);
            return attribute.find() ? attribute.group(1) : null;
        }
    }

    @Test
    void eventIsAnObjectAndContractCallAndBatchAreSpans() throws Exception {
        WireMockServer collector = ContractFlowTest.server();
        try {
            collector.stubFor(post("/v1/traces").willReturn(ok()));
            environment.put("LOG_FORMAT", "json");
            environment.put("LOG_LEVEL", "debug");
            environment.put("BATCH_SIZE", "10");
            environment.put("OTEL_TRACES_EXPORTER", "otlp,logging");
            environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.baseUrl());
            // A platform may set them for all of its programs.
            environment.put("OTEL_METRICS_EXPORTER", "otlp");
            environment.put("OTEL_METRIC_EXPORT_INTERVAL", "100");
            environment.put("OTEL_LOGS_EXPORTER", "otlp");
            failNowAndThen();
            StubMapping tooFast = apis.netsuite()
                    .stubFor(get(urlMatching(TOO_FAST))
                            .atPriority(1)
                            .willReturn(netsuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", "Slow down.")
                                    .withHeader("Retry-After", "2")
                                    .withFixedDelay(500)));

            try (ChildProcess process = start("run", ndjson())) {
                await().until(() -> apis.netsuite()
                                        .findAll(getRequestedFor(urlMatching(TOO_FAST)))
                                        .size()
                                >= 5
                        || !process.isAlive());
                apis.netsuite().removeStub(tooFast);
                assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
                process.assertFitToRead();
                List<JsonNode> events = new ArrayList<>();
                for (String line : process.output().split("\n")) {
                    events.add(Json.exact().readTree(line));
                }
                assertLines(events);
                assertSpans(events.stream()
                        .flatMap(event -> Span.of(event.path("message").asText()))
                        .toList());
            }
            assertCollected(collector.findAll(anyRequestedFor(anyUrl())));
            assertThat(apis.netsuite().findAll(anyRequestedFor(anyUrl())))
                    .as("no API gets the headers of our traces")
                    .noneMatch(request -> request.containsHeader("traceparent") || request.containsHeader("baggage"));
        } finally {
            collector.stop();
        }
    }

    /** A contract that is not there, and a customer that has to be asked twice. */
    private void failNowAndThen() {
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        apis.usage()
                .stubFor(customer("K-4")
                        .inScenario("away")
                        .whenScenarioStateIs("Started")
                        .willSetStateTo("back")
                        .willReturn(usageProblem(503, "Not now.")));
        apis.usage()
                .stubFor(customer("K-4")
                        .inScenario("away")
                        .whenScenarioStateIs("back")
                        .willReturn(report(0)));
    }

    private String ndjson() throws Exception {
        apis.netsuite()
                .stubFor(get(urlMatching(".*forged.*"))
                        .atPriority(1)
                        .willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        StringBuilder rows = new StringBuilder("{\"contract_id\":\"" + FORGER + "\",\"customer_id\":\"K-0\"}\n");
        for (int i = 1; i < CONTRACTS; i++) {
            rows.append("{\"contract_id\":\"C-")
                    .append(i)
                    .append("\",\"customer_id\":\"K-")
                    .append(i)
                    .append("\"}\n");
        }
        return feed("contracts.ndjson", rows.toString());
    }

    private static void assertLines(List<JsonNode> events) {
        assertThat(events)
                .allSatisfy(event -> assertThat(event.properties())
                        .extracting(Map.Entry::getKey)
                        .startsWith("timestamp", "level", "logger", "message"));
        assertThat(events)
                .filteredOn(event -> event.path("message").asText().matches("(?s)run 1 of .*(starts|COMPLETE).*"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.path("run").asText()).isEqualTo("1"));
        assertThat(events)
                .filteredOn(event -> event.path("level").asText().equals("INFO"))
                .filteredOn(event -> event.path("message").asText().contains("netsuite: rate limited ("))
                .as("once for refusals that come together, of which there are five at least")
                .hasSizeBetween(1, 2);

        Map<String, String> fates = events.stream()
                .filter(event -> event.path("message").asText().startsWith("contract "))
                .peek(event -> assertThat(event.path("run").asText()).isEqualTo("1"))
                .collect(Collectors.toMap(
                        event -> event.path("contract").asText(),
                        event -> event.path("message").asText()));
        assertThat(fates).hasSize(CONTRACTS);
        assertThat(fates.get("C-1")).matches("contract C-1 of line 2: loaded, after \\d+ ms");
        assertThat(fates.get("C-2"))
                .matches("contract C-2 of line 3: dead at netsuite, 404 NONEXISTENT_ID, after \\d+ ms");
        assertThat(fates.values())
                .filteredOn(fate -> fate.contains(": loaded, "))
                .hasSize(CONTRACTS - 2);
    }

    private void assertSpans(List<Span> spans) {
        assertThat(named("contract", spans)).hasSize(CONTRACTS);
        assertThat(named("call-netsuite", spans)).hasSize(apis.netsuiteCalls());
        assertThat(named("call-usage", spans)).hasSize(apis.usageCalls());
        assertThat(spans)
                .as("and no other")
                .hasSize(CONTRACTS
                        + apis.netsuiteCalls()
                        + apis.usageCalls()
                        + named("write-batch", spans).size());
        assertThat(named("write-batch", spans).stream()
                        .mapToInt(batch -> Integer.parseInt(batch.attribute("contractflow.contracts")))
                        .sum())
                .isEqualTo(CONTRACTS - 2);

        assertThat(spans)
                .allSatisfy(
                        span -> assertThat(span.attribute("contractflow.run")).isEqualTo("1"));
        assertThat(about("C-1", spans))
                .extracting(span -> span.name)
                .containsExactlyInAnyOrder("contract", "call-netsuite", "call-usage");
        assertThat(about("C-1", spans).stream().map(span -> span.trace).distinct())
                .as("traces of a contract")
                .hasSize(1);
        assertThat(named("write-batch", spans))
                .extracting(batch -> batch.trace)
                .as("a batch is not part of a contract")
                .doesNotContainAnyElementsOf(named("contract", spans).stream()
                        .map(span -> span.trace)
                        .toList());
        assertThat(about("C-2", spans))
                .allSatisfy(span -> assertThat(span.attribute("error")).isEqualTo("true"));
        assertThat(named("call-netsuite", spans))
                .filteredOn(call -> "429".equals(call.attribute("http.response.status_code")))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(call -> assertThat(call.attribute("error")).isEqualTo("true"));
        assertThat(about("C-4", named("call-usage", spans)))
                .extracting(
                        span -> span.attribute("http.response.status_code") + " " + span.attribute("contractflow.api"))
                .containsExactlyInAnyOrder("503 usage", "200 usage");
    }

    /** Each span that there was has come, also the last batch's, and none of the secrets. */
    private void assertCollected(List<LoggedRequest> requests) {
        assertThat(requests)
                .extracting(LoggedRequest::getUrl)
                .as("what is sent")
                .containsOnly("/v1/traces");
        String all = requests.stream()
                .map(request -> new String(request.getBody(), StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining());
        // The field of the name, its length, the name.
        assertThat(all.split("\\*\bcontract", -1)).hasSize(CONTRACTS + 1);
        assertThat(all.split("\\*\rcall-netsuite", -1)).hasSize(apis.netsuiteCalls() + 1);
        assertThat(all).contains("*\u000bwrite-batch").doesNotContain(FakeApis.NETSUITE_TOKEN, FakeApis.USAGE_TOKEN);
    }

    private static List<Span> named(String name, List<Span> spans) {
        return spans.stream().filter(span -> span.name.equals(name)).toList();
    }

    private static List<Span> about(String contract, List<Span> spans) {
        return spans.stream()
                .filter(span -> contract.equals(span.attribute("contractflow.contract")))
                .toList();
    }

    @Test
    void eventIsALineAndARunNeedsNoCollector() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + closed.getLocalPort());
        }
        environment.put("OTEL_BSP_SCHEDULE_DELAY", "20");
        environment.put("OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true");
        environment.put("LOG_LEVEL", "DEBUG");

        try (ChildProcess process = start("run", ndjson())) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DEAD_LETTERS);
            process.assertFitToRead();
            List<String> lines = process.output().lines().toList();
            int report = lines.indexOf(lines.stream()
                    .filter(line -> line.endsWith("COMPLETE"))
                    .findFirst()
                    .orElseThrow());
            assertThat(lines.subList(0, report))
                    .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d (INFO |DEBUG|WARN |ERROR) .*"));
            assertThat(lines).anyMatch(line -> line.contains("contract C 07:00:00 ERROR forged of line 1: dead"));
            assertThat(lines)
                    .filteredOn(
                            line -> line.matches("\\d\\d:\\d\\d:\\d\\d (WARN |ERROR) .*") && !line.contains("forged"))
                    .as("what the collector, which is not there, is worth")
                    .singleElement(STRING)
                    .contains(" WARN ", "Traces cannot be sent to http://127.0.0.1:");
        }
    }
}
