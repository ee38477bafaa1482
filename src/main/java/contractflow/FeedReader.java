package contractflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.camel.Variable;

/** Reads a feed row by row, whatever its format, and hands the rows out in pieces that a statement can take. */
public final class FeedReader {

    /** Rows in a piece; a piece of long rows ends earlier. */
    private static final int ROWS = 1000;

    private static final int CHARACTERS = 1024 * 1024;

    private static final ObjectReader CSV_COLUMNS = new CsvMapper().readerFor(String[].class);

    /**
     * The rows of a feed, in pieces, read while they are asked for.
     *
     * @throws FeedUnreadable where the feed has no rows, or cannot be read as what its name says; also later, from the iterator
     */
    public Iterator<List<FeedRow>> read(@Variable("feed") Feed feed) {
        try {
            InputStream in = Files.newInputStream(feed.path());
            Pieces pieces = new Pieces(feed, switch (feed.format()) {
                case CSV -> new CsvRows(in);
                case NDJSON -> new NdjsonRows(in);
                case JSON -> new JsonRows(in);
            });
            if (!pieces.hasNext()) {
                throw new FeedUnreadable(feed.name() + ": has no rows");
            }
            return pieces;
        } catch (IOException e) {
            throw unreadable(feed, e);
        }
    }

    private static FeedUnreadable unreadable(Feed feed, IOException e) {
        String what = e.getMessage();
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            what = json.getOriginalMessage() + ", line " + json.getLocation().getLineNr() + " column "
                    + json.getLocation().getColumnNr();
        }
        return new FeedUnreadable(feed.name() + ": " + what, e);
    }

    private interface Rows extends Closeable {
        /** The next row, or null at the end. */
        FeedRow next() throws IOException;
    }

    /** Gathers rows into pieces. The splitter closes it. */
    private static final class Pieces implements Iterator<List<FeedRow>>, Closeable {

        private final Feed feed;
        private final Rows rows;
        private FeedRow ahead;

        Pieces(Feed feed, Rows rows) {
            this.feed = feed;
            this.rows = rows;
            this.ahead = read();
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public List<FeedRow> next() {
            if (ahead == null) {
                throw new NoSuchElementException();
            }
            List<FeedRow> piece = new ArrayList<>();
            for (int characters = 0; ahead != null && piece.size() < ROWS && characters < CHARACTERS; ahead = read()) {
                piece.add(ahead);
                characters += ahead.row().length();
            }
            return piece;
        }

        private FeedRow read() {
            try {
                return rows.next();
            } catch (IOException e) {
                // The splitter looks for more rows even then.
                ahead = null;
                throw unreadable(feed, e);
            }
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    private static final class CsvRows implements Rows {

        private final LineReader lines;
        private final List<String> header = new ArrayList<>();

        CsvRows(InputStream in) throws IOException {
            lines = new LineReader(in, true);
            LineReader.Line line = lines.next();
            if (line == null) {
                throw new IOException("is empty");
            }
            if (line.defect() != null) {
                throw new IOException("line " + line.number() + ", the header: " + line.defect());
            }
            for (String name : columns(line.text())) {
                header.add(name.strip().toLowerCase(Locale.ROOT));
            }
            for (String needed : List.of("contract_id", "customer_id")) {
                if (!header.contains(needed)) {
                    throw new IOException("line " + line.number() + " must be a header that names " + needed
                            + ", separated by commas; it is " + header);
                }
            }
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
            String[] columns = columns(line.text());
            ObjectNode row = Json.exact().createObjectNode();
            for (int i = 0; i < Math.min(columns.length, header.size()); i++) {
                row.put(header.get(i), columns[i]);
            }
            FeedRow read = FeedRow.of(line.number(), row);
            return columns.length == header.size()
                    ? read
                    : read.because(columns.length + " columns where the header has " + header.size(), line.text());
        }

        private static String[] columns(String line) throws IOException {
            return CSV_COLUMNS.readValue(line);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static final class NdjsonRows implements Rows {

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
            try {
                JsonNode row = Json.exact().readTree(line.text());
                if (row.isObject()) {
                    return FeedRow.of(line.number(), row);
                }
            } catch (JsonProcessingException e) {
                return FeedRow.defective(line.number(), line.text(), "not JSON: " + storable(e.getOriginalMessage()));
            }
            return FeedRow.defective(line.number(), line.text(), "not a JSON object");
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

    private static final class JsonRows implements Rows {

        private static final ObjectReader ELEMENT =
                Json.exact().readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        private final JsonParser parser;
        private long element;

        JsonRows(InputStream in) throws IOException {
            parser = Json.exact().getFactory().createParser(in);
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
            JsonNode row = ELEMENT.readTree(parser);
            return row.isObject()
                    ? FeedRow.of(element, row)
                    : FeedRow.defective(element, row.toString(), "not a JSON object");
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
