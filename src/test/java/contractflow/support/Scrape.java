package contractflow.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was read of the metrics at one time.
 *
 * @param samples the values by series, such as contractflow_retries_total{api="usage"}
 */
public record Scrape(Map<String, Double> samples) {

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+(?:\\{[^}]*})?) (\\S+)$");

    static Scrape of(String text) {
        Map<String, Double> samples = new LinkedHashMap<>();
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            samples.put(sample.group(1), Double.valueOf(sample.group(2)));
        }
        return new Scrape(samples);
    }

    /** The one series of that name and those labels, written as in the metrics; 0 where it is not there. */
    public double value(String series) {
        return samples.getOrDefault(series, 0.0);
    }

    /** All series of that name together that have the label. */
    public double sum(String name, String label) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(name + "{")
                        && sample.getKey().contains(label))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The names of all series, without their labels. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples.keySet().forEach(series -> names.add(series.replaceAll("\\{.*", "")));
        return names;
    }
}
