package contractflow.api.job;

import contractflow.api.adaptive.AdaptiveLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The calls that a job made to an API: how many, how long they took, how many were refused, and what the API bore. */
public final class Calls {

    /** A limit that refuses less than one call in so many is no reason to change a setting: it may have been another's calls. */
    private static final int FEW = 500;

    private final String api;
    private final NavigableMap<Double, Long> atOnce = new TreeMap<>();
    private final NavigableMap<Double, Long> inSecond = new TreeMap<>();
    private long count;
    private long records;
    private long nanos;
    private long refused;
    private long refusedAtOnce;
    private long refusedInSecond;
    private int concurrency;
    private double requestsPerSecond;

    Calls(String api) {
        this.api = api;
    }

    /**
     * A call has ended.
     *
     * @param nanos what it took
     * @param asked how many records it asked for
     * @param limits what the API bears now
     */
    public synchronized void add(long nanos, int asked, AdaptiveLimits limits) {
        count++;
        records += asked;
        this.nanos += nanos;
        concurrency = limits.concurrency().getSetting();
        requestsPerSecond = limits.rate().getSetting();
        if (refusedAtOnce > 0) {
            atOnce.merge((double) limits.concurrency().getKnown(), 1L, Long::sum);
        }
        if (refusedInSecond > 0) {
            double rate = limits.rate().getKnown();
            inSecond.merge(rate < 10 ? Math.floor(rate * 10) / 10 : Math.floor(rate), 1L, Long::sum);
        }
    }

    /** One of the calls was refused. Whether for a limit is known when its record is answered in the end. */
    public synchronized void addRefused() {
        refused++;
    }

    /**
     * A record was answered whose calls had been refused before, so that it was for limits.
     *
     * @param atOnce how often there were too many at once
     * @param inSecond how often there were too many in a time
     */
    public synchronized void addRefusedForLimits(int atOnce, int inSecond) {
        refusedAtOnce += atOnce;
        refusedInSecond += inSecond;
    }

    /** What seemed to be refused for limits was not. */
    public synchronized void forgetLimits() {
        refusedAtOnce = 0;
        refusedInSecond = 0;
        atOnce.clear();
        inSecond.clear();
    }

    synchronized boolean isMade() {
        return count > 0;
    }

    public String getApi() {
        return api;
    }

    public synchronized long getCount() {
        return count;
    }

    /** Records that the calls asked for; one that was asked for again counts again. */
    public synchronized long getRecords() {
        return records;
    }

    public synchronized double getSeconds() {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    /** From the request to the answer's last byte; waiting for a slot and for the rate is not in it. */
    public synchronized BigDecimal getMeanLatencyMillis() {
        double millis = (double) nanos / TimeUnit.MILLISECONDS.toNanos(1) / Math.max(1, count);
        return BigDecimal.valueOf(millis).setScale(1, RoundingMode.HALF_UP);
    }

    /** Calls that the API refused for being one too many. */
    public synchronized long getRefused() {
        return refused;
    }

    /** Most calls at once that the settings allow. */
    public synchronized int getConcurrency() {
        return concurrency;
    }

    /** Most calls at once that the API bore for half of the calls since one was refused for that; null where (nearly) none was. */
    public synchronized Integer getConcurrencyBorne() {
        return refusedAtOnce * FEW < count || atOnce.isEmpty()
                ? null
                : Integer.valueOf(median(atOnce).intValue());
    }

    /** Most calls a second that the settings allow. */
    public synchronized BigDecimal getRequestsPerSecond() {
        return BigDecimal.valueOf(requestsPerSecond);
    }

    /** Most calls a second that the API bore for half of the calls since one was refused for that; null where none was. */
    public synchronized BigDecimal getRequestsPerSecondBorne() {
        return inSecond.isEmpty() ? null : BigDecimal.valueOf(median(inSecond));
    }

    private static Double median(NavigableMap<Double, Long> counts) {
        long left = counts.values().stream().mapToLong(Long::longValue).sum() / 2;
        for (var entry : counts.entrySet()) {
            left -= entry.getValue();
            if (left < 0) {
                return entry.getKey();
            }
        }
        return counts.lastKey();
    }
}
