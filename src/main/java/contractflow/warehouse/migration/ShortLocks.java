package contractflow.warehouse.migration;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Has a migration wait two seconds for a lock, and no longer. Only where it is a transaction, which leaves nothing behind when it is
 * given up: one that is none, such as CREATE INDEX CONCURRENTLY, blocks no reader.
 */
final class ShortLocks extends BaseCallback {

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '2s'");
        } catch (SQLException e) {
            throw new FlywayException("lock_timeout cannot be set", e);
        }
    }
}
