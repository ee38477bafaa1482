package contractflow.feed;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a quoted column of a CSV feed goes on over other rows of it. A text may have as many lines as it likes; but where one of
 * them has as many commas as a row, and ids in their places, a stray quote has most likely opened the column, and another one closed it.
 */
final class SwallowedRows {

    private static final Pattern NEWLINE = Pattern.compile("\r\n|\r|\n");
    private static final Pattern LETTERS = Pattern.compile("\\p{L}+");
    private static final Pattern DIGITS = Pattern.compile("\\p{Nd}+");
    private static final Pattern WORD_WITH_DIGIT = Pattern.compile("\\S*\\p{Nd}\\S*");

    private final int columns;
    private final int[] places;

    /**
     * @param names of the columns; of one that need not be there, an empty one
     */
    SwallowedRows(List<String> names) {
        int named = names.size();
        while (named > 0 && names.get(named - 1).isEmpty()) {
            named--;
        }
        columns = named;
        places = FeedRow.ID_COLUMNS.stream().mapToInt(names::indexOf).toArray();
    }

    /**
     * @param text of a row that has several lines
     */
    boolean isIn(String text) {
        String[] lines = NEWLINE.split(text);
        for (int i = 1; i < lines.length; i++) {
            if (resemblesRow(lines[i].split(",", -1), lines[0].split(",", -1))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the name of a column does: as no row gives the shape of an id, it is the number of columns that counts.
     *
     * @param text of a header that may have several lines
     */
    boolean isInHeader(String text) {
        return NEWLINE.splitAsStream(text).skip(1).anyMatch(line -> line.split(",", -1).length >= columns);
    }

    private boolean resemblesRow(String[] line, String[] first) {
        if (line.length < columns) {
            return false;
        }
        for (int place : places) {
            // The quote that closes the column may stand at the end of the line. Within it, it is the id that has the
            // line break.
            String id = place == line.length - 1 ? withoutQuote(line[place]) : line[place];
            if (!resemblesId(FeedRow.plain(id), place < first.length ? withoutQuote(first[place]) : "")) {
                return false;
            }
        }
        return true;
    }

    private static String withoutQuote(String column) {
        return FeedRow.plain(column).replaceFirst("^\"", "").replaceFirst("\"$", "");
    }

    private static boolean resemblesId(String text, String id) {
        return !text.isEmpty()
                && text.indexOf('"') < 0
                && (WORD_WITH_DIGIT.matcher(text).matches() || shape(text).equals(shape(id)));
    }

    /** Such as a-9 of SUB-2041. */
    private static String shape(String id) {
        return DIGITS.matcher(LETTERS.matcher(id).replaceAll("a")).replaceAll("9");
    }
}
