package contractflow.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import contractflow.contract.Json;
import java.io.IOException;
import java.io.InputStream;

/** The rows of a JSON feed, the objects of one array. */
final class JsonRows implements FeedRows {

    private final InputStream in;
    private final JsonParser parser;
    private long element;

    JsonRows(InputStream in) throws IOException {
        this.in = in;
        parser = Json.exact().getFactory().createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new IOException("is empty");
        }
        if (first != JsonToken.START_ARRAY) {
            throw new IOException("must be a JSON array of objects; one object a line is .ndjson");
        }
    }

    @Override
    public FeedRow next() throws IOException {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            if (parser.nextToken() != null) {
                throw new IOException("goes on after the end of its array");
            }
            return null;
        }
        element++;
        return JsonObjectRow.read(element, parser, null);
    }

    @Override
    public void close() throws IOException {
        parser.close();
        in.close();
    }
}
