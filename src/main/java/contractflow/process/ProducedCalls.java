package contractflow.process;

import contractflow.config.RouteCalls;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;

/** Calls routes by a template of Camel's. */
final class ProducedCalls implements RouteCalls, CamelConfiguration {

    private ProducerTemplate template;

    @Override
    public void configure(CamelContext camel) {
        template = camel.createProducerTemplate();
        camel.getRegistry().bind(NAME, RouteCalls.class, this);
    }

    @Override
    public Exchange request(String route, Processor prepare) {
        return template.request(route, prepare);
    }
}
