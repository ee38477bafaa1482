package contractflow.api;

import contractflow.failure.api.InvalidRecord;
import org.apache.camel.Variable;
import org.apache.hc.core5.net.PercentCodec;

/** Writes data into a URI as what it is: one path segment, or one value of a query. */
public final class UriEncoding {

    /**
     * Escapes everything but letters, digits and {@code -._~}, so that nothing in the text can end the segment, or be taken for a
     * placeholder or an expression.
     *
     * @throws InvalidRecord for . and .., which stand for another path however they are written
     */
    public String encode(@Variable("id") String text) {
        if (text.equals(".") || text.equals("..")) {
            throw new InvalidRecord(
                    "impossible id", "'" + text + "' cannot be asked for: in a path it means another one");
        }
        StringBuilder encoded = new StringBuilder();
        PercentCodec.RFC3986.encode(encoded, text);
        return encoded.toString();
    }
}
