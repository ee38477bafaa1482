package contractflow.api.limits;

import contractflow.api.adaptive.SentCall;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** A call within the limits of its API, which learn how it ends. */
final class LimitedCall extends DelegateAsyncProcessor {

    private final ApiLimits limits;

    /**
     * @param call the steps that are the call
     */
    LimitedCall(ApiLimits limits, Processor call) {
        super(call);
        this.limits = limits;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        SentCall sent;
        try {
            sent = limits.acquire(exchange);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return super.process(exchange, doneSync -> {
            limits.release(exchange, sent);
            callback.done(doneSync);
        });
    }
}
