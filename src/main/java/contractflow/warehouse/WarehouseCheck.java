package contractflow.warehouse;

import contractflow.failure.WarehouseFault;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the warehouse can be written to. Without it the process lives on, but is ready for nothing. */
public final class WarehouseCheck extends AbstractHealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(WarehouseCheck.class);

    public WarehouseCheck() {
        super("contractflow", "warehouse");
    }

    /** {@inheritDoc} A restart of the process brings no database back. */
    @Override
    public boolean isLiveness() {
        return false;
    }

    /** {@inheritDoc} The answer says no more than that: what the driver says may name hosts and users. */
    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        WarehousePool warehouse =
                CamelContextHelper.mandatoryLookup(getCamelContext(), Warehouse.VIEWS, WarehousePool.class);
        try {
            if (warehouse.isWritable()) {
                result.up();
            } else {
                result.message("the warehouse is read-only").down();
            }
        } catch (SQLException e) {
            LOG.debug("The warehouse cannot be reached: {}", WarehouseFault.message(e));
            result.message("the warehouse cannot be reached").down();
        }
    }
}
