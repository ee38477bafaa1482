package contractflow.check;

import contractflow.config.JdbcUrl;
import contractflow.failure.SetupException;
import contractflow.warehouse.AbsentWarehouse;
import contractflow.warehouse.Warehouse;
import contractflow.warehouse.migration.HistoryTable;
import contractflow.warehouse.migration.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;
import org.apache.camel.support.CamelContextHelper;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables of the warehouse, as a check finds them. */
public final class Tables {

    /** Whether there is a database that can be looked at. */
    public boolean isThere(CamelContext camel) {
        return !(warehouse(camel) instanceof AbsentWarehouse);
    }

    /** Says that there will be one. */
    public void tellAbsent(@Variable("check") Check check) {
        check.note(
                "warehouse",
                "warehouse.jdbc-url is empty: a run starts the embedded PostgreSQL, which keeps its data under data/");
        check.note("warehouse", "it is not running, so no row can be shown");
    }

    /**
     * Whether the database answers.
     *
     * @throws SetupException where it does not
     */
    public void look(@Variable("check") Check check, CamelContext camel) {
        try (Connection connection = warehouse(camel).getConnection()) {
            check.ok(
                    "warehouse",
                    Warehouse.withoutParameters(connection.getMetaData().getURL()) + " answers");
        } catch (SQLException e) {
            throw Warehouse.unreachable(camel.resolvePropertyPlaceholders("{{warehouse.jdbc-url}}"), e);
        }
        String url = camel.resolvePropertyPlaceholders("{{warehouse.jdbc-url}}").strip();
        Warehouse.verify(
                warehouse(camel),
                url.isEmpty() ? new JdbcUrl("the embedded PostgreSQL", Map.of()) : Warehouse.parse(url));
    }

    /**
     * What the next start does to them, where it is allowed to look at them.
     *
     * @throws SetupException where it would fail
     */
    public void lookAhead(@Variable("check") Check check, CamelContext camel) {
        if (!check.isLoadable()) {
            return;
        }
        check.setLoadable(false);
        Migrations migrations = new Migrations(warehouse(camel));
        List<Migrations.Script> pending = migrations.pending();
        boolean adopting = migrations.isAdopting();
        if (!check.tellOfTables(pending.isEmpty() && !adopting ? "migrated" : "migrating")) {
            return;
        }
        if (adopting) {
            check.note(
                    "warehouse",
                    "the next start copies what flyway_schema_history has of ContractFlow into " + HistoryTable.NAME);
        }
        if (pending.isEmpty()) {
            check.ok(
                    "warehouse",
                    "the tables are there, with the " + check.getPrivileges() + " privileges that the routes need");
        } else {
            check.note(
                    "warehouse",
                    "the next start brings the tables up to date by "
                            + pending.stream().map(Migrations.Script::name).collect(Collectors.joining(", ")));
            Migrations.Script untried = migrations.rehearse(pending);
            if (untried != null) {
                check.note("warehouse", untried.name() + " cannot be tried in a transaction, so no row can be shown");
                return;
            }
        }
        check.setPending(pending);
        check.setLoadable(true);
    }

    /** Brings them up to date, in a transaction that is the caller's. */
    public void migrate(@Variable("check") Check check, CamelContext camel) {
        JdbcTemplate transaction = new JdbcTemplate(warehouse(camel));
        for (Migrations.Script script : check.getPending()) {
            transaction.execute(script.text());
        }
    }

    private static DataSource warehouse(CamelContext camel) {
        return CamelContextHelper.mandatoryLookup(camel, Warehouse.NAME, DataSource.class);
    }
}
