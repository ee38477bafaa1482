package contractflow;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static contractflow.FakeApis.anyContract;
import static contractflow.FakeApis.contract;
import static contractflow.FakeApis.contractLike;
import static contractflow.FakeApis.json;
import static contractflow.FakeApis.netsuiteError;
import static contractflow.FakeApis.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The status page as a person has it, in a real browser: it moves, keeps data as data, and replays for who knows the token. */
class PageIT extends ProcessTest {

    private static final String TOKEN = "server-secret-0123456789";
    private static final String IMAGE = "<img src=x onerror=alert(1)>";
    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String FEED = "\"><svg onload=alert(1)>'" + IMAGE + ".csv";

    private static ChromeDriver browser;

    private String page;
    private Path feeds;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.open();
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
            environment.put("SERVER_PORT", String.valueOf(free.getLocalPort()));
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
        StringBuilder csv = new StringBuilder("contract_id,customer_id,").append(IMAGE).append("\n,").append(IMAGE).append(',').append(SCRIPT).append('\n');
        for (int i = 1; i <= 2000; i++) {
            csv.append("C-").append(i).append(",K-").append(i).append(',').append(IMAGE).append('\n');
        }
        Files.writeString(feeds.resolve(FEED), csv.toString());

        try (ChildProcess process = start()) {
            open(process);

            progress(progress(0));
            assertThat(text(".run h3")).contains(FEED);
            assertThat(text(".run tbody")).contains("netsuite ok").contains("of 5");
            awaits(() -> browser.findElements(By.cssSelector("#throughput canvas")).size() == 1);
            awaits(() -> text("#reasons").contains("400 netsuite"));
            // Reasons are our own words, today.
            execute("UPDATE dead_letter SET reason = '" + SCRIPT + "' WHERE stage = 'netsuite'");
            awaits(() -> text("#reasons").contains(SCRIPT));
            assertThat(browser.findElements(By.cssSelector("#reasons .replay"))).noneMatch(WebElement::isDisplayed);
            for (String reason : List.of(SCRIPT, "malformed row")) {
                rowOf(reason).findElement(By.tagName("button")).click();
                awaits(() -> text("#rows-title").equals(reason));
                browser.findElement(By.cssSelector("#rows summary")).click();
                assertThat(text("#rows")).contains(IMAGE);
            }
            assertNothingCameAlive();

            for (int width : List.of(1280, 768, 360)) {
                Browser.resize(browser, width, 740);
                assertThat(number("document.documentElement.scrollWidth")).as("at %d", width).isLessThanOrEqualTo(width);
            }
            browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
            assertThat(browser.findElement(By.tagName("body")).getCssValue("background-color")).isEqualTo("rgba(19, 23, 26, 1)");

            process.terminate();
            awaits(() -> text("#contact").matches("Not reachable since \\d\\d:\\d\\d"));
            assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.INCOMPLETE);
            process.assertFitToRead();
        } finally {
            browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        }
    }

    @Test
    void deadLettersAreReplayedOnceByWhoKnowsTheToken() throws Exception {
        environment.put("SERVER_TOKEN", TOKEN);
        apis.netsuite().stubFor(contract("C-2").willReturn(netsuiteError(404, "NONEXISTENT_ID", "There is no such record.")));
        Files.writeString(feeds.resolve("contracts.csv"), "contract_id,customer_id\nC-1,K-1\nC-2,K-2\n");
        // Another site, to which this server is as near as can be.
        apis.usage().stubFor(get(urlEqualTo("/elsewhere")).willReturn(json("").withHeader("Content-Type", "text/html")));

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
            assertThat(fetch("api/replay", "{method: 'POST', mode: 'no-cors', body: '{}', headers: {Authorization: 'Bearer " + TOKEN + "'}}"))
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

            awaits(() -> browser.findElement(By.id("no-letters")).isDisplayed() && text("#runs").contains("dead letters complete"));
            assertThat(post("application/json", TOKEN)).as("when there is nothing left").isEqualTo(409);
            assertThat(query("SELECT status FROM dead_letter")).containsExactly(Map.of("status", "replayed"));
            assertThat(query("SELECT loaded FROM run WHERE feed = 'dead letters'")).containsExactly(Map.of("loaded", 1L));
            assertThat(apis.netsuiteCalls("C-2")).isEqualTo(2);
            assertNothingCameAlive();

            process.terminate();
            assertThat(process.exitCode()).as(process.output()).isZero();
            process.assertFitToRead();
            assertThat(process.output()).contains("with a token that is not server.token").doesNotContain(TOKEN);
        }
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
        awaits(() -> text("#contact").equals("Reachable"));
    }

    /** The server listens before the routes are there. */
    private boolean isServed() throws IOException {
        try {
            return ((HttpURLConnection) URI.create(page).toURL().openConnection()).getResponseCode() == 200;
        } catch (ConnectException notYet) {
            return false;
        }
    }

    private static void awaits(Callable<Boolean> condition) {
        try {
            await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(condition);
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
                .replaceAll("\\s+", " ").strip();
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
        return Integer.parseInt(fetch("api/replay", "{method: 'POST', body: '{}', headers: {'Content-Type': '" + contentType
                + "', Authorization: 'Bearer " + token + "'}}"));
    }

    /** What a page gets to know of an answer: its status, or nothing. */
    private String fetch(String path, String options) {
        return (String) browser.executeAsyncScript("const tell = arguments[1];"
                + "fetch(arguments[0], " + options + ").then(answer => tell(answer.status ? '' + answer.status : 'no answer'),"
                + " () => tell('no answer'))", page + path);
    }

    /** Nothing of what feeds and APIs say has become a part of the page, and the browser had nothing to complain of. */
    private static void assertNothingCameAlive() {
        assertThat(number("document.querySelectorAll('img, svg, iframe, object, script:not([src]), [onerror], [onload]').length")).isZero();
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                // A refusal that the test itself has asked for.
                .filteredOn(message -> !message.contains("/api/replay"))
                .isEmpty();
    }
}
