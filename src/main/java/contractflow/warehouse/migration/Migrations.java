package contractflow.warehouse.migration;

import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.postgresql.util.PSQLState;

/** What brings the tables up to date: the scripts of the jar, and then those of the folder {@code migrations}. */
public final class Migrations {

    /** The folder of a user's own scripts, where there is one. */
    static final Path FOLDER = Path.of("migrations");

    private static final String PACKAGED = "db/migration";
    private static final String CANNOT = "the tables cannot be brought up to date: ";

    private final DataSource warehouse;
    private final Flyway packaged;
    private final List<Flyway> histories = new ArrayList<>();

    /**
     * @param warehouse whose tables are meant
     */
    public Migrations(DataSource warehouse) {
        this.warehouse = warehouse;
        packaged = configure(warehouse).table(HistoryTable.NAME).load();
        histories.add(packaged);
        if (Files.isDirectory(FOLDER)) {
            // A history of their own: whatever numbers they have, those of a later jar are neither taken nor left out
            // for it.
            histories.add(configure(warehouse)
                    .locations("filesystem:" + FOLDER)
                    .table("own_schema_history")
                    .validateMigrationNaming(true)
                    .load());
        }
    }

    private static FluentConfiguration configure(DataSource warehouse) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(warehouse)
                .locations("classpath:" + PACKAGED)
                .callbacks(new ShortLocks())
                .lockRetryCount(2)
                .createSchemas(false)
                .ignoreMigrationPatterns("*:pending", "*:future")
                .baselineOnMigrate(true)
                .baselineVersion("0");
    }

    /**
     * Applies what is new.
     *
     * @throws SetupException where a script fails, or one that was applied has changed since
     */
    public void apply() {
        // Of processes that start at the same time, the others find it done: Flyway takes a history that another one is
        // just making
        // for a broken one. The lock goes with the session.
        try (Connection alone = warehouse.getConnection();
                Statement lock = alone.createStatement()) {
            lock.execute("SELECT pg_advisory_lock(hashtextextended(current_schema() || '.migrations', 0))");
            HistoryTable.adopt(warehouse, Arrays.asList(packaged.info().all()));
            if (HistoryTable.isMissing(warehouse)) {
                // What is in the way of the first start is found before anything is made.
                rehearse(pending().stream().filter(Script::packaged).toList(), HistoryTable::isMissing);
            }
            histories.forEach(Flyway::migrate);
        } catch (SQLException | FlywayException e) {
            throw fault(e);
        }
    }

    /** Whether the next start copies what earlier versions have recorded in Flyway's default table. */
    public boolean isAdopting() {
        try {
            return !recordedEarlier().isEmpty();
        } catch (SQLException | FlywayException e) {
            throw fault(e);
        }
    }

    private Set<String> recordedEarlier() throws SQLException {
        return HistoryTable.recordedEarlier(
                warehouse, Arrays.asList(packaged.info().all()));
    }

    /**
     * The scripts that are still to be applied, in their order. Nothing is written.
     *
     * @throws SetupException where one that was applied has changed since, or has no proper name
     */
    public List<Script> pending() {
        List<Script> pending = new ArrayList<>();
        try {
            Set<String> recordedEarlier = recordedEarlier();
            for (Flyway history : histories) {
                ValidateResult result = history.validateWithResult();
                if (!result.validationSuccessful) {
                    throw new SetupException(CANNOT + WarehouseFault.oneLine(result.getAllErrorMessages()));
                }
                for (MigrationInfo script : history.info().pending()) {
                    if (history != packaged || !recordedEarlier.contains(script.getScript())) {
                        pending.add(new Script(script.getScript(), history == packaged));
                    }
                }
            }
        } catch (SQLException | FlywayException e) {
            throw fault(e);
        }
        return pending;
    }

    /**
     * Tries scripts, in a transaction that is rolled back.
     *
     * @return the first that cannot run in a transaction, such as one that makes an index concurrently; null where there is none
     * @throws SetupException where one of them fails
     */
    public Script rehearse(List<Script> scripts) {
        try {
            return rehearse(scripts, anything -> true);
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private Script rehearse(List<Script> scripts, Condition stillTrue) throws SQLException {
        try (Connection connection = warehouse.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try {
                statement.execute("SET LOCAL lock_timeout = '5s'");
                for (Script script : scripts) {
                    try {
                        statement.execute(script.text());
                    } catch (SQLException e) {
                        if (PSQLState.ACTIVE_SQL_TRANSACTION.getState().equals(e.getSQLState())) {
                            return script;
                        }
                        // Another process may have applied it meanwhile.
                        if (stillTrue.of(warehouse)) {
                            throw fault(script.name(), script.packaged(), e);
                        }
                        return null;
                    }
                }
                return null;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private interface Condition {
        boolean of(DataSource warehouse) throws SQLException;
    }

    /**
     * A script, by its file's name.
     *
     * @param packaged whether it is the jar's
     */
    public record Script(String name, boolean packaged) {

        public String text() {
            try (InputStream in = packaged
                    ? Migrations.class.getClassLoader().getResourceAsStream(PACKAGED + "/" + name)
                    : Files.newInputStream(FOLDER.resolve(name))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new SetupException(FOLDER.resolve(name) + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private SetupException fault(Exception e) {
        if (e instanceof FlywayException && String.valueOf(e.getMessage()).contains("advisory lock")) {
            return new SetupException(
                    CANNOT + "another process does so", new SQLException(e.getMessage(), WarehouseFault.LOCK, e));
        }
        MigrationInfo failed = e instanceof FlywayMigrateException migrate ? migrate.getMigration() : null;
        boolean ours = failed != null
                && Arrays.stream(packaged.info().all())
                        .anyMatch(script -> script.getScript().equals(failed.getScript()));
        return fault(failed == null ? null : failed.getScript(), ours, e);
    }

    /**
     * @param script its name, null where it is none of them that failed
     * @param ours whether it is the jar's
     */
    private static SetupException fault(String script, boolean ours, Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String advice =
                root instanceof SQLException sql && sql.getSQLState() != null ? advice(sql.getSQLState(), ours) : "";
        return new SetupException(
                CANNOT + (script == null ? "" : script + ": ") + WarehouseFault.message(root) + advice, e);
    }

    private static String advice(String state, boolean ours) {
        return switch (state) {
            // a table or view, a function, a type
            case "42P07", "42723", "42710" ->
                ours
                        ? "; that is another program's, since ContractFlow has not made it: rename it, or give ContractFlow a schema of its"
                                + " own by CREATE SCHEMA contractflow and currentSchema=contractflow in warehouse.jdbc-url"
                        : "";
            case "42501" ->
                "; start the process once as the owner of the schema and its tables, or see what check says is to be granted";
            case "0A000", "2BP01" -> "; drop what depends on it, start the process once, and make it again";
            default -> "";
        };
    }
}
