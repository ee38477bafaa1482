package contractflow.failure.api;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What an API said when it refused a call for being one too many.
 *
 * @param answer its status and its code, such as 400 CONCURRENCY_LIMIT_EXCEEDED
 * @param retryAfter how long it asks to wait, or null where it does not say
 * @param limit what the call was too many of, as the API says
 */
public record Refusal(String answer, Duration retryAfter, Limit limit) {

    private static final Pattern CONCURRENCY_CODE = Pattern.compile(".*CONCURREN.*|SSS_REQUEST_LIMIT_EXCEEDED");

    /** NetSuite's services, and those of others, have many codes for the same. */
    private static final Pattern LIMIT_CODE =
            Pattern.compile(CONCURRENCY_CODE + "|.*(REQUEST|RATE)_?LIMIT.*|.*TOO_?MANY_?REQUESTS.*");

    /** Below, X-RateLimit-Reset is a number of seconds from now on; above, an instant in seconds since 1970. */
    private static final long FIRST_INSTANT = 1_000_000_000;

    /** What there may be too many calls of. */
    public enum Limit {
        /** Calls at once. */
        CONCURRENCY,
        /** Calls in a time. */
        RATE,
        /** The API does not say. */
        UNKNOWN,
        /** Requests for tokens, which say nothing of the API itself. */
        TOKENS
    }

    /**
     * @param code of the error; empty where there is none
     * @param headers the answer's, by their names; null where one is missing
     */
    public static Refusal of(int status, String code, UnaryOperator<String> headers, Instant now) {
        boolean usedUp = "0".equals(strip(headers.apply("X-RateLimit-Remaining")));
        String wait = headers.apply("Retry-After");
        Duration retryAfter = wait == null ? null : retryAfter(wait, now);
        if (retryAfter == null && usedUp) {
            retryAfter = untilReset(strip(headers.apply("X-RateLimit-Reset")), now);
        }
        Limit limit = usedUp ? Limit.RATE : isConcurrencyLimit(code) ? Limit.CONCURRENCY : Limit.UNKNOWN;
        return new Refusal((status + " " + code).strip(), retryAfter, limit);
    }

    /**
     * @param value of the header: seconds, or an HTTP date
     * @return not negative; null where the value is neither
     */
    public static Duration retryAfter(String value, Instant now) {
        String text = value.strip();
        Duration wait;
        try {
            wait = Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValueExact());
        } catch (NumberFormatException notANumber) {
            try {
                wait = Duration.between(
                        now,
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            } catch (DateTimeException notADate) {
                return null;
            }
        } catch (ArithmeticException absurd) {
            return null;
        }
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Whether an error of that code is a refusal, whatever its status. */
    public static boolean isOfLimit(String code) {
        return LIMIT_CODE.matcher(code.toUpperCase(Locale.ROOT)).matches();
    }

    private static boolean isConcurrencyLimit(String code) {
        return CONCURRENCY_CODE.matcher(code.toUpperCase(Locale.ROOT)).matches();
    }

    private static Duration untilReset(String reset, Instant now) {
        if (reset == null || !reset.matches("[0-9]{1,12}")) {
            return null;
        }
        long seconds = Long.parseLong(reset);
        Duration wait = seconds < FIRST_INSTANT
                ? Duration.ofSeconds(seconds)
                : Duration.between(now, Instant.ofEpochSecond(seconds));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static String strip(String header) {
        return header == null ? null : header.strip();
    }

    /** The same, by a token endpoint. */
    Refusal ofTokens() {
        return new Refusal(answer, retryAfter, Limit.TOKENS);
    }

    /**
     * How long it asks to wait, in ns; 0 where it does not say.
     *
     * @param longest that is waited
     */
    public long nanos(Duration longest) {
        return namesTime() ? (retryAfter.compareTo(longest) > 0 ? longest : retryAfter).toNanos() : 0;
    }

    /** Whether it names a time. One that is over on our clock is none. */
    public boolean namesTime() {
        return retryAfter != null && !retryAfter.isZero();
    }
}
