package contractflow.check;

import contractflow.warehouse.Warehouse;
import javax.sql.DataSource;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.AsyncProcessorAwaitManager;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.PluginHelper;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Lets the steps inside it see what they write to the warehouse, and no other session, ever. */
public final class RolledBack implements Policy {

    @Override
    public void beforeWrap(Route route, NamedNode definition) {}

    @Override
    public Processor wrap(Route route, Processor steps) {
        CamelContext camel = route.getCamelContext();
        AsyncProcessor inside = AsyncProcessorConverterHelper.convert(steps);
        return exchange -> within(camel, exchange, inside);
    }

    private static void within(CamelContext camel, Exchange exchange, AsyncProcessor inside) {
        DataSource warehouse = CamelContextHelper.mandatoryLookup(camel, Warehouse.NAME, DataSource.class);
        AsyncProcessorAwaitManager await = PluginHelper.getAsyncProcessorAwaitManager(camel);
        new TransactionTemplate(new DataSourceTransactionManager(warehouse)).executeWithoutResult(transaction -> {
            transaction.setRollbackOnly();
            // A run beside this must not be held up by a lock that is taken here.
            new JdbcTemplate(warehouse).execute("SET LOCAL lock_timeout = '5s'");
            await.process(inside, exchange);
        });
    }
}
