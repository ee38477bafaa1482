package contractflow.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The embedded PostgreSQL while it is not started. */
public final class AbsentWarehouse extends AbstractDataSource {

    @Override
    public Connection getConnection() throws SQLException {
        // The class of a connection that cannot be had.
        throw new SQLException("the embedded PostgreSQL is not running", "08001");
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }
}
