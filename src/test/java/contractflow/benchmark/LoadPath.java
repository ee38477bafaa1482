package contractflow.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statement that loads a batch, on the rows of a run that is over, with batches of this size or that. */
final class LoadPath {

    private static final Pattern PARAMETER = Pattern.compile(":#\\$\\{([^}]+)}");

    private final Database database;

    LoadPath(Database database) {
        this.database = database;
    }

    /**
     * Loads all rows of the first run into tables that are empty again, as a run of its own.
     *
     * @return seconds in the statement
     */
    double seconds(int batch) throws SQLException, IOException {
        String sql = Files.readString(Path.of("sql", "load-batch.sql"));
        List<String> parameters =
                PARAMETER.matcher(sql).results().map(match -> match.group(1)).toList();
        String prepared = PARAMETER.matcher(sql).replaceAll(Matcher.quoteReplacement("?"));
        try (Connection connection = database.connect();
                PreparedStatement load = connection.prepareStatement(prepared)) {
            List<String> batches = batches(connection, batch);
            long run = emptyTables(connection);
            long start = System.nanoTime();
            for (String body : batches) {
                for (int i = 0; i < parameters.size(); i++) {
                    switch (parameters.get(i)) {
                        case "body" -> load.setString(i + 1, body);
                        case "variable.run.id" -> load.setLong(i + 1, run);
                        case "variable.run.usagePeriod" -> load.setString(i + 1, "2026-10");
                        default ->
                            throw new IllegalStateException("a parameter that is new here: " + parameters.get(i));
                    }
                }
                load.executeQuery().close();
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static List<String> batches(Connection connection, int batch) throws SQLException {
        List<String> batches = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS answered AS SELECT row_number() OVER () AS line_number, contract_id, customer_id,"
                            + " source FROM contract_enriched");
            try (ResultSet rows = statement.executeQuery(
                    "SELECT jsonb_agg(jsonb_build_object('line_number', line_number, 'contract_id', contract_id, 'customer_id', customer_id)"
                            + " || source)::text FROM answered GROUP BY (line_number - 1) / " + batch)) {
                while (rows.next()) {
                    batches.add(rows.getString(1));
                }
            }
        }
        return batches;
    }

    private static long emptyTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE contract_enriched, run_contract");
            statement.execute("CHECKPOINT");
            try (ResultSet run = statement.executeQuery("SELECT max(run_id) FROM run")) {
                run.next();
                return run.getLong(1);
            }
        }
    }
}
