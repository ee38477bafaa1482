package contractflow.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was seen of a night, and which of the promises that hold for every night it broke. */
final class Evidence {

    private final RehearsalFeed feed;
    private final Map<String, Outcome> outcomes;
    private final List<String> broken = new ArrayList<>();

    /**
     * @param outcomes by contract
     */
    Evidence(RehearsalFeed feed, Map<String, Outcome> outcomes) {
        this.feed = feed;
        this.outcomes = outcomes;
    }

    /** The promises that were broken, each with what was seen instead. */
    List<String> broken() {
        return broken;
    }

    void expectExitCode(int expected, int seen, String failure) {
        if (seen != expected) {
            broken.add("the exit code is " + expected + ", but it was " + seen
                    + (failure.isEmpty() ? "" : " (" + failure + ")"));
        }
    }

    /** Each contract is loaded or a dead letter, and nothing else is. */
    void expectAllAccountedFor() {
        Collection<String> lost = new TreeSet<>();
        feed.contracts().stream()
                .filter(id -> !outcome(id).isLoaded() && !outcome(id).isDead())
                .forEach(lost::add);
        broken("every contract is accounted for", "neither loaded nor a dead letter", lost);
        Collection<String> strange = new TreeSet<>(outcomes.keySet());
        strange.removeAll(feed.contracts());
        broken("nothing but the feed is loaded", "not in the feed", strange);
    }

    /** The dead letters are those of bad contracts. */
    void expectOnlyBadOnesDead() {
        Collection<String> dead = new TreeSet<>();
        outcomes.forEach((id, outcome) -> {
            if (outcome.letters() > 0 && !feed.bad().contains(id)) {
                dead.add(id + " (" + outcome.reason() + ")");
            }
        });
        broken("only bad contracts are dead letters", "dead although good", dead);
        Collection<String> alive = new TreeSet<>(feed.bad());
        alive.removeIf(id -> outcome(id).letters() > 0);
        broken("each bad contract is a dead letter", "bad and no dead letter", alive);
    }

    /**
     * A fault changes no value.
     *
     * @param clean the outcomes of a clean run
     */
    void expectRowsOf(Map<String, Outcome> clean) {
        Map<String, JsonNode> other = new TreeMap<>();
        outcomes.forEach((id, outcome) -> {
            if (outcome.row() != null
                    && clean.containsKey(id)
                    && !outcome.row().equals(clean.get(id).row())) {
                other.put(id, outcome.row());
            }
        });
        broken("each row is that of a clean run", "loaded with other values", other.keySet());
    }

    void expectAtMost(String promise, int most, int seen, String what) {
        if (seen > most) {
            broken.add(promise + ", but " + seen + " " + what + ", and at most " + most + " are promised");
        }
    }

    private void broken(String promise, String seen, Collection<String> contracts) {
        if (!contracts.isEmpty()) {
            broken.add(promise + ", but " + contracts.size() + (contracts.size() == 1 ? " is " : " are ") + seen
                    + ", such as " + contracts.iterator().next());
        }
    }

    private Outcome outcome(String id) {
        return outcomes.getOrDefault(id, Outcome.NONE);
    }

    Map<String, Outcome> outcomes() {
        return outcomes;
    }

    long loaded() {
        return outcomes.values().stream().filter(Outcome::isLoaded).count();
    }

    long dead() {
        return outcomes.values().stream().filter(Outcome::isDead).count();
    }
}
