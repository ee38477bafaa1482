package contractflow.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import contractflow.warehouse.EmbeddedWarehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.util.PSQLState;

/** The PostgreSQL that the runs of a rehearsal load into, each into a database of its own. */
final class RehearsalWarehouse implements AutoCloseable {

    /** 1.50 and 1.5 are one number. */
    private static final ObjectMapper ROWS = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Path folder;
    private EmbeddedWarehouse server;

    RehearsalWarehouse(Path folder) {
        this.folder = folder;
        server = EmbeddedWarehouse.startAlone(folder, 0);
    }

    /** Makes an empty database, in the place of one that an earlier rehearsal has left. */
    String create(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + database);
        }
        return server.jdbcUrl(database);
    }

    void stop() {
        server.close();
    }

    /** At the address of before. */
    void startAgain() {
        server = EmbeddedWarehouse.startAlone(folder, server.port());
    }

    /**
     * What became of the contracts of a database.
     *
     * @param query of {@code sql/rehearsal/outcomes.sql}
     */
    Map<String, Outcome> outcomes(String database, String query) throws SQLException, JsonProcessingException {
        Map<String, Outcome> outcomes = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(database));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                String row = rows.getString("row");
                outcomes.put(
                        rows.getString("contract_id"),
                        new Outcome(
                                rows.getString("outcome"),
                                rows.getLong("letters"),
                                rows.getString("reason"),
                                row == null ? null : ROWS.readTree(row)));
            }
        } catch (SQLException e) {
            if (!PSQLState.UNDEFINED_TABLE.getState().equals(e.getSQLState())) {
                throw e;
            }
            // The run did not come so far as to make its tables.
        }
        return outcomes;
    }

    @Override
    public void close() {
        server.close();
    }
}
