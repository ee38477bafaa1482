package contractflow.page;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static contractflow.support.FakeApis.anyContract;
import static contractflow.support.FakeApis.contract;
import static contractflow.support.FakeApis.contractLike;
import static contractflow.support.FakeApis.json;
import static contractflow.support.FakeApis.netsuiteError;
import static contractflow.support.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import contractflow.report.ExitCode;
import contractflow.support.BasicAuthProxy;
import contractflow.support.Browser;
import contractflow.support.ChildProcess;
import contractflow.support.FakeApis;
import contractflow.support.ProcessTest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The status page as a person has it, in a real browser: it moves, keeps data as data, and replays for who knows the token. */
@Tag("slow")
class PageIT extends ProcessTest {

    private static final String TOKEN = "server-secret-0123456789";
    private static final String IMAGE = "<img src=x onerror=alert(1)>";
    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String FEED = "\"><svg onload=alert(1)>'" + IMAGE + ".csv";

    private static ChromeDriver browser;

    private String page;
    private int port;
    private Path feeds;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.open();
        // The page looks every five seconds where nothing runs, which is what these tests would mostly wait for.
        browser.executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "const later = setTimeout; window.setTimeout = (task, ms) => later(task, Math.min(ms, 250));"));
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void serveOnAFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
            environment.put("SERVER_PORT", String.valueOf(port));
            page = "http://127.0.0.1:" + free.getLocalPort() + "/";
        }
        feeds = Files.createDirectory(folder.resolve("feeds"));
        environment.put("NETSUITE_CONCURRENCY", "5");
        // The page of another test still asks for its server.
        browser.get("about:blank");
        browser.manage().logs().get(LogType.BROWSER);
        Browser.resize(browser, 1280, 900);
    }

    @Test
    void runIsSeenAsItGoesAndWhatItSaysStaysText() throws Exception {
        apis.netsuite().stubFor(anyContract().willReturn(record(100)));
        apis.netsuite().stubFor(contractLike("C-.*7").willReturn(netsuiteError(400, SCRIPT, "What is " + IMAGE + "?")));
        StringBuilder csv = new StringBuilder("contract_id,customer_id,")
                .append(IMAGE)
                .append("\n,")
                .append(IMAGE)
                .append(',')
                .append(SCRIPT)
                .append('\n');
        for (int i = 1; i <= 2000; i++) {
            csv.append("C-")
                    .append(i)
                    .append(",K-")
                    .append(i)
                    .append(',')
                    .append(IMAGE)
                    .append('\n');
        }
        Files.writeString(feeds.resolve(FEED), csv.toString());

        try (ChildProcess process = start()) {
            open(process);

            progress(progress(0));
            assertThat(text(".run h3")).contains(FEED);
            assertThat(text(".run tbody")).contains("netsuite ok").contains("of 5");
            awaits(() -> text(".run [data-is=limited]").startsWith("Limited by netsuite: 5 of 5 slots in use"));
            assertThat(text(".run dl")).contains("Usage of 2026-10");
            try (Connection other = DriverManager.getConnection(databaseUrl);
                    Statement sql = other.createStatement()) {
                other.setAutoCommit(false);
                sql.execute("LOCK TABLE contract_enriched");
                awaits(() -> text(".run [data-is=waiting]")
                        .matches("warehouse: waits for a lock on contract_enriched, held by pid \\d+ .*, for \\d+ s"));
            }
            awaits(() -> !browser.findElement(By.cssSelector(".run [data-is=waiting]"))
                    .isDisplayed());
            Files.writeString(feeds.resolve("b-next.csv"), "contract_id,customer_id\nN-1,K-1\n");
            Files.writeString(feeds.resolve(IMAGE.replace("/", "") + ".csv"), "");
            awaits(() -> text("#feeds").contains("b-next.csv waits")
                    && text("#feeds").contains(IMAGE + ".csv is passed over: it is empty"));
            awaits(() ->
                    browser.findElements(By.cssSelector("#throughput canvas")).size() == 1);
            awaits(() -> text("#reasons").contains("400 from netsuite, without an error code netsuite"));
            // Reasons are our own words, today.
            execute("UPDATE dead_letter SET reason = '" + SCRIPT + "' WHERE stage = 'netsuite'");
            awaits(() -> text("#reasons").contains(SCRIPT));
            assertThat(browser.findElements(By.cssSelector("#reasons .replay"))).noneMatch(WebElement::isDisplayed);
            for (String reason : List.of(SCRIPT, "malformed row")) {
                rowOf(reason).findElement(By.tagName("button")).click();
                awaits(() -> text("#rows-title").startsWith(reason + ": "));
                browser.findElement(By.cssSelector("#rows summary")).click();
                assertThat(text("#rows")).contains(IMAGE);
            }
            assertNothingCameAlive();

            assertNothingIsWiderThanItsCard("running");
            browser.executeCdpCommand(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
            assertThat(browser.findElement(By.tagName("body")).getCssValue("background-color"))
                    .isEqualTo("rgba(19, 23, 26, 1)");

            process.terminate();
            awaits(() -> text("#contact").matches("Not reachable since \\d\\d:\\d\\d \\S+"));
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            process.assertFitToRead();
        } finally {
            browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        }
    }

    @Test
    void deadLetters_areReplayedOnceByAUserWithTheToken() throws Exception {
        environment.put("SERVER_TOKEN", TOKEN);
        apis.netsuite()
                .stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        Files.writeString(feeds.resolve("contracts.csv"), "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n");
        // Another site, to which this server is as near as can be.
        apis.usage()
                .stubFor(get(urlEqualTo("/elsewhere")).willReturn(json("").withHeader("Content-Type", "text/html")));

        try (ChildProcess process = start()) {
            open(process);
            awaits(() -> text("#runs").contains("complete"));
            String reason = "404 NONEXISTENT_ID";
            assertThat(text("#reasons")).contains(reason);

            assertThat(post("text/plain", TOKEN)).isEqualTo(415);
            assertThat(post("application/json", "another-token-0123456789")).isEqualTo(401);
            browser.get(apis.usage().baseUrl() + "/elsewhere");
            assertThat(fetch("api/runs", "{}")).isEqualTo("no answer");
            assertThat(fetch("api/runs", "{mode: 'no-cors'}")).isEqualTo("no answer");
            assertThat(fetch(
                            "api/replay",
                            "{method: 'POST', mode: 'no-cors', body: '{}', headers: {'X-ContractFlow-Token': '" + TOKEN
                                    + "'}}"))
                    .isEqualTo("no answer");
            browser.manage().logs().get(LogType.BROWSER);

            open(process);
            apis.netsuite().stubFor(contract("C-2").willReturn(record(500)));
            awaits(() -> text("#reasons").contains(reason));
            press(Keys.TAB);
            while (!focused().getAccessibleName().equals("Replay " + reason)) {
                assertThat(focused().getTagName()).as("where the focus goes").isNotEqualTo("body");
                press(Keys.TAB);
            }
            assertThat(focused().getCssValue("outline-style")).isEqualTo("solid");
            press(Keys.ENTER);
            awaits(() -> focused().getAccessibleName().equals("Token, as in server.token"));
            assertThat(text("#replay-title")).isEqualTo("Replay 1 dead letter?");
            press("wrong", Keys.ENTER);
            awaits(() -> text("#replay-problem").contains("not the token"));
            press(TOKEN, Keys.ENTER, Keys.ENTER);
            awaits(() -> !browser.findElement(By.id("replay")).isDisplayed());
            assertThat(post("application/json", TOKEN)).as("a second replay").isEqualTo(409);

            awaits(() -> browser.findElement(By.id("no-letters")).isDisplayed()
                    && text("#runs").contains("dead letters complete"));
            assertThat(post("application/json", TOKEN))
                    .as("when there is nothing left")
                    .isEqualTo(409);
            assertThat(query("SELECT status FROM dead_letter")).containsExactly(Map.of("status", "replayed"));
            assertThat(query("SELECT loaded FROM run WHERE feed = 'dead letters'"))
                    .containsExactly(Map.of("loaded", 1L));
            assertThat(apis.netsuiteCalls("C-2")).isEqualTo(2);
            assertNothingCameAlive();

            process.terminate();
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
            assertThat(process.output())
                    .contains("its token is not server.token")
                    .doesNotContain(TOKEN);
        }
    }

    @Test
    void longTextsFindTheirPlaceAndEachReasonItsSentence() throws Exception {
        environment.put("SERVER_TOKEN", TOKEN);
        environment.put("SCHEDULE_CRON", "0 0 2 * * ?");
        Files.writeString(feeds.resolve("contracts.csv"), "contract_id,customer_id\nC-1,K-1\n");

        try (ChildProcess process = start()) {
            open(process);
            awaits(() -> text("#runs").contains("complete"));
            execute(
                    "INSERT INTO run (feed, feed_sha256, usage_period, status, reason, rows, loaded, unchanged, dead, duplicate, pending, seconds,"
                            + " started_at, finished_at) SELECT repeat('feed-with-a-long-name-', 11) || '.csv', 's' || n, '2026-10', 'incomplete',"
                            + " 'netsuite has been unavailable for more than 900 s: ' || repeat('" + IMAGE
                            + "', 20), 1234567, 1234567, 1234567, 1234567, 1234567,"
                            + " 1234567, 86399, now() - n * interval '1 day', now() FROM generate_series(1, 40) n");
            execute(
                    "INSERT INTO dead_letter (run_id, contract_id, line_number, row, stage, reason, error, attempts)"
                            + " SELECT 1, repeat('C', 200) || n, n, to_jsonb(repeat('x', 500)), 'usage', '404', repeat('"
                            + IMAGE + "', 30), 5"
                            + " FROM generate_series(2, 36) n UNION ALL"
                            + " SELECT 1, 'D-' || n, 100 + n, '{}', CASE n WHEN 1 THEN 'netsuite' ELSE 'usage' END, 'exhausted', 'e', 5 FROM generate_series(1, 3) n");
            awaits(() -> text("#reasons").contains("404 from usage, without an error code usage 35"));
            assertThat(rowOf("404").getText()).contains("The usage API does not know the customer");
            assertThat(rowOf("exhausted").getText())
                    .contains("usage 2, netsuite 1")
                    .contains("Replay it later");
            rowOf("404").findElement(By.tagName("button")).click();
            awaits(() -> text("#rows-title").endsWith("35 dead letters"));
            awaits(
                    () -> text("#plan")
                            .matches(
                                    "A run that starts now reads the usage of 2026-10[.] The next feed is fetched on .* \\d\\d:\\d\\d \\S+[.]"));
            awaits(() -> browser.findElements(By.cssSelector("#nights canvas")).size() == 3);
            assertThat(browser.findElement(By.id("night-rows")).getAccessibleName())
                    .contains("rows of 30 nights");
            assertThat(text("footer")).startsWith("ContractFlow ");
            assertNothingIsWiderThanItsCard("long texts");
            assertThat(
                            number(
                                    "Math.max(...[...document.querySelectorAll('#runs tbody tr')].map(row => row.offsetHeight))"))
                    .as("the highest row")
                    .isLessThan(160);
            assertThat(browser.findElement(By.cssSelector("#runs tbody tr:last-child td"))
                            .getAttribute("title"))
                    .endsWith("name-.csv");
            assertThat(text("#csv")).isEqualTo("All open dead letters as CSV");
            execute("INSERT INTO dead_letter (run_id, line_number, row, stage, reason, error, attempts)"
                    + " SELECT 1, n, '{}', 'usage', 'many', 'e', 1 FROM generate_series(1001, 51001) n");
            awaits(() -> text("#csv").matches("The oldest 50,000 of 50,\\d+ as CSV"));
            execute("DELETE FROM dead_letter WHERE reason = 'many'");
            awaits(() -> text("#csv").equals("All open dead letters as CSV"));

            Browser.resize(browser, 390, 844);
            browser.executeScript("document.getElementById('close').click()");
            rowOf("404").findElement(By.tagName("button")).click();
            awaits(() -> number("document.querySelectorAll('#rows tbody tr').length") == 10);
            browser.findElement(By.id("next")).click();
            awaits(() -> text("#rows tbody tr").contains("CCC12 "));
            Browser.resize(browser, 1280, 900);
            execute("UPDATE dead_letter SET status = 'discarded' WHERE reason = '404' AND line_number > 20");
            awaits(() -> text("#rows-title").endsWith("19 dead letters"));

            browser.executeScript("document.querySelector('#runs tbody tr:last-child button').focus()");
            press(Keys.ENTER);
            awaits(() -> focused().getAttribute("id").equals("course-title"));
            assertThat(text("#course-title")).startsWith("Run 22 of feed-with");
            assertThat(text("#course-advice")).startsWith("If it is back, start again.");
            assertThat(text("#runs tr[aria-current]")).startsWith("22 ");
            String report = browser.findElement(By.id("course-report")).getDomProperty("href");
            browser.get(report);
            assertThat(text("h1")).startsWith("Run 22 of feed-with").contains(": incomplete");
            assertThat(browser.findElement(By.tagName("body")).getCssValue("max-width"))
                    .as("its style is let in")
                    .isNotEqualTo("none");
            assertNothingCameAlive();

            open(process);
            search("C-1");
            awaits(() -> text("#contract-name").equals("Contract C-1"));
            assertThat(text("#contract-row")).contains("customer_id K-1");
            assertThat(text("#contract-runs")).contains("loaded");
            search("'\"><svg onload=alert(1)>");
            awaits(() -> text("#contract-problem").contains("this contract is unknown"));

            awaits(() -> text("#reasons").contains("exhausted"));
            rowOf("exhausted").findElement(By.cssSelector(".discard")).click();
            awaits(() -> text("#replay-title").equals("Discard 3 dead letters?"));
            press("sold", Keys.TAB, TOKEN, Keys.ENTER);
            awaits(() -> !text("#reasons").contains("exhausted"));
            assertThat(query("SELECT count(*) AS n FROM dead_letter WHERE because = 'sold'"))
                    .containsExactly(Map.of("n", 3L));
            assertNothingCameAlive();
        }
    }

    @Test
    void outageSaysSinceWhenAndReplayThatLoadsNothingIsNoSuccess() throws Exception {
        environment.put("SERVER_TOKEN", TOKEN);
        environment.put("API_MAX_WAIT", "15m");
        apis.usage().stubFor(FakeApis.anyCustomer().willReturn(FakeApis.usageProblem(404, "no such customer")));
        Files.writeString(feeds.resolve("contracts.csv"), "contract_id,customer_id\nC-1,K-1\n");

        try (ChildProcess process = start();
                BasicAuthProxy proxy = BasicAuthProxy.before(port).orElse(null)) {
            open(process);
            if (proxy != null) {
                // A page whose own address has a password may not fetch anything.
                browser.get(proxy.urlWithPassword() + "icon.svg");
                browser.manage().logs().get(LogType.BROWSER);
                page = proxy.url();
                open(process);
            }
            awaits(() -> text("#reasons").contains("404 from usage, without an error code"));
            rowOf("404").findElement(By.cssSelector(".replay")).click();
            awaits(() -> focused().getAttribute("id").equals("token"));
            press(TOKEN, Keys.ENTER);
            awaits(() -> text("#runs")
                    .contains("complete, all dead again 1 dead again: 404 from usage, without an error code (1)"));
            assertThat(browser.findElement(By.cssSelector("#runs tbody td:nth-child(3)"))
                            .getAttribute("class"))
                    .contains("warn");

            apis.netsuite().stubFor(anyContract().willReturn(netsuiteError(503, "UNEXPECTED_ERROR", "It is " + IMAGE)));
            StringBuilder csv = new StringBuilder("contract_id,customer_id\n");
            for (int i = 1; i <= 50; i++) {
                csv.append("D-").append(i).append(",K-").append(i).append('\n');
            }
            Files.writeString(feeds.resolve("next.csv"), csv.toString());
            awaits(
                    () -> text(".run tbody")
                            .matches(
                                    ".*circuit breaker open ?since \\d\\d:\\d\\d \\S+, gives up at \\d\\d:\\d\\d \\S+, last error: netsuite answered 503 UNEXPECTED_ERROR: It is .*"));
            assertNothingIsWiderThanItsCard("outage");
            assertNothingCameAlive();
        }
    }

    private static void search(String id) {
        browser.executeScript("document.getElementById('contract-id').value = ''");
        browser.findElement(By.id("contract-id")).sendKeys(id, Keys.ENTER);
    }

    /** At the width of a phone, of a tablet and of a desk, */
    private static void assertNothingIsWiderThanItsCard(String when) throws IOException {
        for (int width : List.of(1280, 768, 390, 360)) {
            Browser.resize(browser, width, 844);
            assertThat(number("document.documentElement.scrollWidth"))
                    .as("%s, at %d", when, width)
                    .isLessThanOrEqualTo(width);
            assertThat(
                            browser.executeScript(
                                    "return [...document.querySelectorAll('section, dialog[open]')].flatMap(card => {"
                                            + "const right = card.getBoundingClientRect().right;"
                                            + "return [...card.querySelectorAll('table, tr, td, th, p, h2, h3, dd, li, pre, button')]"
                                            + ".filter(part => part.getClientRects().length && !part.closest('.hidden, .cards thead') && part.getBoundingClientRect().right > right + 0.5)"
                                            + ".map(part => part.tagName + ' ' + part.id + ' ' + part.textContent.slice(0, 60)); })"))
                    .as("%s, wider than its card at %d", when, width)
                    .isEqualTo(List.of());
        }
        Browser.resize(browser, 1280, 900);
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(databaseUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void open(ChildProcess process) {
        awaits(() -> {
            assertThat(process.isAlive()).as(process.output()).isTrue();
            return isServed();
        });
        browser.get(page);
        awaits(() -> text("#contact").equals("This page is up to date"));
    }

    /** The server listens before the routes are there. */
    private boolean isServed() throws IOException {
        try {
            return ((HttpURLConnection) URI.create(page).toURL().openConnection()).getResponseCode() != 404;
        } catch (ConnectException notYet) {
            return false;
        }
    }

    private static void awaits(Callable<Boolean> condition) {
        try {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the page does not come to what is awaited; it says: " + text("body"), e);
        }
    }

    /** How far the run is, once it is further than that. */
    private static double progress(double than) {
        String value = "(document.querySelector('progress')?.value ?? 0)";
        awaits(() -> number(value) > than);
        return number(value);
    }

    private static double number(String expression) {
        return ((Number) browser.executeScript("return " + expression)).doubleValue();
    }

    private static String text(String selector) {
        return String.valueOf(browser.executeScript("return document.querySelector(arguments[0])?.innerText", selector))
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static WebElement rowOf(String reason) {
        return browser.findElements(By.cssSelector("#reasons tbody tr")).stream()
                .filter(row -> row.getText().contains(reason))
                .findFirst()
                .orElseThrow();
    }

    private static WebElement focused() {
        return browser.switchTo().activeElement();
    }

    private static void press(CharSequence... keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    /** The status of an order to replay everything, sent by the page. */
    private int post(String contentType, String token) {
        return Integer.parseInt(fetch(
                "api/replay",
                "{method: 'POST', body: '{}', headers: {'Content-Type': '" + contentType
                        + "', 'X-ContractFlow-Token': '" + token + "'}}"));
    }

    /** What a page gets to know of an answer: its status, or nothing. */
    private String fetch(String path, String options) {
        return (String) browser.executeAsyncScript(
                "const tell = arguments[1];"
                        + "fetch(arguments[0], " + options
                        + ").then(answer => tell(answer.status ? '' + answer.status : 'no answer'),"
                        + " () => tell('no answer'))",
                page + path);
    }

    /** Nothing of what feeds and APIs say has become a part of the page, and the browser had nothing to complain of. */
    private static void assertNothingCameAlive() {
        assertThat(
                        number(
                                "document.querySelectorAll('img, svg, iframe, object, script:not([src]), [onerror], [onload]').length"))
                .isZero();
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                // A refusal that the test itself has asked for.
                .filteredOn(message -> !message.matches("(?s).*/(api/(replay|discard|contract)|favicon.ico).*"))
                .isEmpty();
    }
}
