package contractflow.run.chunk;

import contractflow.api.job.LookupStanding;
import contractflow.contract.Lookup;
import contractflow.failure.Advice;
import contractflow.failure.RunStopped;
import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.InvalidRecord;
import contractflow.failure.api.Unauthorized;
import contractflow.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distinguishes a lookup that fails for one of its records from a call that the API refuses whatever is asked for. The former is made again in
 * parts, until the record is left alone that it fails for; it never makes a dead letter.
 */
public final class LookupVerdict {

    private static final Logger LOG = LoggerFactory.getLogger(LookupVerdict.class);

    /** So many parts of one lookup are not refused in a row for a few records. */
    private static final int NOT_BY_CHANCE = 10;

    /** In so many chunks, there is not by chance a record each that spoils the answer for all. */
    private static final int MANY_CHUNKS = 4;

    /** Named records are taken out one by one so often; then halving is as good, and less deep. */
    private static final int MOST_NAMED = 12;

    private static final Map<String, String> SETTINGS =
            Map.of("netsuite", "netsuite.contracts-per-call", "usage", "usage.customers-per-call");

    /** A lookup was answered. */
    public void answered(@Variable("run") Run run, @Variable("lookup") Lookup lookup) {
        LookupStanding standing = run.lookups(lookup.getApi());
        if (standing.answered()) {
            LOG.info("{} answers for many records in a call again", lookup.getApi());
        }
        int most = lookup.answered();
        if (most > 0 && standing.reduceTo(most)) {
            String api = lookup.getApi();
            LOG.warn(
                    "{} answers {} records in a call and not twice as many: set {}={}",
                    api,
                    most,
                    SETTINGS.get(api),
                    most);
        }
    }

    /** The lookups to make in place of one that has failed; none where its records are asked for one by one, or the run is stopped. */
    public List<Lookup> parts(Exchange exchange, @Variable("run") Run run, @Variable("lookup") Lookup lookup) {
        Throwable failure = WarehouseFault.failure(exchange);
        if (failure instanceof RunStopped) {
            return List.of();
        }
        if (failure instanceof SetupException) {
            run.giveUp(lookup.getApi(), failure.getMessage());
            return List.of();
        }
        if (!(failure instanceof InvalidRecord) && !(failure instanceof Unauthorized)) {
            LOG.debug("{}: {} was not answered: {}", run, lookup, WarehouseFault.message(failure));
            return partsOfFailed(run, lookup, failure);
        }
        LOG.debug("{}: {} was refused: {}", run, lookup, failure.getMessage());
        boolean ever = run.lookups(lookup.getApi()).hasEverAnswered();
        if (failure instanceof Unauthorized refused && (refused.isRepeatable() || !refused.isAboutRecord())) {
            run.giveUp(lookup.getApi(), Advice.about(lookup.getApi(), failure, false));
            return List.of();
        }
        return lookup.getApi().equals("netsuite")
                ? partsOfQuery(run, lookup, failure, ever)
                : partsOfReport(run, lookup, failure);
    }

    /** Whether it is still to be made; its records are asked for one by one where it is not. */
    public boolean isWorthwhile(@Variable("run") Run run, @Body Lookup lookup) {
        return !run.lookups(lookup.getApi()).isSuspended();
    }

    /** A lookup is not answered for its size or one of its records, unless the smallest ones are not answered either. */
    private static List<Lookup> partsOfFailed(Run run, Lookup lookup, Throwable failure) {
        if (lookup.isPart() && !lookup.isSample()) {
            return lookup.halves();
        }
        List<Lookup> parts = new ArrayList<>();
        Lookup sample = lookup.sample();
        if (sample == null) {
            suspend(run, lookup.getApi(), failure);
        } else {
            parts.add(sample);
        }
        if (!lookup.isSample()) {
            parts.addAll(lookup.halves());
        }
        return parts;
    }

    private static void suspend(Run run, String api, Throwable failure) {
        Duration suspension = run.lookups(api).suspend();
        if (!suspension.isZero()) {
            LOG.warn(
                    "{} does not answer for two records in a call, so each is asked for by itself for {} s; with {}=1, it always is: {}",
                    api,
                    suspension.toSeconds(),
                    SETTINGS.get(api),
                    WarehouseFault.message(failure));
        }
    }

    /** A query is refused for what stands in its file, unless a query for nothing is answered. */
    private static List<Lookup> partsOfQuery(Run run, Lookup lookup, Throwable failure, boolean ever) {
        int refusals = lookup.refused();
        if (!ever
                && (lookup.size() == 0
                        || failure instanceof Unauthorized
                        || isAlwaysUnexpected(run, lookup, refusals, failure))) {
            run.giveUp(
                    "netsuite",
                    "netsuite does not answer the query of " + Lookups.QUERY + ": " + failure.getMessage()
                            + "; see what it asks for, and whether the integration's role has the permission SuiteAnalytics"
                            + " Workbook; with netsuite.contracts-per-call=1, no query is made");
            return List.of();
        }
        List<Lookup> parts = new ArrayList<>();
        if (!ever && refusals == 1 && isByApi(failure)) {
            parts.add(lookup.ofNothing());
        }
        parts.addAll(ever || isByApi(failure) ? partsOfFailed(run, lookup, failure) : lookup.halves());
        return parts;
    }

    /** An answer to nothing is no rows, whatever the query; that those of records are not as wanted shows with them only. */
    private static boolean isAlwaysUnexpected(Run run, Lookup lookup, int refusals, Throwable failure) {
        return !isByApi(failure)
                && (run.lookups(lookup.getApi()).countUnexpected(lookup.isPart()) > MANY_CHUNKS
                        || refusals > NOT_BY_CHANCE);
    }

    private static boolean isByApi(Throwable failure) {
        return failure instanceof InvalidRecord refused && refused.getSource() == InvalidRecord.Source.API;
    }

    /** A report is refused for a customer, whom most APIs name, unless none for several customers is answered. */
    private static List<Lookup> partsOfReport(Run run, Lookup lookup, Throwable failure) {
        if (run.lookups("usage").getMost() == 1) {
            return List.of();
        }
        List<String> named = lookup.depth() > MOST_NAMED ? List.of() : named(lookup, failure.getMessage());
        if (named.size() == 1) {
            return lookup.without(named.get(0));
        }
        return partsOfFailed(run, lookup, failure);
    }

    /** The ids of the lookup that a message names. */
    private static List<String> named(Lookup lookup, String message) {
        String said = message.replaceFirst(".* answered \\d+ ?", "");
        return lookup.getIds().stream()
                .filter(said::contains)
                .filter(id -> Pattern.compile("(?<![\\w.-])" + Pattern.quote(id) + "(?![\\w-])")
                        .matcher(said)
                        .find())
                .limit(2)
                .toList();
    }
}
