package contractflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.core.internal.exception.FlywayMigrateException;

/** What brings the tables up to date: the scripts of the jar, and then those of the folder {@code migrations}. */
final class Migrations {

    /** The folder of a user's own scripts, where there is one. */
    static final Path FOLDER = Path.of("migrations");

    private static final String PACKAGED = "db/migration";

    private final List<Flyway> histories = new ArrayList<>();

    /**
     * @param warehouse whose tables are meant
     */
    Migrations(DataSource warehouse) {
        histories.add(configure(warehouse).load());
        if (Files.isDirectory(FOLDER)) {
            // A history of their own: whatever numbers they have, those of a later jar are neither taken nor left out for it.
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
                .ignoreMigrationPatterns("*:pending", "*:future")
                .baselineOnMigrate(true)
                .baselineVersion("0");
    }

    /**
     * Applies what is new.
     *
     * @throws SetupException where a script fails, or one that was applied has changed since
     */
    void apply() {
        for (Flyway history : histories) {
            try {
                history.migrate();
            } catch (FlywayException e) {
                throw fault(e);
            }
        }
    }

    /**
     * The scripts that are still to be applied, in their order. Nothing is written.
     *
     * @throws SetupException where one that was applied has changed since, or has no proper name
     */
    List<Script> pending() {
        List<Script> pending = new ArrayList<>();
        for (Flyway history : histories) {
            try {
                ValidateResult result = history.validateWithResult();
                if (!result.validationSuccessful) {
                    throw new SetupException("the tables cannot be brought up to date: "
                            + WarehouseFault.oneLine(result.getAllErrorMessages()));
                }
                for (MigrationInfo script : history.info().pending()) {
                    pending.add(new Script(script.getScript(), history == histories.get(0)));
                }
            } catch (FlywayException e) {
                throw fault(e);
            }
        }
        return pending;
    }

    /**
     * A script, by its file's name.
     *
     * @param packaged whether it is the jar's
     */
    record Script(String name, boolean packaged) {

        String text() throws IOException {
            if (!packaged) {
                return Files.readString(FOLDER.resolve(name));
            }
            try (InputStream in = Migrations.class.getClassLoader().getResourceAsStream(PACKAGED + "/" + name)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static SetupException fault(FlywayException e) {
        if (String.valueOf(e.getMessage()).contains("advisory lock")) {
            return new SetupException("the tables cannot be brought up to date: another process does so",
                    new SQLException(e.getMessage(), WarehouseFault.LOCK, e));
        }
        String script = e instanceof FlywayMigrateException failed && failed.getMigration() != null
                ? failed.getMigration().getScript() + ": "
                : "";
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new SetupException("the tables cannot be brought up to date: " + script + WarehouseFault.message(root), e);
    }
}
