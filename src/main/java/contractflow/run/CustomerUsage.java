package contractflow.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Caffeine;
import contractflow.contract.Chunk;
import contractflow.contract.Contract;
import contractflow.contract.DeadLetter;
import contractflow.failure.RunStopped;
import contractflow.failure.api.InvalidRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/**
 * The usage of customers, asked for once a run however many of their contracts are in flight: the first contract of a customer asks,
 * as often as it takes, the others wait for what comes of it, be it an answer or a failure. The contracts of a customer come close
 * together, so that few customers need be remembered.
 */
public final class CustomerUsage {

    /** The contracts of a customer are mixed with others, but hardly ever with so many. */
    private static final int MOST_CUSTOMERS = 10_000;

    /** Those used least are forgotten; a question that others may wait for is not, as it weighs nothing. */
    private final ConcurrentMap<Customer, Question> customers = Caffeine.newBuilder()
            .maximumWeight(MOST_CUSTOMERS)
            .weigher((Customer customer, Question question) -> question.isDone() ? 1 : 0)
            .executor(Runnable::run)
            .build()
            .asMap();

    private record Customer(long run, String id) {}

    /**
     * @param usage null where the customer is at fault, as the dead letter of the contract that has asked says
     */
    private record Outcome(JsonNode usage, DeadLetter letter) {}

    /** The outcome is unknown where it is null: the contract that asked is still pending. */
    private static final class Question extends CompletableFuture<Outcome> {

        /** Null once the question is settled: a contract has its record with it, which need not be remembered. */
        private volatile Contract asker;

        Question(Contract asker) {
            this.asker = asker;
        }

        boolean isAskedBy(Contract contract) {
            return asker == contract && !isDone();
        }

        void settle(Outcome outcome) {
            complete(outcome);
            asker = null;
        }

        /** What the customer's dead letter says where the API has failed, which may be over by now; else null. */
        DeadLetter failure() {
            Outcome outcome = getNow(null);
            return outcome != null && outcome.letter != null && outcome.letter.isExhausted() ? outcome.letter : null;
        }

        Outcome outcome() throws InterruptedException {
            try {
                return get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a question is never answered by a failure", e);
            }
        }
    }

    /**
     * What the usage API has said of the contract's customer; waits while another contract asks.
     *
     * @return null for the contract that is to ask, now or once more
     * @throws InvalidRecord where another contract of the customer has asked in vain
     * @throws RunStopped where the contract that asked is pending, and so is this one
     */
    public JsonNode known(@Variable("run") Run run, @Variable("contract") Contract contract)
            throws InterruptedException {
        while (true) {
            Question question = question(run, contract);
            if (question.isAskedBy(contract)) {
                return null;
            }
            Outcome outcome = question.outcome();
            if (outcome != null && outcome.usage != null) {
                return outcome.usage;
            }
            if (outcome != null) {
                contract.attempts().share(outcome.letter.attempts());
                throw new InvalidRecord(outcome.letter.reason(), outcome.letter.error());
            }
            if (run.isStopped()) {
                throw new RunStopped(run.getStopReason());
            }
        }
    }

    /**
     * The customers of a chunk's contracts of whom nothing is known, each with its contracts, now asked for by the caller until
     * {@link #release}. What is known already is kept with the contracts. A contract that NetSuite has not answered needs no usage yet.
     */
    public Map<String, List<Contract>> claim(@Variable("run") Run run, @Variable("chunk") Chunk chunk) {
        Map<String, List<Contract>> byCustomer = chunk.contracts().stream()
                .filter(contract -> contract.hasAnswer("netsuite"))
                .collect(Collectors.groupingBy(Contract::getCustomerId, LinkedHashMap::new, Collectors.toList()));
        byCustomer.values().removeIf(its -> {
            Question question = question(run, its.get(0));
            Outcome outcome = question.getNow(null);
            if (outcome != null && outcome.usage != null) {
                its.forEach(contract -> contract.keep("usage", outcome.usage));
            }
            return !question.isAskedBy(its.get(0));
        });
        return byCustomer;
    }

    /** What was answered for the customers of a chunk is known from now on; the others are asked for no more. */
    public void release(@Variable("run") Run run, @Variable("chunk") Chunk chunk) {
        chunk.contracts().forEach(contract -> {
            JsonNode usage = contract.getAnswers().get("usage");
            settle(run, contract, usage == null ? null : new Outcome(usage, null));
        });
    }

    /** The API has answered. */
    public void answered(@Variable("run") Run run, @Variable("contract") Contract contract, @Body JsonNode usage) {
        settle(run, contract, new Outcome(usage, null));
    }

    /**
     * The contract is settled.
     *
     * @param letter its dead letter, or null
     */
    public void settled(
            @Variable("run") Run run,
            @Variable("contract") Contract contract,
            @Variable("deadLetter") DeadLetter letter) {
        settle(run, contract, letter == null ? null : new Outcome(null, letter));
    }

    private Question question(Run run, Contract contract) {
        return customers.compute(customer(run, contract), (customer, asked) -> {
            DeadLetter failure = asked == null ? null : asked.failure();
            if (failure != null) {
                // A later contract has one attempt, or each of a customer that hangs would wait for as many as the
                // first.
                contract.attempts().share(failure.attempts() - 1);
            }
            return asked == null || failure != null ? new Question(contract) : asked;
        });
    }

    private void settle(Run run, Contract contract, Outcome outcome) {
        customers.computeIfPresent(customer(run, contract), (customer, question) -> {
            if (!question.isAskedBy(contract)) {
                return question;
            }
            question.settle(outcome);
            return outcome == null ? null : question;
        });
    }

    private static Customer customer(Run run, Contract contract) {
        return new Customer(run.getId(), contract.getCustomerId());
    }
}
