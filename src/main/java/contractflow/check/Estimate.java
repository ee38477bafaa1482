package contractflow.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** How long a run takes at least: the largest of what the limits of the two APIs allow. */
final class Estimate {

    private record Bound(String api, String formula, BigDecimal seconds) {}

    /**
     * The calls that a run makes.
     *
     * @param words such as 11 calls for 10,412 contracts, or 10,412 contracts where each is a call
     */
    record Asked(long calls, String words) {}

    private final List<Bound> bounds = new ArrayList<>();

    /**
     * The calls for so many.
     *
     * @param perCall how many one call asks for
     * @param what they are, in the plural
     */
    static Asked calls(long asked, int perCall, String what) {
        String count = String.format(Locale.ROOT, "%,d %s", asked, what);
        long calls = (asked + perCall - 1) / perCall;
        return new Asked(calls, perCall == 1 ? count : String.format(Locale.ROOT, "%,d calls for %s", calls, count));
    }

    /**
     * What one API allows.
     *
     * @param asked of it
     * @param rate calls a second
     * @param concurrency calls at once
     * @param latencyMillis of a call; null where it is not known
     */
    Estimate with(String api, Asked asked, double rate, int concurrency, BigDecimal latencyMillis) {
        String count = asked.words;
        BigDecimal number = BigDecimal.valueOf(asked.calls);
        BigDecimal aSecond = new BigDecimal(String.valueOf(rate)).stripTrailingZeros();
        bounds.add(new Bound(api, count + " / " + aSecond.toPlainString() + " a second", divide(number, aSecond)));
        if (latencyMillis != null) {
            BigDecimal latency = latencyMillis.movePointLeft(3);
            bounds.add(new Bound(
                    api,
                    count + " * " + latency.toPlainString() + " s / " + concurrency + " at once",
                    divide(number.multiply(latency), BigDecimal.valueOf(concurrency))));
        }
        return this;
    }

    private static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
        return dividend.divide(divisor, 1, RoundingMode.HALF_UP);
    }

    /** The numbers that it is made of. */
    void addTo(Check check) {
        bounds.forEach(bound -> check.say("estimate", bound.api, bound.formula + " = " + bound.seconds + " s"));
        Bound largest =
                bounds.stream().max(Comparator.comparing(Bound::seconds)).orElseThrow();
        check.say(
                "estimate",
                "run",
                "at least " + duration(largest.seconds) + ", which " + largest.api + " takes: " + largest.seconds
                        + " s");
    }

    private static String duration(BigDecimal seconds) {
        long whole = seconds.setScale(0, RoundingMode.UP).longValue();
        return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
