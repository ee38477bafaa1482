package contractflow.feed;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import contractflow.contract.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rows of a CSV feed, by the names of its header. */
final class CsvRows implements FeedRows {

    private static final ObjectReader CSV_COLUMNS = new CsvMapper().readerFor(String[].class);

    private final LineReader lines;

    /** The names of the columns; of one without a name, its place. */
    private final List<String> header = new ArrayList<>();

    private final List<String> names;

    private final SwallowedRows swallowed;

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
        for (String needed : FeedRow.ID_COLUMNS) {
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
                        + columns[before] + "\", column " + (before + 1) + ", and \"" + columns[i] + "\", column "
                        + (i + 1));
            }
            header.add(name.isEmpty() ? "column " + (i + 1) : name);
        }
        swallowed = new SwallowedRows(names);
        if (swallowed.isInHeader(line.text())) {
            throw new IOException("line " + line.number() + ", the header, goes on to line " + line.last()
                    + " within quotes, over lines that look like rows: a quote is not closed");
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
        boolean severalLines = line.last() > line.number();
        if (severalLines && swallowed.isIn(line.text())) {
            line = lines.firstOf(
                    line, "a quote that is not closed where it should be goes on over lines that look like rows");
            return FeedRow.defective(line.number(), line.text(), line.defect());
        }
        String[] columns = columns(line.text());
        if (isHeader(columns)) {
            if (!names(columns).equals(names)) {
                throw new IOException("line " + line.number() + " is another header, " + names(columns)
                        + ": the feed is put together of parts whose columns differ");
            }
            return FeedRow.defective(
                    line.number(), line.text(), "the header once more: is the feed put together of parts?");
        }
        ObjectNode row = Json.exact().createObjectNode();
        for (int i = 0; i < Math.min(columns.length, header.size()); i++) {
            row.put(header.get(i), columns[i]);
        }
        FeedRow read = FeedRow.of(line.number(), row);
        if (!isOfHeader(columns)) {
            read = read.because(columns.length + " columns where the header has " + header.size(), line.text());
        }
        return read.defect() == null || !severalLines
                ? read
                : read.because(
                        read.defect() + ", lines " + line.number() + " to " + line.last() + ": is a quote not closed?",
                        line.text());
    }

    /** Whether the columns say what they are, and not what a contract has. */
    private boolean isHeader(String[] columns) {
        if (Stream.of(columns).noneMatch(CsvRows::resemblesName)) {
            return false;
        }
        for (String id : FeedRow.ID_COLUMNS) {
            int place = names.indexOf(id);
            if (place < columns.length && FeedRow.ID_COLUMNS.contains(FeedRow.columnName(columns[place]))) {
                return true;
            }
        }
        return names(columns).containsAll(FeedRow.ID_COLUMNS);
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
        return Stream.of(columns).map(FeedRow::columnName).toList();
    }

    private static String[] columns(String line) throws IOException {
        return CSV_COLUMNS.readValue(line);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
