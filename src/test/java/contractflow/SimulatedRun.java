package contractflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** A run of one API on a virtual clock: what {@link AdaptiveLimits} and {@link Pause} make of an API's limits, in milliseconds of real time. */
final class SimulatedRun {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** The clock overflows in mid-run. */
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    /** How an API counts calls in a time. */
    enum Counting { SLIDING_SECOND, FIXED_SECOND, TOKEN_BUCKET }

    /** Settings of ours. */
    int concurrency = 15;
    double perSecond = 100;
    int calls = 500;

    /** The API: limits by the second since the start; 0 is no limit. */
    IntUnaryOperator trueConcurrency = second -> 0;
    IntUnaryOperator trueRate = second -> 0;
    Counting counting = Counting.SLIDING_SECOND;
    long latencyMillis = 300;
    /** Part of the latency by which an answer is earlier or later at most. */
    double jitter = 0.2;
    long refusalMillis = 10;
    Duration retryAfter;
    Refusal.Limit said = Refusal.Limit.UNKNOWN;
    /** One call in so many is refused whatever is in flight; 0 is none. */
    int refusedByChance;
    long seed = 1;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.<Event>comparingLong(event -> event.at - START).thenComparingLong(Event::number));
    private final Deque<Long> accepted = new ArrayDeque<>();
    private Random random;
    private AdaptiveLimits limits;
    private Pause pause;
    private long now;
    private long numbers;
    private int waiting;
    private int slots;
    private boolean sending;
    private long lastSent;
    private int inFlightThere;
    private double tokens;
    private long tokensAt;
    int answered;
    int refused;
    int held;
    double seconds;

    private record Event(long at, long number, Runnable what) {}

    private void in(double millis, Runnable what) {
        events.add(new Event(now + (long) (millis * MILLI), numbers++, what));
    }

    /** Runs it to its end. */
    SimulatedRun run() {
        random = new Random(seed);
        now = START;
        // A process that has waited for its run.
        limits = new AdaptiveLimits(concurrency, perSecond, now - 3600 * SECOND);
        pause = new Pause(now - 3600 * SECOND);
        lastSent = now - SECOND;
        tokensAt = now;
        waiting = calls;
        send();
        while (answered < calls) {
            Event next = events.remove();
            now = next.at;
            next.what.run();
            send();
            if (now - START > 3600L * SECOND) {
                break;
            }
        }
        seconds = (now - START) / (double) SECOND;
        return this;
    }

    private int second() {
        return (int) ((now - START) / SECOND);
    }

    /** Sends the next call, when there is a slot, at the pace of the rate. */
    private void send() {
        if (sending || waiting == 0 || slots >= limits.concurrency().getLimit()) {
            return;
        }
        if (!pause.isOver(now)) {
            sending = true;
            in((pause.left(now) + MILLI) / (double) MILLI, () -> sending = false);
            return;
        }
        sending = true;
        slots++;
        waiting--;
        long interval = (long) (SECOND / limits.rate().getRate() * 1.015);
        long wait = lastSent + interval - now;
        boolean paced = wait > 0;
        in(Math.max(0, wait) / (double) MILLI, () -> {
            sending = false;
            if (!pause.isOver(now)) {
                slots--;
                waiting++;
                return;
            }
            lastSent = now;
            SentCall call = limits.sent(paced, now);
            held = Math.max(held, limits.getInFlight());
            in(1 + random.nextDouble() * 2, () -> arrive(call));
        });
    }

    private void arrive(SentCall call) {
        int most = trueConcurrency.applyAsInt(second());
        boolean tooMany = most > 0 && inFlightThere >= most;
        boolean chance = refusedByChance > 0 && random.nextInt(refusedByChance) == 0;
        if (tooMany || most < 0 || chance || !take()) {
            in(refusalMillis * (0.5 + random.nextDouble()), () -> refused(call));
            return;
        }
        inFlightThere++;
        double latency = latencyMillis * (1 - jitter + 2 * jitter * random.nextDouble());
        in(latency, () -> inFlightThere--);
        in(latency + 1 + random.nextDouble(), () -> {
            slots--;
            answered++;
            limits.answered(call, now);
            pause.answered();
        });
    }

    private boolean take() {
        int rate = trueRate.applyAsInt(second());
        if (rate == 0) {
            return true;
        }
        switch (counting) {
            case TOKEN_BUCKET -> {
                tokens = Math.min(2 * rate, tokens + (now - tokensAt) * (double) rate / SECOND);
                tokensAt = now;
                if (tokens < 1) {
                    return false;
                }
                tokens--;
                return true;
            }
            default -> {
                long from = counting == Counting.SLIDING_SECOND ? now - SECOND : START + second() * SECOND - 1;
                while (!accepted.isEmpty() && accepted.peekFirst() - from <= 0) {
                    accepted.removeFirst();
                }
                if (accepted.size() >= rate) {
                    return false;
                }
                accepted.addLast(now);
                return true;
            }
        }
    }

    private void refused(SentCall call) {
        slots--;
        refused++;
        Refusal refusal = new Refusal("429", retryAfter, said);
        boolean needed = limits.refused(call, said, refusal.nanos(LONGEST), now).pause();
        if (needed || refusal.namesTime()) {
            pause.begin(refusal, LONGEST, call.getAt(), now);
        }
        in(50, () -> waiting++);
    }

    /** The least that it could take, in seconds. */
    double floor() {
        double done = 0;
        double millis = 0;
        for (; done < calls && millis < 36e5; millis += 10) {
            int second = (int) (millis / 1000);
            int most = trueConcurrency.applyAsInt(second);
            int rate = trueRate.applyAsInt(second);
            double bearable = most < 0 ? 0 : Math.min(concurrency, most == 0 ? concurrency : most);
            double perSecond = Math.min(bearable * 1000 / latencyMillis, Math.min(this.perSecond, rate == 0 ? this.perSecond : rate));
            done += perSecond / 100;
        }
        return millis / 1000;
    }

    double ratio() {
        return seconds / floor();
    }

    double refusedPercent() {
        return 100.0 * refused / (refused + answered);
    }

    @Override
    public String toString() {
        return String.format("%6.1f s, floor %6.1f, ratio %.3f, refused %3d (%.1f %%), limit %d, rate %.1f", seconds, floor(), ratio(), refused,
                refusedPercent(), limits.concurrency().getKnown(), limits.rate().getKnown());
    }
}
