package contractflow.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What became of a contract, by the tables.
 *
 * @param outcome in the ledger; null where it has none
 * @param letters that are open
 * @param reason of one of them; null where there is none
 * @param row null where there is none
 */
record Outcome(String outcome, long letters, String reason, JsonNode row) {

    static final Outcome NONE = new Outcome(null, 0, null, null);

    boolean isLoaded() {
        return ("loaded".equals(outcome) || "unchanged".equals(outcome)) && letters == 0 && row != null;
    }

    boolean isDead() {
        return "dead".equals(outcome) && letters == 1;
    }
}
