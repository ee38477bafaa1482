package contractflow.api.adaptive;

import contractflow.api.job.ApiStanding;
import contractflow.api.limits.LearntLimits;
import contractflow.contract.Contract;
import contractflow.failure.api.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** A run of one API on a virtual clock: what {@link LearntLimits} make of an API's limits, in milliseconds of real time. */
public final class SimulatedRun {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** The clock overflows in mid-run. */
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    /** How an API counts calls in a time. */
    public enum Counting {
        SLIDING_SECOND,
        FIXED_SECOND,
        TOKEN_BUCKET
    }

    /** Settings of ours. */
    public int concurrency = 15;

    public double perSecond = 100;
    public int calls = 500;

    /** The API: limits by the second since the start; 0 is no limit. */
    public IntUnaryOperator trueConcurrency = second -> 0;

    public IntUnaryOperator trueRate = second -> 0;
    public Counting counting = Counting.SLIDING_SECOND;
    public long latencyMillis = 300;
    /** Part of the latency by which an answer is earlier or later at most. */
    public double jitter = 0.2;

    long refusalMillis = 10;
    public Duration retryAfter;
    public Refusal.Limit said = Refusal.Limit.UNKNOWN;
    /** One call in so many is refused whatever is in flight; 0 is none. */
    public int refusedByChance;
    /** Whether a refusal is a 503 without a code. */
    public boolean unavailable;

    public long seed = 1;

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.<Event>comparingLong(event -> event.at - START).thenComparingLong(Event::number));
    private final Deque<Long> accepted = new ArrayDeque<>();
    private Random random;
    private final Deque<Contract> waiting = new ArrayDeque<>();
    private final ApiStanding standing = new ApiStanding();
    private LearntLimits learnt;
    private long now;
    private long numbers;
    private int slots;
    private boolean sending;
    private long lastSent;
    private int inFlightThere;
    private double tokens;
    private long tokensAt;
    public int answered;
    int refused;
    public int dead;
    int held;
    double seconds;

    private record Event(long at, long number, Runnable what) {}

    private void in(double millis, Runnable what) {
        events.add(new Event(now + (long) (millis * MILLI), numbers++, what));
    }

    /** Runs it to its end. */
    public SimulatedRun run() {
        random = new Random(seed);
        now = START;
        // A process that has waited for its run.
        learnt = new LearntLimits("api", concurrency, perSecond, () -> LONGEST, now - 3600 * SECOND);
        lastSent = now - SECOND;
        tokensAt = now;
        for (int i = 1; i <= calls; i++) {
            waiting.add(new Contract(i, "C-" + i, "K-" + i));
        }
        send();
        while (answered + dead < calls) {
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
        if (sending
                || waiting.isEmpty()
                || slots >= learnt.limits().concurrency().getLimit()) {
            return;
        }
        if (!learnt.pause().isOver(now)) {
            sending = true;
            in((learnt.pause().left(now) + MILLI) / (double) MILLI, () -> sending = false);
            return;
        }
        sending = true;
        slots++;
        Contract contract = waiting.removeFirst();
        long interval = (long) (SECOND / learnt.limits().rate().getRate() * 1.015);
        long wait = lastSent + interval - now;
        boolean paced = wait > 0;
        in(Math.max(0, wait) / (double) MILLI, () -> {
            sending = false;
            if (!learnt.pause().isOver(now)) {
                slots--;
                waiting.addFirst(contract);
                return;
            }
            lastSent = now;
            SentCall call = learnt.limits().sent(paced, now);
            held = Math.max(held, learnt.limits().getInFlight());
            in(1 + random.nextDouble() * 2, () -> arrive(contract, call));
        });
    }

    private void arrive(Contract contract, SentCall call) {
        int most = trueConcurrency.applyAsInt(second());
        boolean tooMany = most > 0 && inFlightThere >= most;
        boolean chance = refusedByChance > 0 && random.nextInt(refusedByChance) == 0;
        if (tooMany || most < 0 || chance || !take()) {
            in(refusalMillis * (0.5 + random.nextDouble()), () -> refused(contract, call));
            return;
        }
        inFlightThere++;
        double latency = latencyMillis * (1 - jitter + 2 * jitter * random.nextDouble());
        in(latency, () -> inFlightThere--);
        in(latency + 1 + random.nextDouble(), () -> {
            slots--;
            answered++;
            learnt.answered(call, contract.attempts(), true, now);
            standing.note(contract.getContractId(), contract, call.getAt(), null);
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

    private void refused(Contract contract, SentCall call) {
        slots--;
        refused++;
        boolean alone = standing.isRefusedAlone(contract.attempts());
        LearntLimits.Ended ended = unavailable
                ? learnt.overloaded(call, contract.attempts(), "503", alone, now)
                : learnt.refused(call, new Refusal("429", retryAfter, said), alone, now);
        if (!ended.attempt()) {
            contract.attempts().refused(call.getAt(), ended.alone(), ended.refused());
            in(unavailable ? 500 * random.nextDouble() : 50, () -> waiting.addFirst(contract));
            return;
        }
        contract.attempts().add(0, call.getAt());
        if (contract.attempts().getCount() >= learnt.attempts(4)) {
            dead++;
            return;
        }
        double bound = Math.min(8000, 500 * Math.pow(2, contract.attempts().getCount() - 1));
        in(bound * random.nextDouble(), () -> waiting.addFirst(contract));
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
            double perSecond = Math.min(
                    bearable * 1000 / latencyMillis, Math.min(this.perSecond, rate == 0 ? this.perSecond : rate));
            done += perSecond / 100;
        }
        return millis / 1000;
    }

    public double ratio() {
        return seconds / floor();
    }

    public double refusedPercent() {
        return 100.0 * refused / (refused + answered);
    }

    @Override
    public String toString() {
        return String.format(
                "%6.1f s, floor %6.1f, ratio %.3f, refused %3d (%.1f %%), limit %d, rate %.1f",
                seconds,
                floor(),
                ratio(),
                refused,
                refusedPercent(),
                learnt.limits().concurrency().getKnown(),
                learnt.limits().rate().getKnown());
    }
}
