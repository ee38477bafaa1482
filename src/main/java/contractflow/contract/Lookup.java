package contractflow.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One call that asks an API for many records. It is answered by id. A lookup that fails is made again in parts, and a record that is left
 * alone is no lookup any more: it is asked for by itself, which says what is wrong with it.
 */
public final class Lookup implements CallAttempts.Counted {

    private final String api;
    private final Map<String, List<Contract>> contracts;
    private final Lookup whole;
    private final int sample;
    private final CallAttempts attempts = new CallAttempts();
    private final AtomicInteger answeredHalves = new AtomicInteger();
    private final AtomicInteger refusals;

    /**
     * @param contracts by the id that is asked for, a contract's own or its customer's
     */
    public Lookup(String api, Map<String, List<Contract>> contracts) {
        this(api, contracts, null, 0);
    }

    private Lookup(String api, Map<String, List<Contract>> contracts, Lookup whole, int sample) {
        this.api = api;
        this.contracts = contracts;
        this.whole = whole;
        this.sample = sample;
        this.refusals = whole == null ? new AtomicInteger() : whole.refusals;
    }

    /** A lookup of nothing, by which is seen whether the API refuses the call whatever it asks for. */
    public Lookup ofNothing() {
        return new Lookup(api, Map.of(), this, 0);
    }

    /**
     * The smallest lookup, of two of its ids, by which is seen whether the API answers for more than one record at all. A sample that has
     * failed has another one.
     *
     * @return null after two of them
     */
    public Lookup sample() {
        List<String> ids = List.copyOf(sample == 0 ? getIds() : whole.getIds());
        return switch (sample) {
            case 0 -> part(ids.subList(0, 2), 1);
            case 1 -> whole.part(ids.subList(ids.size() - 2, ids.size()), 2);
            default -> null;
        };
    }

    /** Whether its records are asked for by another lookup as well. */
    public boolean isSample() {
        return sample > 0;
    }

    public String getApi() {
        return api;
    }

    /** What is asked for. */
    public Set<String> getIds() {
        return contracts.keySet();
    }

    /** How many records are asked for. */
    public int size() {
        return contracts.size();
    }

    @Override
    public int records() {
        return size();
    }

    /** Whether it is a part of a lookup that has failed, which is tried once. */
    public boolean isPart() {
        return whole != null;
    }

    /** How many lookups it is a part of. */
    public int depth() {
        return whole == null ? 0 : 1 + whole.depth();
    }

    @Override
    public CallAttempts attempts() {
        return attempts;
    }

    @Override
    public Contract answeredContract() {
        return contracts.values().stream()
                .map(same -> same.get(0))
                .filter(contract -> contract.hasAnswer(api))
                .findFirst()
                .orElse(null);
    }

    /** A contract that is asked for; null in a lookup of nothing. */
    public Contract anyContract() {
        return contracts.isEmpty() ? null : contracts.values().iterator().next().get(0);
    }

    /** The contracts that an answer for the id is for. */
    public List<Contract> contractsOf(String id) {
        return contracts.get(id);
    }

    /** Keeps the answer for an id with each of its contracts. */
    public void answer(String id, JsonNode answer) {
        contracts.get(id).forEach(contract -> contract.keep(api, answer));
    }

    /** Two lookups of half of the ids each; none for a single id. */
    public List<Lookup> halves() {
        List<String> ids = List.copyOf(getIds());
        int half = ids.size() / 2;
        return parts(ids.subList(0, half), ids.subList(half, ids.size()));
    }

    /** A lookup without that id, which is asked for by itself. */
    public List<Lookup> without(String id) {
        List<String> others =
                getIds().stream().filter(other -> !other.equals(id)).toList();
        return parts(others, List.of(id));
    }

    private List<Lookup> parts(Collection<String> some, Collection<String> others) {
        List<Lookup> parts = new ArrayList<>();
        for (Collection<String> ids : List.of(some, others)) {
            if (ids.size() > 1) {
                parts.add(part(ids, 0));
            }
        }
        return parts;
    }

    private Lookup part(Collection<String> ids, int sample) {
        Map<String, List<Contract>> its = new LinkedHashMap<>();
        ids.forEach(id -> its.put(id, contracts.get(id)));
        return new Lookup(api, its, this, sample);
    }

    /**
     * It was answered.
     *
     * @return how many records are answered in one call where more are not, since both halves of a lookup are answered that failed;
     *     0 where that was not learnt
     */
    public int answered() {
        refusals.set(0);
        boolean both =
                whole != null && !contracts.isEmpty() && sample == 0 && whole.answeredHalves.incrementAndGet() == 2;
        return both ? (whole.size() + 1) / 2 : 0;
    }

    /**
     * It was refused.
     *
     * @return how often that happened in a row, its other parts included
     */
    public int refused() {
        return refusals.incrementAndGet();
    }

    @Override
    public String toString() {
        return "a lookup of " + size() + " ids";
    }
}
