package contractflow.support;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.MainSupport;

/** Sets up a context of a test as the process sets up its own. */
final class TestMain extends MainSupport {

    /** Loads settings, beans and routes into a context that JUnit starts and stops. */
    void init(CamelContext camel) throws Exception {
        postProcessCamelContext(camel);
    }

    /** Reads no comments of the routes, as in the process. */
    @Override
    protected void modelineRoutes(CamelContext camel) {}

    @Override
    protected CamelContext createCamelContext() {
        throw new UnsupportedOperationException("the test has one");
    }

    @Override
    protected ProducerTemplate findOrCreateCamelTemplate() {
        throw new UnsupportedOperationException("the test has one");
    }
}
