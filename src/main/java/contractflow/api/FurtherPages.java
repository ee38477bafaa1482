package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether an answer is one page of several: in the fields that APIs say so by, or in a header {@code Link} (RFC 8288). */
final class FurtherPages {

    private static final Set<String> MORE =
            Set.of("hasmore", "hasnext", "hasnextpage", "moredata", "truncated", "istruncated");
    private static final Set<String> NEXT = Set.of(
            "next",
            "nextpage",
            "nextcursor",
            "nextpagetoken",
            "nexttoken",
            "nextlink",
            "nexturl",
            "nextpageurl",
            "odatanextlink");
    private static final Set<String> TOTAL =
            Set.of("total", "totalcount", "totalresults", "totalitems", "totalrows", "totalelements", "totalrecords");
    private static final Set<String> PAGES = Set.of("totalpages", "pagecount", "lastpage");
    private static final List<String> WITHIN = List.of(
            "meta", "metadata", "page", "paging", "pageInfo", "pagination", "links", "_links", "cursor", "cursors");
    private static final Pattern NEXT_LINK =
            Pattern.compile("rel\\s*=\\s*\"?[^\";,]*\\bnext\\b", Pattern.CASE_INSENSITIVE);

    private FurtherPages() {}

    /**
     * By what an answer says that there are more rows.
     *
     * @param rows that it has
     * @param link the value of its header {@code Link}; null where it has none
     * @return such as "hasMore true"; null where it says nothing of the kind
     */
    static String sign(JsonNode answer, int rows, String link) {
        if (link != null && NEXT_LINK.matcher(link).find()) {
            return "a link to the next page";
        }
        String sign = signIn(answer, rows);
        for (Iterator<String> names = WITHIN.iterator(); sign == null && names.hasNext(); ) {
            sign = signIn(answer.path(names.next()), rows);
        }
        return sign;
    }

    private static String signIn(JsonNode object, int rows) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey().replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
            JsonNode value = field.getValue();
            boolean more = MORE.contains(name) && value.asBoolean()
                    || NEXT.contains(name) && isThere(value)
                    || TOTAL.contains(name) && value.canConvertToLong() && value.longValue() > rows
                    || PAGES.contains(name) && value.canConvertToLong() && value.longValue() > 1;
            if (more) {
                return field.getKey() + " " + value;
            }
        }
        return null;
    }

    private static boolean isThere(JsonNode next) {
        return next.isContainerNode()
                ? !next.isEmpty()
                : !next.isNull() && !next.asText().isEmpty() && !next.asText().equals("false");
    }
}
