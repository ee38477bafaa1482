package contractflow.page;

import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/** Which headers of a message become headers of an answer: Camel's choice, and how long it may be kept. */
public final class AnswerHeaders extends HttpHeaderFilterStrategy {

    public AnswerHeaders() {
        getOutFilter().remove("cache-control");
    }
}
