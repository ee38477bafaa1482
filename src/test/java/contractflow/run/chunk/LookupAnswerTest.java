package contractflow.run.chunk;

import static contractflow.support.ManyApis.netsuiteError;
import static contractflow.support.ManyApis.page;
import static contractflow.support.ManyApis.usageProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.support.ContractFlowTest;
import contractflow.support.ManyApis;
import contractflow.support.ManyApis.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer for many belongs to ids, and each contract gets what a call for it alone would have brought. */
class LookupAnswerTest extends ContractFlowTest {

    private static final String ROWS =
            "SELECT contract_id, contract_name, status, start_date, end_date, total_value, currency,"
                    + " usage_value FROM contract_enriched ORDER BY contract_id::numeric";

    private final ManyApis many = new ManyApis();

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("netsuite.base-url", many.baseUrl());
        settings.put("usage.base-url", many.baseUrl());
        settings.put("netsuite.contracts-per-call", "40");
        settings.put("usage.customers-per-call", "10");
        settings.put("usage.query-method", "POST");
        settings.put("run.max-dead-percent", "100");
        return settings;
    }

    @AfterEach
    void stopApis() {
        many.close();
    }

    private Path feedOf(List<Integer> contracts) throws IOException {
        return feed(
                "contracts.csv",
                "contract_id,customer_id\n"
                        + contracts.stream()
                                .map(i -> i + "," + (1000 + i % 37) + "\n")
                                .collect(Collectors.joining()));
    }

    private static List<Integer> upTo(int contracts) {
        return IntStream.rangeClosed(1, contracts).boxed().toList();
    }

    /** What the contracts' rows are where each is asked for by itself. */
    private List<Map<String, Object>> rowsOneByOne(Path feed) throws Exception {
        many.onQuery = ids -> new Answer(200, page(List.of(), false).toString());
        many.onReport = ids -> ids.size() > 1 ? usageProblem(400, "one at a time") : null;
        assertThat(run(feed)).containsEntry("status", "complete");
        List<Map<String, Object>> rows = query(ROWS);
        execute("TRUNCATE contract_enriched, run, dead_letter CASCADE");
        many.onQuery = ids -> null;
        many.onReport = ids -> null;
        many.gets.clear();
        many.reports.clear();
        return rows;
    }

    private String query() throws IOException {
        return Files.readString(Path.of("sql/netsuite-lookup.sql"));
    }

    static Stream<Named<BiFunction<List<ObjectNode>, List<String>, ObjectNode>>> oddPages() {
        return Stream.of(
                named("in another order", (rows, ids) -> {
                    List<ObjectNode> other = new ArrayList<>(rows);
                    Collections.shuffle(other, new Random(7));
                    return page(other, false);
                }),
                named("with a row less", (rows, ids) -> page(rows.subList(1, rows.size()), false)),
                named("with no rows", (rows, ids) -> page(List.of(), false)),
                named("with a row twice", (rows, ids) -> {
                    List<ObjectNode> other = new ArrayList<>(rows);
                    other.set(0, rows.get(1));
                    return page(other, false);
                }),
                named("with a row that differs from the one of the same id", (rows, ids) -> {
                    List<ObjectNode> other = new ArrayList<>(rows);
                    other.set(0, rows.get(1).deepCopy().put("name", "another one"));
                    return page(other, false);
                }),
                named(
                        "with names in capitals",
                        (rows, ids) -> page(
                                rows.stream()
                                        .map(row -> {
                                            ObjectNode other = row.objectNode();
                                            row.properties()
                                                    .forEach(field -> other.set(
                                                            field.getKey().toUpperCase(Locale.ROOT), field.getValue()));
                                            return other;
                                        })
                                        .toList(),
                                false)),
                named(
                        "with numbers as ids",
                        (rows, ids) -> page(
                                rows.stream()
                                        .map(row -> row.deepCopy()
                                                .put(
                                                        "id",
                                                        Long.parseLong(
                                                                row.get("id").asText())))
                                        .toList(),
                                false)),
                named(
                        "with nulls",
                        (rows, ids) -> page(
                                rows.stream()
                                        .map(row -> row.deepCopy().putNull("custrecord_other"))
                                        .toList(),
                                false)));
    }

    @Test
    void oddPageBringsTheSameRows() throws Exception {
        Path feed = feedOf(upTo(60));
        List<Map<String, Object>> rows = rowsOneByOne(feed);
        String query = query();
        for (var odd : oddPages().toList()) {
            many.onQuery = ids -> new Answer(
                    200, odd.getPayload().apply(many.rows(ids, query), ids).toString());

            assertThat(run(feed))
                    .as(odd.getName())
                    .containsEntry("status", "complete")
                    .containsEntry("loaded", 60L);

            assertThat(query(ROWS)).as(odd.getName()).isEqualTo(rows);
            execute("TRUNCATE contract_enriched, run, dead_letter CASCADE");
        }
    }

    static Stream<Named<BiFunction<List<ObjectNode>, List<String>, ObjectNode>>> otherPages() {
        return Stream.of(
                named("with more to come", (rows, ids) -> page(rows, true)),
                named("with an id that was not asked for", (rows, ids) -> {
                    List<ObjectNode> other = new ArrayList<>(rows);
                    other.set(0, rows.get(0).deepCopy().put("id", "77777"));
                    return page(other, false);
                }),
                named("with a row more", (rows, ids) -> {
                    List<ObjectNode> other = new ArrayList<>(rows);
                    other.add(rows.get(0).deepCopy().put("id", "77777"));
                    return page(other, false);
                }),
                named(
                        "without ids",
                        (rows, ids) -> page(
                                rows.stream()
                                        .map(row -> {
                                            ObjectNode other = row.deepCopy();
                                            other.remove("id");
                                            return other;
                                        })
                                        .toList(),
                                false)),
                named(
                        "with each row twice",
                        (rows, ids) ->
                                page(Stream.concat(rows.stream(), rows.stream()).toList(), false)));
    }

    /** For some contracts, it is their fault; always, it is that of the query. */
    @Test
    void pageOfSomethingElseIsNoAnswer() throws Exception {
        Path feed = feedOf(upTo(60));
        List<Map<String, Object>> rows = rowsOneByOne(feed);
        String query = query();
        for (var other : otherPages().toList()) {
            many.gets.clear();
            many.onQuery = ids -> ids.contains("7")
                    ? new Answer(
                            200,
                            other.getPayload().apply(many.rows(ids, query), ids).toString())
                    : null;

            assertThat(run(feed))
                    .as(other.getName())
                    .containsEntry("status", "complete")
                    .containsEntry("loaded", 60L);
            assertThat(query(ROWS)).as(other.getName()).isEqualTo(rows);
            // The contract beside it in the last half may be asked for by its record, too.
            assertThat(many.gets).as(other.getName()).contains("7").hasSizeLessThanOrEqualTo(3);

            execute("TRUNCATE contract_enriched, run, dead_letter CASCADE");
            many.queries.clear();
            many.onQuery = ids -> new Answer(
                    200, other.getPayload().apply(many.rows(ids, query), ids).toString());

            Map<String, Object> run = run(feedOf(upTo(2000)));
            assertThat(run)
                    .as(other.getName())
                    .containsEntry("status", "incomplete")
                    .containsEntry("loaded", 0L)
                    .containsEntry("dead", 0L);
            assertThat((String) run.get("reason")).contains("sql/netsuite-lookup.sql");
            assertThat(many.queries.size()).as("queries").isLessThan(60);
            execute("TRUNCATE contract_enriched, run, dead_letter CASCADE");
            feed = feedOf(upTo(60));
        }
    }

    @Test
    void awkwardValuesAreTheSameInEitherWay() throws Exception {
        String[] fields = {
            "{\"name\":\"O'Neil \\\"& Sons\\\" \\u00e9\\u4e2d\\\\n\"}",
            "{\"name\":\"\"}",
            "{\"name\":null,\"custrecord_contract_status\":null,\"currency\":null}",
            "{}",
            "{\"custrecord_swe_contract_value_olr\":0.5}",
            "{\"custrecord_swe_contract_value_olr\":123456789012345678901234567890.123}",
            "{\"custrecord_swe_contract_value_olr\":-1}",
            "{\"custrecord_swe_contract_value_olr\":1e3}",
            "{\"custrecord_swe_contract_value_olr\":\"\",\"custrecord_contracts_start_date\":\"\"}",
            "{\"custrecord_contracts_start_date\":\"2024-02-29\",\"custrecord_contracts_end_date\":null}",
            "{\"name\":\"inactive\",\"isinactive\":true}",
            "{\"currency\":{\"id\":\"1\"},\"custrecord_contract_status\":{\"id\":\"2\",\"links\":[]}}",
            "{\"currency\":{\"id\":\"1\",\"refName\":\"\"}}",
            "{\"name\":\"{{netsuite.token}} :ids $1 %s\"}"
        };
        for (int i = 0; i < fields.length; i++) {
            many.records.put(String.valueOf(i + 1), fields[i]);
        }
        Path feed = feedOf(upTo(fields.length));
        List<Map<String, Object>> rows = rowsOneByOne(feed);
        many.onQuery = ids -> {
            String query = read();
            // As SuiteQL writes an amount below one.
            String body = page(many.rows(ids, query), false).toString().replace("\"0.5\"", "\".5\"");
            return new Answer(200, body);
        };

        assertThat(run(feed)).containsEntry("status", "complete").containsEntry("loaded", (long) fields.length);

        assertThat(query(ROWS)).hasSize(fields.length).isEqualTo(rows);
        assertThat(many.gets).isEmpty();
    }

    private String read() {
        try {
            return query();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void wayOfAskingIsNoChangeOfTheRow() throws Exception {
        Path feed = feedOf(upTo(30));
        many.onQuery = ids -> new Answer(200, page(List.of(), false).toString());
        assertThat(run(feed)).containsEntry("loaded", 30L);
        many.onQuery = ids -> null;

        assertThat(run(feed)).containsEntry("unchanged", 30L);

        many.records.put(
                "3", "{\"name\":\"renamed\",\"custrecord_contract_status\":{\"id\":\"2\",\"refName\":\"Active\"}}");
        assertThat(run(feed)).containsEntry("unchanged", 29L).containsEntry("loaded", 1L);
        assertThat(value("SELECT contract_name FROM contract_enriched WHERE contract_id = '3'"))
                .isEqualTo("renamed");
    }

    /** Whatever is wrong with which of them: the outcome of each is that of a call for it alone. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 6})
    void outcomeOfEachIsThatOfItAlone(long seed) throws Exception {
        Random random = new Random(seed);
        double share = new double[] {0.01, 0.05, 0.3}[(int) (seed % 3)];
        List<Integer> contracts = upTo(150);
        contracts.stream().filter(i -> random.nextDouble() < share).forEach(i -> many.missing.add(String.valueOf(i)));
        IntStream.range(1000, 1037)
                .filter(i -> random.nextDouble() < share)
                .forEach(i -> many.unknown.add(String.valueOf(i)));
        List<String> poison = contracts.stream()
                .filter(i -> random.nextDouble() < share)
                .map(String::valueOf)
                .toList();
        many.onQuery = ids -> ids.stream().anyMatch(poison::contains)
                ? seed % 2 == 0 ? netsuiteError(400, "UNEXPECTED", "bad") : new Answer(500, "bad")
                : null;
        many.onReport = ids -> ids.size() > 1 && seed % 2 == 0 && ids.stream().anyMatch(many.unknown::contains)
                ? usageProblem(404, "some customer was not found")
                : null;

        Map<String, Object> run = run(feedOf(contracts));

        List<String> dead = contracts.stream()
                .filter(i -> many.missing.contains(String.valueOf(i))
                        || many.unknown.contains(String.valueOf(1000 + i % 37)))
                .map(String::valueOf)
                .toList();
        assertThat(run)
                .containsEntry("status", "complete")
                .containsEntry("dead", (long) dead.size())
                .containsEntry("loaded", (long) contracts.size() - dead.size());
        assertThat(query("SELECT contract_id FROM dead_letter ORDER BY contract_id::int").stream()
                        .map(row -> (String) row.get("contract_id")))
                .isEqualTo(dead);
    }
}
