package contractflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Variable;

/** Reads a feed row by row, whatever its format, and hands the rows out in pieces that a statement can take. */
public final class FeedReader {

    /** Rows in a piece; a piece of long rows ends earlier. */
    private static final int ROWS = 1000;

    private static final int CHARACTERS = 1024 * 1024;

    private static final List<String> ID_COLUMNS = List.of("contract_id", "customer_id");

    private static final ObjectReader CSV_COLUMNS = new CsvMapper().readerFor(String[].class);

    private static final ObjectReader VALUE =
            Json.exact().readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * The rows of a feed, in pieces, read while they are asked for.
     *
     * @throws FeedUnreadable where the feed has no rows, or cannot be read as what its name says; also later, from the iterator
     * @throws FeedChanged where what is read is not the feed's content, as it was taken; also later, from the iterator
     */
    public Iterator<List<FeedRow>> read(@Variable("feed") Feed feed) {
        try {
            MessageDigest digest = FeedContent.newDigest();
            InputStream in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(feed.path()), digest));
            refuseOtherEncodings(feed.format(), in);
            Rows rows = switch (feed.format()) {
                case CSV -> new CsvRows(in);
                case NDJSON -> new NdjsonRows(in);
                case JSON -> new JsonRows(in);
            };
            Pieces pieces = new Pieces(feed, rows, () -> {
                in.transferTo(OutputStream.nullOutputStream());
                return FeedContent.hex(digest);
            });
            if (!pieces.hasNext()) {
                throw new FeedUnreadable(feed.name() + ": has no rows");
            }
            return pieces;
        } catch (IOException e) {
            throw unreadable(feed, e);
        }
    }

    private static void refuseOtherEncodings(Feed.Format format, InputStream in) throws IOException {
        in.mark(4);
        String start = HexFormat.of().formatHex(in.readNBytes(4));
        in.reset();
        if (start.startsWith("1f8b")) {
            throw new IOException("is compressed by gzip: unpack it first");
        }
        if (start.equals("504b0304")) {
            throw new IOException("is a zip archive or a spreadsheet: unpack it, or save it as CSV, first");
        }
        // Of JSON, the parser finds out by itself.
        if (format != Feed.Format.JSON && start.matches("(fffe|feff|00..|..00).*")) {
            throw new IOException("is not written in UTF-8, but in UTF-16 or the like");
        }
    }

    private static RuntimeException unreadable(Feed feed, IOException e) {
        if (feed.content().compareIfReadable(feed.path()) != FeedContent.Fate.SAME) {
            return new FeedChanged(feed.path().getFileName());
        }
        String what = e.getMessage();
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            what = json.getOriginalMessage() + ", line " + json.getLocation().getLineNr() + " column "
                    + json.getLocation().getColumnNr();
        }
        return new FeedUnreadable(feed.name() + ": " + what, e);
    }

    private interface Content {
        /** The SHA-256 of all that was read. */
        String sha256() throws IOException;
    }

    private interface Rows extends Closeable {
        /** The next row, or null at the end. */
        FeedRow next() throws IOException;
    }

    /** Gathers rows into pieces. The splitter closes it. */
    private static final class Pieces implements Iterator<List<FeedRow>>, Closeable {

        private final Feed feed;
        private final Rows rows;
        private final Content content;
        private FeedRow ahead;

        Pieces(Feed feed, Rows rows, Content content) {
            this.feed = feed;
            this.rows = rows;
            this.content = content;
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
                FeedRow row = rows.next();
                if (row == null && !content.sha256().equals(feed.sha256())) {
                    ahead = null;
                    throw new FeedChanged(feed.path().getFileName());
                }
                return row;
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

        /** The names of the columns; of one without a name, its place. */
        private final List<String> header = new ArrayList<>();

        private final List<String> names;

        CsvRows(InputStream in) throws IOException {
            lines = new LineReader(in, true);
            LineReader.Line line = lines.next();
            if (line == null) {
                throw new IOException("is empty");
            }
            if (line.defect() != null) {
                throw new IOException("line " + line.number() + ", the header: " + line.defect());
            }
            String[] columns = columns(line.text());
            names = names(columns);
            for (String needed : ID_COLUMNS) {
                if (!names.contains(needed)) {
                    throw new IOException("line " + line.number() + " must be a header that names " + needed
                            + ", separated by commas; it is " + names);
                }
            }
            Map<String, Integer> places = new HashMap<>();
            for (int i = 0; i < columns.length; i++) {
                String name = names.get(i);
                Integer before = name.isEmpty() ? null : places.put(name, i);
                if (before != null) {
                    throw new IOException("line " + line.number() + ", the header, has the column " + name + " twice: \""
                            + columns[before] + "\", column " + (before + 1) + ", and \"" + columns[i] + "\", column " + (i + 1));
                }
                header.add(name.isEmpty() ? "column " + (i + 1) : name);
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
            if (isHeader(columns)) {
                if (!names(columns).equals(names)) {
                    throw new IOException("line " + line.number() + " is another header, " + names(columns)
                            + ": the feed is put together of parts whose columns differ");
                }
                return FeedRow.defective(line.number(), line.text(), "the header once more: is the feed put together of parts?");
            }
            ObjectNode row = Json.exact().createObjectNode();
            for (int i = 0; i < Math.min(columns.length, header.size()); i++) {
                row.put(header.get(i), columns[i]);
            }
            FeedRow read = FeedRow.of(line.number(), row);
            return isOfHeader(columns)
                    ? read
                    : read.because(columns.length + " columns where the header has " + header.size(), line.text());
        }

        /** Whether the columns say what they are, and not what a contract has. */
        private boolean isHeader(String[] columns) {
            if (Stream.of(columns).noneMatch(CsvRows::resemblesName)) {
                return false;
            }
            for (String id : ID_COLUMNS) {
                int place = names.indexOf(id);
                if (place < columns.length && ID_COLUMNS.contains(FeedRow.plain(columns[place]).toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
            return names(columns).containsAll(ID_COLUMNS);
        }

        /** Asked of each value of a feed, so it has to be quick. */
        private static boolean resemblesName(String value) {
            return value.length() < 30 && (value.contains("_id") || value.contains("_ID") || value.contains("_Id"));
        }

        /** Whether there is a value for each column; what has neither a name nor a value may be missing, or be too much. */
        private boolean isOfHeader(String[] columns) {
            for (int i = 0; i < Math.max(columns.length, header.size()); i++) {
                boolean missing = i >= columns.length && !names.get(i).isEmpty();
                boolean tooMuch = i >= header.size() && !columns[i].isEmpty();
                if (missing || tooMuch) {
                    return false;
                }
            }
            return true;
        }

        private static List<String> names(String[] columns) {
            return Stream.of(columns).map(name -> FeedRow.plain(name).toLowerCase(Locale.ROOT)).toList();
        }

        private static String[] columns(String line) throws IOException {
            return CSV_COLUMNS.readValue(line);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /**
     * The row that a parser is at.
     *
     * @param text the row as it came; null for as it is read
     */
    private static FeedRow rowOf(long number, JsonParser parser, String text) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            String other = parser.currentToken() == null ? "" : VALUE.readTree(parser).toString();
            return FeedRow.defective(number, text == null ? other : text, "not a JSON object");
        }
        ObjectNode row = Json.exact().createObjectNode();
        String twice = null;
        Map<String, String> ids = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            JsonNode value = VALUE.readTree(parser);
            String name = FeedRow.plain(key).toLowerCase(Locale.ROOT);
            String before = ID_COLUMNS.contains(name) ? ids.put(name, key) : null;
            if (row.has(key)) {
                twice = "has " + key + " twice";
                ambiguous.add(key);
                // Neither value is lost.
                key = key + " once more";
            } else if (before != null) {
                ambiguous.add(name);
                twice = "has " + name + " twice: \"" + before + "\" and \"" + key + "\"";
            }
            row.set(key, value);
        }
        if (twice == null) {
            return FeedRow.of(number, row);
        }
        String asRead = text == null ? row.toString() : text;
        // An id that is there twice is none.
        row.remove(ambiguous);
        return FeedRow.of(number, row).because(twice, asRead);
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
            try (JsonParser parser = Json.exact().getFactory().createParser(line.text())) {
                parser.nextToken();
                FeedRow row = rowOf(line.number(), parser, line.text());
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

    private static final class JsonRows implements Rows {

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
            return rowOf(element, parser, null);
        }

        @Override
        public void close() throws IOException {
            parser.close();
            in.close();
        }
    }
}
