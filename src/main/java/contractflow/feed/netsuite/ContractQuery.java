package contractflow.feed.netsuite;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.api.SuiteQl;
import contractflow.failure.FeedUnreadable;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;

/** The query that lists the contracts, as NetSuite wants it: it takes no parameters, so the page is part of its text. */
public final class ContractQuery {

    private static final String AFTER = ":after";

    /**
     * The query for one page.
     *
     * @param text of the file, whose lines that begin with -- are left out
     * @throws FeedUnreadable where the text does not say where a page begins
     */
    public JsonNode of(@Body String text, @Variable("listPage") SuiteQlPage page, CamelContext camel) {
        SuiteQl query = new SuiteQl(text);
        if (!query.has(AFTER)) {
            throw new FeedUnreadable("sql/netsuite-contracts.sql has no " + AFTER
                    + ", so every page would be the first one;" + " it needs a condition such as id > " + AFTER);
        }
        return query.request(AFTER, Long.toString(page.getAfter()), camel);
    }
}
