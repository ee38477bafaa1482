package contractflow.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Usage that a report has twice: rows of the same customer, and the same in all else, whose windows overlap. */
final class OverlappingRows {

    private OverlappingRows() {}

    /**
     * The first row that begins within another one, or with it.
     *
     * @param rows of a report; those without a window are left out
     * @return such as "the usage from windowStart 2026-10-01T00:00:00Z"; null where there is none
     */
    static String find(JsonNode rows) {
        if (rows.size() < 2) {
            return null;
        }
        Map<ObjectNode, TreeMap<LocalDateTime, LocalDateTime>> windows = new HashMap<>();
        for (JsonNode row : rows) {
            LocalDateTime start = time(row.path("windowStart"));
            if (start == null) {
                continue;
            }
            LocalDateTime end = time(row.path("windowEnd"));
            ObjectNode about = ((ObjectNode) row.deepCopy()).without(List.of("value", "windowStart", "windowEnd"));
            TreeMap<LocalDateTime, LocalDateTime> others = windows.computeIfAbsent(about, its -> new TreeMap<>());
            Map.Entry<LocalDateTime, LocalDateTime> before = others.floorEntry(start);
            LocalDateTime after = others.higherKey(start);
            if (before != null && (before.getKey().equals(start) || start.isBefore(before.getValue()))
                    || after != null && end != null && after.isBefore(end)) {
                return "the usage from windowStart " + row.get("windowStart").asText();
            }
            others.put(start, end == null ? start : end);
        }
        return null;
    }

    /** In UTC, where it says its zone. */
    private static LocalDateTime time(JsonNode said) {
        String text = said.asText().replace(' ', 'T');
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.contains("T") ? text : text + "T00:00", OffsetDateTime::from, LocalDateTime::from);
            return time instanceof OffsetDateTime zoned
                    ? zoned.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
                    : (LocalDateTime) time;
        } catch (DateTimeException unknown) {
            return null;
        }
    }
}
