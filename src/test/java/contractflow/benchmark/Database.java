package contractflow.benchmark;

import contractflow.support.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A database of a real PostgreSQL that writes to its disk as in production.
 *
 * @param url for JDBC
 */
record Database(EmbeddedPostgres server, String name, String url) {

    private static final String USER = "postgres";

    static EmbeddedPostgres startServer() throws IOException {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_wal_size", "1GB")
                .start();
    }

    /** A new, empty one. */
    static Database create(EmbeddedPostgres server, String name) throws SQLException {
        Database postgres = new Database(server, USER, server.getJdbcUrl(USER, USER));
        postgres.execute("CREATE DATABASE " + name);
        return new Database(server, name, server.getJdbcUrl(USER, name));
    }

    /** As other languages write its address. */
    String dsn() {
        return "postgresql://" + USER + "@127.0.0.1:" + server.getPort() + "/" + name;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a query, each by its columns' names. */
    List<Map<String, Object>> query(String sql) throws SQLException {
        return TestDatabase.query(url, sql);
    }

    /** The one value of a query. */
    Object value(String sql) throws SQLException {
        return query(sql).get(0).values().iterator().next();
    }
}
