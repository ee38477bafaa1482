package contractflow.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import contractflow.contract.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The rows of an NDJSON feed, one JSON object a line. */
final class NdjsonRows implements FeedRows {

    private final LineReader lines;

    NdjsonRows(InputStream in) throws IOException {
        lines = new LineReader(in, false);
    }

    @Override
    public FeedRow next() throws IOException {
        LineReader.Line line = lines.next();
        if (line == null) {
            return null;
        }
        if (line.defect() != null) {
            return FeedRow.defective(line.number(), line.text(), line.defect());
        }
        try (JsonParser parser = Json.exact().getFactory().createParser(line.text())) {
            parser.nextToken();
            FeedRow row = JsonObjectRow.read(line.number(), parser, line.text());
            if (parser.nextToken() == null) {
                return row;
            }
            return FeedRow.defective(line.number(), line.text(), "not JSON: something follows the object");
        } catch (JsonProcessingException e) {
            return FeedRow.defective(line.number(), line.text(), "not JSON: " + storable(e.getOriginalMessage()));
        }
    }

    /** Jackson cites the first half of a character that has two, which no database stores. */
    private static String storable(String message) {
        return new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
