package contractflow.page;

import contractflow.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may see the status page, and who may act on it. */
public final class PageAccess {

    /** A token of so many characters is not found by trying, however fast. */
    public static final int SHORTEST_TOKEN = 16;

    /** Not Authorization, which is the header of a proxy in front that asks for a password. */
    public static final String TOKEN_HEADER = "X-ContractFlow-Token";

    private static final Logger LOG = LoggerFactory.getLogger(PageAccess.class);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?");
    private static final Pattern ORIGIN = Pattern.compile("https?://(" + AUTHORITY + ")");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9]{1,3}(?:[.][0-9]{1,3}){3}");
    private static final long TELL_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Set<String> names = new TreeSet<>();
    private String host = "";
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - TELL_AGAIN_NANOS);
    private String token = "";
    private String tokenFile = "";
    private volatile byte[] digest;

    /**
     * @param host that the server listens on
     */
    public void setHost(String host) {
        this.host = host.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * @param list other names of this server, separated by commas; empty where there are none
     */
    public void setNames(String list) {
        for (String name : list.toLowerCase(Locale.ROOT).split(",")) {
            names.add(name.strip());
        }
    }

    /**
     * @param token that a request for an action must have; empty where there is none
     */
    public void setToken(String token) {
        this.token = token;
    }

    /**
     * @param tokenFile the file that has it; empty where there is none
     */
    public void setTokenFile(String tokenFile) {
        this.tokenFile = tokenFile;
    }

    /** Whether there is a token, without which no action is allowed. */
    public boolean mayAct() {
        return digest().length > 0;
    }

    /**
     * Lets in who knows this server by a name of its own. A page of another site whose name was made to lead here is, to a browser,
     * of one origin with us; its name is what differs. An address is no name, and leads nowhere else.
     *
     * @throws HttpError where it is another name
     */
    public void admit(Exchange request) throws HttpError {
        Matcher host = AUTHORITY.matcher(header(request, "Host"));
        if (!host.matches()) {
            throw new HttpError(400, "the request does not say whom it is for");
        }
        if (!isOurs(host.group(1))) {
            throw new HttpError(
                    421,
                    "this server does not know itself by that name; if it is one of its own, add it to server.names");
        }
    }

    /**
     * Lets in who reads data: a browser says whether it is for a page of another site.
     *
     * @throws HttpError where it is, or the server is called by another name
     */
    public void admitToData(Exchange request) throws HttpError {
        admit(request);
        String site = header(request, "Sec-Fetch-Site");
        if (!site.isEmpty() && !site.equals("same-origin") && !site.equals("none")) {
            throw new HttpError(403, "this is not for pages of other sites");
        }
    }

    /**
     * Lets in who knows the token and sends JSON, from a page of ours or from no page at all.
     *
     * @throws HttpError where it is another site
     */
    public void admitToAct(Exchange request) throws HttpError {
        admitToData(request);
        if (!mayAct()) {
            throw new HttpError(403, "this page is read-only: set server.token to act on it");
        }
        if (!isFromOurPage(header(request, "Origin"), header(request, "Host"))) {
            throw new HttpError(403, "this is not for pages of other sites");
        }
        // Parameters of the address are headers to Camel. None is wanted here.
        if (request.getMessage().getHeader(Exchange.HTTP_RAW_QUERY) != null
                || !isJson(header(request, "Content-Type"))) {
            throw new HttpError(415, "send JSON, with Content-Type: application/json and no parameters");
        }
        if (!MessageDigest.isEqual(digest(), digest(header(request, TOKEN_HEADER)))) {
            tellWrongToken();
            throw new HttpError(401, "this is not the token of server.token");
        }
    }

    private boolean isOurs(String called) {
        String name = called.toLowerCase(Locale.ROOT).replaceAll("[.]$", "");
        return ADDRESS.matcher(name).matches()
                || name.matches("(?:.*[.])?localhost")
                || name.equals(host)
                || names.contains(name);
    }

    /** A browser names the page that sends something; what is no browser names none. */
    private boolean isFromOurPage(String origin, String called) {
        if (origin.isEmpty()) {
            return true;
        }
        Matcher page = ORIGIN.matcher(origin);
        return page.matches()
                && (page.group(1).equalsIgnoreCase(called)
                        || names.contains(page.group(2).toLowerCase(Locale.ROOT)));
    }

    private static boolean isJson(String contentType) {
        return contentType.split(";")[0].strip().equalsIgnoreCase("application/json");
    }

    /** To delay a client that tries tokens would block a thread, so it is not done; but it is worth a line a minute. */
    private void tellWrongToken() {
        long last = toldAt.get();
        long now = System.nanoTime();
        if (now - last >= TELL_AGAIN_NANOS && toldAt.compareAndSet(last, now)) {
            LOG.warn("A request to the status page was refused: its token is not server.token");
        }
    }

    private byte[] digest() {
        if (digest == null) {
            String secret = Secret.read("server.token", token, tokenFile).strip();
            digest = secret.isEmpty() ? new byte[0] : digest(secret);
        }
        return digest;
    }

    /** Two of them are compared in a time that shows nothing of either, nor of its length. */
    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * @return empty where there is none
     * @throws HttpError where there are several: a parameter of the address may be among them
     */
    static String header(Exchange request, String name) throws HttpError {
        Object value = request.getMessage().getHeader(name);
        if (value != null && !(value instanceof String)) {
            throw new HttpError(400, name + " must be given once");
        }
        return value == null ? "" : ((String) value).strip();
    }
}
