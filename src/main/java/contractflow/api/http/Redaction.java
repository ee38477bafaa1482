package contractflow.api.http;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Takes what a server was shown as credentials out of what it answers, so that an echo of it gets into no log, no dead letter and no
 * column.
 */
final class Redaction implements ExecChainHandler {

    private static final Pattern ASSERTION = Pattern.compile("client_assertion=([^&]+)");
    private static final String INSTEAD = "***";

    /** Something shorter would be found by chance: it is looked for as a whole word, and not in what a good answer says of a record. */
    private static final int SHORTEST = 8;

    /** A number of so few digits is a status, a count or a code in each error. */
    private static final Pattern COMMON = Pattern.compile("[0-9]{0,3}");

    private static final Pattern JSON = Pattern.compile("\\s*[{\\[]");

    /** Those of proxies, which go with every call. */
    private final Set<String> always;

    /** Call after call shows the same token. */
    private volatile Shown last = new Shown(null, new Secrets());

    private record Shown(String authorization, Secrets secrets) {}

    /**
     * A secret in each way that it may be written.
     *
     * @param plain as it is shown
     */
    private record Secret(String plain, Pattern pattern) {

        /** Whether it may stand in a text; looking for it in each way takes long in a large one. */
        private boolean mayBeIn(String text, boolean hasEscapes) {
            return hasEscapes || plain.indexOf(' ') >= 0 || text.contains(plain);
        }
    }

    /**
     * What must not come back.
     *
     * @param anywhere in any answer
     * @param words in an answer that is no record: there, a short secret may be what a record has by chance
     */
    private record Secrets(Set<Secret> anywhere, Set<Secret> words) {

        Secrets() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }

        Secrets(Secrets others) {
            this(new LinkedHashSet<>(others.anywhere), new LinkedHashSet<>(others.words));
        }

        void add(String secret) {
            if (secret.length() >= SHORTEST) {
                anywhere.add(new Secret(secret, Pattern.compile(written(secret))));
            } else if (!COMMON.matcher(secret).matches()) {
                words.add(new Secret(secret, asWord(secret)));
            }
        }

        /** What a header shows after its scheme. */
        void addShown(String secret) {
            add(secret);
            if (!secret.isEmpty() && secret.length() < SHORTEST) {
                anywhere.add(
                        new Secret(secret, Pattern.compile("(?<=\\b(?i:bearer|basic)[ +]{1,9})" + asWord(secret))));
            }
        }

        private static Pattern asWord(String secret) {
            return Pattern.compile("(?<![A-Za-z0-9])" + written(secret) + "(?![A-Za-z0-9])");
        }

        private static String written(String secret) {
            return secret.chars().mapToObj(Redaction::written).collect(Collectors.joining());
        }
    }

    /**
     * @param always what must not come back, whatever the request shows
     */
    Redaction(Set<String> always) {
        this.always = Set.copyOf(always);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        Secrets secrets = secrets(request);
        if (secrets.anywhere.isEmpty() && secrets.words.isEmpty()) {
            return response;
        }
        Header[] headers = response.getHeaders();
        for (int i = 0; i < headers.length; i++) {
            String value = headers[i].getValue();
            String redacted = without(secrets, value, false);
            if (!redacted.equals(value)) {
                headers[i] = new BasicHeader(headers[i].getName(), redacted);
            }
        }
        response.setHeaders(headers);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            String body = new String(EntityUtils.toByteArray(entity), StandardCharsets.ISO_8859_1);
            String redacted = without(
                    secrets,
                    body,
                    response.getCode() == HttpStatus.SC_OK && JSON.matcher(body).lookingAt());
            if (!redacted.equals(body) || !entity.isRepeatable()) {
                byte[] bytes = redacted.getBytes(StandardCharsets.ISO_8859_1);
                response.setEntity(new ByteArrayEntity(bytes, ContentType.parseLenient(entity.getContentType())));
            }
        }
        return response;
    }

    private Secrets secrets(ClassicHttpRequest request) throws IOException, HttpException {
        Header header = request.getFirstHeader(HttpHeaders.AUTHORIZATION);
        String authorization = header == null ? "" : header.getValue();
        Shown shown = last;
        if (!authorization.equals(shown.authorization)) {
            Secrets secrets = secrets(authorization);
            always.forEach(secrets::add);
            shown = new Shown(authorization, secrets);
            last = shown;
        }
        HttpEntity form = request.getEntity();
        if (form == null || !form.isRepeatable()) {
            return shown.secrets;
        }
        Secrets secrets = new Secrets(shown.secrets);
        Matcher assertion = ASSERTION.matcher(EntityUtils.toString(form));
        if (assertion.find()) {
            secrets.add(assertion.group(1));
        }
        return secrets;
    }

    private static Secrets secrets(String authorization) {
        Secrets secrets = new Secrets();
        String shown = authorization.substring(authorization.indexOf(' ') + 1);
        secrets.addShown(shown);
        if (authorization.startsWith("Basic ")) {
            String pair = new String(Base64.getDecoder().decode(shown), StandardCharsets.UTF_8);
            String password = pair.substring(pair.indexOf(':') + 1);
            secrets.add(password);
            secrets.add(URLDecoder.decode(password, StandardCharsets.UTF_8));
        }
        return secrets;
    }

    /** A character in each way that a text, JSON or a form may write it. */
    private static String written(int c) {
        String plain = Pattern.quote(String.valueOf((char) c));
        String json = String.format("\\\\u(?i:%04x)", c) + (c == '/' ? "|\\\\/" : "");
        String form = Pattern.quote(URLEncoder.encode(String.valueOf((char) c), StandardCharsets.UTF_8));
        return "(?:" + plain + "|" + json + "|(?i:" + form + ")" + String.format("|%%(?i:%02x)", c & 0xff) + ")";
    }

    /** The same text where there is nothing to take out. */
    private static String without(Secrets secrets, String text, boolean isRecord) {
        String redacted = without(secrets.anywhere, text);
        return isRecord ? redacted : without(secrets.words, redacted);
    }

    private static String without(Set<Secret> secrets, String text) {
        boolean hasEscapes = text.indexOf('%') >= 0 || text.indexOf('\\') >= 0;
        String redacted = text;
        for (Secret secret : secrets) {
            if (secret.mayBeIn(text, hasEscapes)) {
                Matcher found = secret.pattern.matcher(redacted);
                redacted = found.find() ? found.replaceAll(INSTEAD) : redacted;
            }
        }
        return redacted;
    }
}
