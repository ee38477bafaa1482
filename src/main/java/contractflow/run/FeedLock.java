package contractflow.run;

import contractflow.failure.FeedInUse;
import contractflow.failure.WarehouseFault;
import contractflow.feed.Feed;
import contractflow.feed.FeedJob;
import contractflow.warehouse.Warehouse;
import contractflow.warehouse.WarehousePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Variable;
import org.apache.camel.support.CamelContextHelper;

/**
 * Keeps a run, or a feed that is none such as the dead letters, to one process at a time, by an advisory lock of the database: it
 * goes with the connection, and so with the process, however that ends.
 */
public final class FeedLock implements CamelContextAware {

    private static final String TRY = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
    private static final String HOLDER = """
            SELECT format('%s at %s, whose session %s began%s; where that process has ended, SELECT pg_terminate_backend(%3$s) ends its session',
                          coalesce(nullif(a.application_name, ''), 'a program without a name'),
                          coalesce(host(a.client_addr), 'an unknown address'), l.pid,
                          coalesce(to_char(a.backend_start, '" at "YYYY-MM-DD HH24:MI:SS OF'), ' some time ago'))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint << 32 | l.objid::bigint = hashtextextended(?, 0)
            """;

    /** Waits as long as the session waits for locks. */
    private static final String LOCK = "SELECT pg_advisory_lock(hashtextextended(?, 0))";

    private static final String SESSION =
            "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    private static final String END_SESSION = """
            SELECT pg_terminate_backend(pid)
            FROM pg_stat_activity
            WHERE pid = ? AND backend_start = ?::timestamptz AND usename = current_user
            """;

    /** A machine that dies closes no connection: without this, its lock stays for two hours. */
    private static final String KEEP_ALIVE =
            "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    private final Map<Feed, Held> held = new ConcurrentHashMap<>();
    private CamelContext camel;

    /**
     * A lock, and the server's process that has it for us.
     *
     * @param identity what is locked
     */
    private record Held(Connection connection, String identity, int pid, String startedAt) {}

    @Override
    public void setCamelContext(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    /**
     * Takes what is worked on as a whole, by its name.
     *
     * @throws FeedInUse where another process has it
     */
    public synchronized void acquire(@Variable("feed") Feed feed) throws SQLException, FeedInUse {
        acquire(feed, feed.sha256(), null);
    }

    /**
     * Takes the feed for one run.
     *
     * @param identity what makes the run, by {@code sql/run/run-identity.sql}; null where the feed lies in no file
     * @throws FeedInUse where another process has it
     */
    public synchronized void acquireRun(@Variable("feed") Feed feed, @Variable("identity") String identity)
            throws SQLException, FeedInUse {
        acquire(feed, identity == null ? feed.sha256() : identity, null);
    }

    private void acquire(Feed feed, String identity, Held before) throws SQLException, FeedInUse {
        Connection connection = warehouse().getConnection();
        try {
            if (!tryLock(connection, identity) && !endOwn(before, connection)) {
                throw new FeedInUse(feed.name() + " is being worked on by " + holder(connection, identity));
            }
            held.put(feed, held(connection, identity));
        } catch (SQLException | FeedInUse e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Makes sure that the feed is still this process's: the lock went when the database was restarted, or is that of a server which has
     * become a standby.
     *
     * @throws FeedInUse where another process has taken it meanwhile; the run is stopped, and that process closes it
     */
    public synchronized void renew(@Variable("run") FeedJob run) throws SQLException, FeedInUse {
        Held lock = held.get(run.getFeed());
        // Who has waited here while the run ended has nothing to renew any more.
        if (lock == null) {
            return;
        }
        try {
            keep(run.getFeed(), lock);
        } catch (FeedInUse e) {
            run.stop(e.getMessage());
            throw e;
        }
    }

    /**
     * Takes what is worked on as a whole, or makes sure that it is still this process's.
     *
     * @throws FeedInUse where another process has it
     */
    public synchronized void hold(Feed feed) throws SQLException, FeedInUse {
        Held lock = held.get(feed);
        if (lock == null) {
            acquire(feed);
        } else {
            keep(feed, lock);
        }
    }

    /** Takes it anew where the connection that has it is broken. */
    private void keep(Feed feed, Held lock) throws SQLException, FeedInUse {
        if (!isSound(lock.connection())) {
            unlock(lock.connection());
            acquire(feed, lock.identity(), lock);
        }
    }

    /** Gives the feed back; a connection that is broken has given it back already. */
    public synchronized void release(@Variable("feed") Feed feed) {
        Held lock = held.remove(feed);
        if (lock != null) {
            unlock(lock.connection());
        }
    }

    private DataSource warehouse() {
        return CamelContextHelper.mandatoryLookup(camel, Warehouse.NAME, DataSource.class);
    }

    /** Whether the connection answers, and from the server that is written to. */
    private boolean isSound(Connection connection) throws SQLException {
        if (!connection.isValid(3)) {
            return false;
        }
        if (!WarehousePool.isReadOnly(connection)) {
            return true;
        }
        try (Connection other = warehouse().getConnection()) {
            return WarehousePool.isReadOnly(other);
        }
    }

    private static void unlock(Connection connection) {
        try (connection) {
            if (connection.isValid(3)) {
                try (PreparedStatement unlock = connection.prepareStatement("SELECT pg_advisory_unlock_all()")) {
                    unlock.execute();
                }
            }
        } catch (SQLException gone) {
            // The lock went with the connection.
        }
    }

    /**
     * A connection that has broken on our side only has a session at the server that still has the lock.
     *
     * @return whether the lock was this process's, and is so again
     */
    private static boolean endOwn(Held before, Connection connection) throws SQLException {
        if (before == null) {
            return false;
        }
        try (PreparedStatement end = connection.prepareStatement(END_SESSION)) {
            end.setInt(1, before.pid());
            end.setString(2, before.startedAt());
            try (ResultSet ended = end.executeQuery()) {
                if (!ended.next()) {
                    return false;
                }
            }
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, before.identity());
            lock.execute();
            return true;
        } catch (SQLException e) {
            if (WarehouseFault.isLock(e)) {
                return false;
            }
            throw e;
        }
    }

    private static Held held(Connection connection, String identity) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(KEEP_ALIVE);
        }
        try (PreparedStatement statement = connection.prepareStatement(SESSION);
                ResultSet session = statement.executeQuery()) {
            session.next();
            return new Held(connection, identity, session.getInt(1), session.getString(2));
        }
    }

    private static boolean tryLock(Connection connection, String identity) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRY)) {
            statement.setString(1, identity);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        }
    }

    private static String holder(Connection connection, String identity) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLDER)) {
            statement.setString(1, identity);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : "another process";
            }
        }
    }
}
