package contractflow;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Variable;
import org.apache.camel.support.CamelContextHelper;

/**
 * Keeps a feed to one process at a time, by an advisory lock of the database: it goes with the connection, and so with the
 * process, however that ends.
 */
public final class FeedLock implements CamelContextAware {

    private static final String TRY = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String HOLDER =
            """
            SELECT format('%s at %s, whose session %s began%s; where that process has ended, SELECT pg_terminate_backend(%3$s) ends its session',
                          coalesce(nullif(a.application_name, ''), 'a program without a name'),
                          coalesce(host(a.client_addr), 'an unknown address'), l.pid,
                          coalesce(to_char(a.backend_start, '" at "YYYY-MM-DD HH24:MI:SS OF'), ' some time ago'))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint << 32 | l.objid::bigint = hashtextextended(?, 0)
            """;

    private final Map<String, Connection> held = new ConcurrentHashMap<>();
    private CamelContext camel;

    @Override
    public void setCamelContext(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    /**
     * Takes the feed.
     *
     * @throws FeedInUse where another process has it
     */
    public synchronized void acquire(@Variable("feed") Feed feed) throws SQLException, FeedInUse {
        Connection connection = CamelContextHelper.mandatoryLookup(camel, "warehouse", DataSource.class).getConnection();
        try {
            if (!tryLock(connection, feed)) {
                throw new FeedInUse(feed.name() + " is being worked on by " + holder(connection, feed));
            }
            held.put(feed.sha256(), connection);
        } catch (SQLException | FeedInUse e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Makes sure that the feed is still this process's: the lock went when the database was restarted.
     *
     * @throws FeedInUse where another process has taken it meanwhile; the run is stopped, and that process closes it
     */
    public synchronized void keep(@Variable("run") Job run) throws SQLException, FeedInUse {
        Connection connection = held.get(run.getFeed().sha256());
        // Who has waited here while the run ended has nothing to keep any more.
        if (connection == null || connection.isValid(3)) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException broken) {
            // It is of no use either way.
        }
        try {
            acquire(run.getFeed());
        } catch (FeedInUse e) {
            run.stop(e.getMessage());
            throw e;
        }
    }

    /** Gives the feed back; a connection that is broken has given it back already. */
    public synchronized void release(@Variable("feed") Feed feed) throws SQLException {
        Connection connection = held.remove(feed.sha256());
        if (connection == null) {
            return;
        }
        try (connection;
                PreparedStatement unlock = connection.prepareStatement("SELECT pg_advisory_unlock_all()")) {
            unlock.execute();
        } catch (SQLException gone) {
            // The lock went with the connection.
        }
    }

    private static boolean tryLock(Connection connection, Feed feed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRY)) {
            statement.setString(1, feed.sha256());
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        }
    }

    private static String holder(Connection connection, Feed feed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLDER)) {
            statement.setString(1, feed.sha256());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : "another process";
            }
        }
    }
}
