package contractflow.rehearsal;

/** What a simulated API does to calls. The routes of the rehearsal answer by these names. */
public enum Fault {
    /** Each call is answered. */
    NONE,
    /** Each call gets a gateway's page, 503. */
    OUTAGE,
    /** Each call is refused with 429, and asked to come again in a second. */
    REFUSALS,
    /** A call is refused with 429 where {@link RehearsedApi#BORNE} others are in flight. */
    LOWER_LIMIT
}
