package contractflow.api.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import contractflow.config.RouteCalls;
import contractflow.config.Secret;
import contractflow.config.SettingNames;
import contractflow.failure.SetupException;
import contractflow.failure.WarehouseFault;
import contractflow.failure.api.ApiException;
import contractflow.failure.api.RateLimited;
import contractflow.failure.api.ServiceUnavailable;
import contractflow.failure.api.TokenUnavailable;
import contractflow.failure.api.Unauthorized;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.BeanInject;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an API is shown with every call: the token of the settings, or one that a route fetches. There is one at a time for the
 * whole process. It is replaced ahead of its end while it goes on being used, and at once when the API has refused it; however
 * many callers need a new one, one of them fetches it.
 */
public final class Credentials {

    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    /** How long a renewal that has failed waits for the next try, while the old token is still good. */
    private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(20);

    @BeanInject(RouteCalls.NAME)
    private RouteCalls routes;

    private final AtomicReference<CompletableFuture<AccessToken>> fetching = new AtomicReference<>();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private Clock clock = Clock.systemUTC();
    private String api;
    private String token = "";
    private String tokenFile = "";
    private String route;
    private final EndpointDoubt doubt = new EndpointDoubt();
    private volatile AccessToken held;
    private volatile long nextRenewal = Long.MIN_VALUE;

    /**
     * @param api the name of the API
     */
    public void setApi(String api) {
        this.api = api;
    }

    /**
     * @param token a static token; empty where there is none
     */
    public void setToken(String token) {
        this.token = token;
    }

    /**
     * @param tokenFile the file of a static token; empty where there is none
     */
    public void setTokenFile(String tokenFile) {
        this.tokenFile = tokenFile;
    }

    /**
     * @param route that fetches a token, where there is no static one; null where there always is
     */
    public void setRoute(String route) {
        this.route = route;
    }

    void setClock(Clock clock) {
        this.clock = clock;
    }

    /**
     * The value of the header {@code Authorization} for one call.
     *
     * @throws Unauthorized where no token is given to us
     * @throws TokenUnavailable where none can be had at present
     */
    public String authorization(Exchange exchange) throws InterruptedException {
        AccessToken current = current();
        exchange.setProperty(AccessToken.SHOWN, current);
        return current.authorization();
    }

    private AccessToken current() throws InterruptedException {
        AccessToken current = held;
        long now = clock.millis();
        if (current == null || !current.isUsable(now)) {
            return replace(current);
        }
        if (current.isDue(now) && now >= nextRenewal && renewing.compareAndSet(false, true)) {
            Thread renewal = new Thread(() -> renew(current), "renew-" + api + "-token");
            renewal.setDaemon(true);
            renewal.start();
        }
        return current;
    }

    /**
     * Gets a token, where there is none yet.
     *
     * @return in words where it is from
     * @throws ApiException where none is given to us, or none can be had at present
     */
    public String obtain() throws InterruptedException {
        return current().isLasting() ? "the static token of the settings" : "a token was given";
    }

    /**
     * Makes sure of a token before there is work to do.
     *
     * @throws Unauthorized where no token is given to us
     */
    public void signIn() throws InterruptedException {
        try {
            current();
        } catch (TokenUnavailable | RateLimited e) {
            LOG.warn("{} gives out no token yet, a run will wait for it: {}", api, e.getMessage());
        }
    }

    private void renew(AccessToken old) {
        try {
            replace(old);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            nextRenewal = clock.millis() + BETWEEN_RENEWALS.toMillis();
            LOG.warn("{} gives out no new token, the old one serves until its end: {}", api, e.getMessage());
        } finally {
            renewing.set(false);
        }
    }

    /** Another token than that one: fetched by this caller, or by the one that came first. */
    AccessToken replace(AccessToken old) throws InterruptedException {
        CompletableFuture<AccessToken> mine = new CompletableFuture<>();
        CompletableFuture<AccessToken> others = fetching.compareAndExchange(null, mine);
        if (others != null) {
            return await(others);
        }
        try {
            if (held == old) {
                held = fetch();
            }
            mine.complete(held);
            return held;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            // No caller waits for ever, whatever has ended this.
            mine.completeExceptionally(new TokenUnavailable("the request for a token was broken off"));
            fetching.set(null);
        }
    }

    private static AccessToken await(CompletableFuture<AccessToken> fetched) throws InterruptedException {
        try {
            return fetched.get();
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private AccessToken fetch() {
        try {
            String given = Secret.read(api + ".token", token, tokenFile).strip();
            if (given.isEmpty() && route == null) {
                throw new SetupException(SettingNames.missing(api + ".token"));
            }
            return given.isEmpty() ? ask() : AccessToken.lasting(given);
        } catch (SetupException e) {
            throw new Unauthorized(e.getMessage());
        } catch (ServiceUnavailable e) {
            throw doubt.failed(e, api + ".oauth.token-url");
        }
    }

    private AccessToken ask() {
        TokenUnavailable tooSoon = doubt.tooSoon();
        if (tooSoon != null) {
            throw tooSoon;
        }
        long asked = clock.millis();
        String endpoint = api + "'s token endpoint";
        Exchange answer = routes.request(route, exchange -> exchange.setVariable("stage", endpoint));
        Exception failure = answer.getException();
        if (failure instanceof RateLimited refused) {
            throw refused.ofTokens();
        }
        if (failure instanceof ApiException || failure instanceof SetupException) {
            throw (RuntimeException) failure;
        }
        if (failure != null) {
            throw new TokenUnavailable(endpoint + ": " + WarehouseFault.message(failure));
        }
        AccessToken given = AccessToken.of(answer.getMessage().getBody(JsonNode.class), asked);
        doubt.given();
        LOG.debug("{} has given out an access token", api);
        return given;
    }
}
