package contractflow.feed;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A series is what the feeds of all nights have in common: their names without dates and times, and with all other digits. */
class SeriesTest {

    private static final String DATABASE_URL = TestDatabase.create();

    private static Connection connection;

    @BeforeAll
    static void migrate() throws SQLException {
        connection = DriverManager.getConnection(DATABASE_URL);
        flyway(DATABASE_URL, "latest").migrate();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contracts-20261124.csv",
                "contracts-20261123.CSV",
                "Contracts-2026-11-24.csv",
                "contracts-2026_11_24.csv",
                "contracts-2026-11-24T02:00:00.123+01:00.csv",
                "contracts-20261124T020000Z.csv",
                "contracts-20261124020000.csv",
                "contracts-20261124000005.csv",
                "contracts-202611240200.csv",
                "contracts-20261124020000123.csv",
                "contracts-20261124-020003.csv",
                "contracts-20261124_0201.csv",
                "contracts-2026-11-24 02.00.00.csv",
                "contracts-2026-11-24-00-05.csv",
                "contracts-24112026.csv",
                "contracts-11242026.csv",
                "contracts-24.11.2026.csv",
                "contracts-1.12.2026.csv",
                "contracts-241126.csv",
                "contracts-261124.csv",
                "contracts-26-11-24.csv",
                "contracts-24-Nov-2026.csv",
                "contracts-2026nov24.csv",
                "contracts-November 24 2026.csv",
                "contracts-2026-11.csv",
                "contracts-202611.csv",
                "contracts-11-2026.csv",
                "contracts-2026-W47.csv",
                "contracts-2026W471.csv",
                "contracts-kw47-2026.csv",
                "contracts-2026-Q4.csv",
                "contracts-1732400000.csv",
                "contracts-1732400000123.csv",
            })
    void dateOrTimeIsNoPartOfTheSeries(String feed) throws SQLException {
        assertThat(series(feed)).isEqualTo("contracts-*.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "contracts.csv, contracts.csv",
        "netsuite-contracts-20261124T020000Z.ndjson, netsuite-contracts-*.ndjson",
        "20261124.csv, *.csv",
        "1732400000.csv, *.csv",
        "42.csv, 42.csv",
        "contracts-1.csv, contracts-1.csv",
        "contracts-10.csv, contracts-10.csv",
        "contracts-100001.csv, contracts-100001.csv",
        "contracts-1234567.csv, contracts-1234567.csv",
        "contracts-123456789012.csv, contracts-123456789012.csv",
        "contracts-20261324.csv, contracts-20261324.csv",
        "contracts-2026.csv, contracts-2026.csv",
        "market-2026.csv, market-2026.csv",
        "contracts-v2-20261124.csv, contracts-v2-*.csv",
        "part-0001.csv, part-0001.csv",
        "contracts-20261124-0004.csv, contracts-*-0004.csv",
        "contracts-20261124-000004.csv, contracts-*-000004.csv",
        "contracts-20261124-02.csv, contracts-*-02.csv",
        "contracts-20261124T020000Z-part2.csv, contracts-*-part2.csv",
        "Verträge 20261124.csv, verträge *.csv",
        "contracts-3f2a9c1e-1b2c-4d5e-8f90-112233445566.csv, contracts-3f2a9c1e-1b2c-4d5e-8f90-112233445566.csv",
    })
    void otherDigitsAre(String feed, String series) throws SQLException {
        assertThat(series(feed)).isEqualTo(series);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "part-0004.csv",
                "part-4.csv",
                "part-ac.csv",
                "contracts-20261124-part2.csv",
                "contracts-part-20261124-2.csv",
                "contracts-1-of-4.csv",
                "chunk3.json",
                "part-00003-3f2a9c1e-1b2c-4d5e-8f90-112233445566-c000.csv"
            })
    void partSaysThatItIsOne(String feed) throws SQLException {
        assertThat(ask("SELECT is_part(feed_series(?))::text", feed)).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contracts.csv",
                "contracts-1.csv",
                "contracts-20261124.csv",
                "partners-2.csv",
                "counterpart-2.csv",
                "parts-20261124.csv",
                "contracts-100.csv",
                "contracts-0004.csv",
                "store-042-20261124.csv",
                "region-01.csv",
                "contracts-ac.csv",
                "contracts-20261124-3.csv",
                "part-eu.csv",
                "netsuite-contracts-20261124T020000Z.ndjson"
            })
    void otherFeedIsNone(String feed) throws SQLException {
        assertThat(ask("SELECT is_part(feed_series(?))::text", feed)).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource({
        "contracts-20261124-3.csv, contracts-*-#.csv 3",
        "0004-contracts-20261124.csv, #-contracts-*.csv 4",
        "contracts-v2-20261124-10.csv, contracts-v2-*-#.csv 10",
        "contracts-ac.csv, contracts-#.csv 2",
        "contracts-20261124-ba.csv, contracts-*-#.csv 26",
        "xaab.csv, x#.csv 1",
        "contracts.csv, ",
        "contracts-20261124.csv, "
    })
    void numberOrLettersSayWhichPartAFeedMayBe(String feed, String part) throws SQLException {
        assertThat(ask("SELECT (SELECT list || ' ' || number::int FROM part_of(feed_series(?)))", feed))
                .isEqualTo(part);
    }

    @Test
    void seriesOfEarlierRunsIsMadeAnew() throws SQLException {
        String earlier = TestDatabase.create();
        flyway(earlier, "6").migrate();
        try (Connection old = DriverManager.getConnection(earlier)) {
            for (String feed : List.of("part-0001.csv", "contracts-20261124.csv")) {
                old.createStatement()
                        .execute("INSERT INTO run (feed, feed_sha256, usage_period, status) VALUES ('" + feed
                                + "', '', '2026-10', 'complete')");
            }
        }
        assertThat(TestDatabase.query(earlier, "SELECT series FROM run WHERE run_id = 1"))
                .containsExactly(Map.of("series", "part-0.csv"));

        flyway(earlier, "latest").migrate();

        assertThat(TestDatabase.query(earlier, "SELECT series FROM run ORDER BY run_id"))
                .containsExactly(Map.of("series", "part-0001.csv"), Map.of("series", "contracts-*.csv"));
    }

    private static Flyway flyway(String url, String target) {
        return Flyway.configure().dataSource(url, null, null).target(target).load();
    }

    private static String series(String feed) throws SQLException {
        return ask("SELECT feed_series(?)", feed);
    }

    private static String ask(String sql, String feed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, feed);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
