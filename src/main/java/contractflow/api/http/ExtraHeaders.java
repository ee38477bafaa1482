package contractflow.api.http;

import contractflow.failure.SetupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/** Headers that an account wants besides those that every call has, as a setting writes them: {@code Name: value | Name: value}. */
public final class ExtraHeaders {

    private static final String EXAMPLE = "headers such as Accept-Language: en-US, with | between two of them";
    private static final Pattern HEADER =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*):\\s*([\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?)");

    /** A header by which a server may know who calls. */
    private static final Pattern CREDENTIALS = Pattern.compile(
            "(?i).*(?:auth|cookie|token|secret|passw|credential|session|signature|jwt|api-?key).*|(?:.*[-_.])?key(?:[-_.].*)?");

    private static final Pattern CREDENTIALS_VALUE = Pattern.compile("(?i)(?:bearer|basic|digest|negotiate) .*");

    /** What the call itself sets, or what would change how it is sent, asked or answered. */
    private static final Pattern OF_THE_CALL = Pattern.compile(
            "(?i)camel.*|proxy-.*|http2-.*|if-.*|(?:.*-)?http-?method.*|.*method-override"
                    + "|host|connection|keep-alive|content-.*|transfer-encoding|te|trailer|upgrade|expect|range|accept|accept-encoding|prefer");

    private ExtraHeaders() {}

    /**
     * @param setting empty for none
     * @throws SetupException where it is not headers, or one of them is not to be set here; without any value
     */
    public static List<Header> parse(String setting) {
        List<Header> headers = new ArrayList<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String part : setting.isBlank() ? new String[0] : setting.split("\\|", -1)) {
            Matcher header = HEADER.matcher(part.strip());
            if (!header.matches()) {
                throw new SetupException("must be " + EXAMPLE);
            }
            String name = header.group(1);
            if (CREDENTIALS.matcher(name).matches()
                    || CREDENTIALS_VALUE.matcher(header.group(2)).matches()) {
                throw new SetupException(
                        "may not have " + name + ": credentials are given by the token and oauth settings alone");
            }
            if (OF_THE_CALL.matcher(name).matches()) {
                throw new SetupException(
                        "may not have " + name + ": the call sets it itself, or would go another way with it");
            }
            if (!names.add(name)) {
                throw new SetupException("has " + name + " twice");
            }
            headers.add(new BasicHeader(name, header.group(2)));
        }
        return headers;
    }
}
