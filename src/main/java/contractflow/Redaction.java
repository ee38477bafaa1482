package contractflow;

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

    /** Something shorter would be found by chance. */
    private static final int SHORTEST = 8;

    /** Those of proxies, which go with every call. */
    private final Set<Pattern> always = new LinkedHashSet<>();

    /** Call after call shows the same token. */
    private volatile Shown last = new Shown(null, Set.of());

    private record Shown(String authorization, Set<Pattern> secrets) {}

    /**
     * @param always what must not come back, whatever the request shows
     */
    Redaction(Set<String> always) {
        always.forEach(secret -> add(this.always, secret));
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        Set<Pattern> secrets = secrets(request);
        if (secrets.isEmpty()) {
            return response;
        }
        Header[] headers = response.getHeaders();
        for (int i = 0; i < headers.length; i++) {
            String value = headers[i].getValue();
            String redacted = without(secrets, value);
            if (redacted != value) {
                headers[i] = new BasicHeader(headers[i].getName(), redacted);
            }
        }
        response.setHeaders(headers);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            String body = new String(EntityUtils.toByteArray(entity), StandardCharsets.ISO_8859_1);
            String redacted = without(secrets, body);
            if (redacted != body) {
                byte[] bytes = redacted.getBytes(StandardCharsets.ISO_8859_1);
                response.setEntity(new ByteArrayEntity(bytes, ContentType.parseLenient(entity.getContentType())));
            }
        }
        return response;
    }

    private Set<Pattern> secrets(ClassicHttpRequest request) throws IOException, HttpException {
        Header header = request.getFirstHeader(HttpHeaders.AUTHORIZATION);
        String authorization = header == null ? "" : header.getValue();
        Shown shown = last;
        if (!authorization.equals(shown.authorization)) {
            Set<Pattern> secrets = secrets(authorization);
            secrets.addAll(always);
            shown = new Shown(authorization, secrets);
            last = shown;
        }
        HttpEntity form = request.getEntity();
        if (form == null || !form.isRepeatable()) {
            return shown.secrets;
        }
        Set<Pattern> secrets = new LinkedHashSet<>(shown.secrets);
        Matcher assertion = ASSERTION.matcher(EntityUtils.toString(form));
        if (assertion.find()) {
            add(secrets, assertion.group(1));
        }
        return secrets;
    }

    /** What must not come back. */
    private static Set<Pattern> secrets(String authorization) {
        Set<Pattern> secrets = new LinkedHashSet<>();
        String shown = authorization.substring(authorization.indexOf(' ') + 1);
        add(secrets, shown);
        if (authorization.startsWith("Basic ")) {
            String pair = new String(Base64.getDecoder().decode(shown), StandardCharsets.UTF_8);
            String password = pair.substring(pair.indexOf(':') + 1);
            add(secrets, password);
            add(secrets, URLDecoder.decode(password, StandardCharsets.UTF_8));
        }
        return secrets;
    }

    private static void add(Set<Pattern> secrets, String secret) {
        if (secret.length() >= SHORTEST) {
            secrets.add(Pattern.compile(secret.chars().mapToObj(Redaction::written).collect(Collectors.joining())));
        }
    }

    /** A character in each way that a text, JSON or a form may write it. */
    private static String written(int c) {
        String plain = Pattern.quote(String.valueOf((char) c));
        String json = String.format("\\\\u(?i:%04x)", c) + (c == '/' ? "|\\\\/" : "");
        String form = Pattern.quote(URLEncoder.encode(String.valueOf((char) c), StandardCharsets.UTF_8));
        return "(?:" + plain + "|" + json + "|(?i:" + form + ")" + String.format("|%%(?i:%02x)", c & 0xff) + ")";
    }

    /** The same text where there is nothing to take out. */
    private static String without(Set<Pattern> secrets, String text) {
        String redacted = text;
        for (Pattern secret : secrets) {
            Matcher found = secret.matcher(redacted);
            redacted = found.find() ? found.replaceAll(INSTEAD) : redacted;
        }
        return redacted;
    }
}
