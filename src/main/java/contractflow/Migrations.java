package contractflow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.exception.FlywayMigrateException;

/** What brings the tables up to date: the scripts of the jar, and then those of the folder {@code migrations}. */
final class Migrations {

    /** The folder of a user's own scripts, where there is one. */
    static final Path FOLDER = Path.of("migrations");

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

    private static SetupException fault(FlywayException e) {
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
