package contractflow.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A JDBC URL of PostgreSQL in two parts. Its parameters may be secrets, so they are given to the driver apart from the address,
 * which is all that a message may show.
 *
 * @param address such as {@code jdbc:postgresql://host:5432/name}; it has no user and no password
 * @param parameters by their names, decoded
 */
public record JdbcUrl(String address, Map<String, String> parameters) {

    /** What a setting with such a URL must be. */
    public static final String DESCRIPTION =
            "jdbc:postgresql://host:port/name, or empty, without a user or a password before the host: those are"
                    + " warehouse.username and warehouse.password-file";

    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?])?(?::[0-9]{1,5})?";

    /** A password with / or ? in it must not be taken for the name of a database, so @ is nowhere. */
    private static final Pattern ADDRESS =
            Pattern.compile("jdbc:postgresql:(?://" + HOST + "(?:," + HOST + ")*/)?[^/@?\\s]*");

    /**
     * @throws IllegalArgumentException where it is none; the message does not show it
     */
    public static JdbcUrl parse(String url) {
        int query = url.indexOf('?');
        String address = query < 0 ? url : url.substring(0, query);
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException("must be " + DESCRIPTION);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : (query < 0 ? "" : url.substring(query + 1)).split("&")) {
            String[] pair = parameter.split("=", 2);
            if (!pair[0].isEmpty()) {
                parameters.put(pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        return new JdbcUrl(address, parameters);
    }

    /** The same with more parameters; one that is there already stays. */
    public JdbcUrl with(Properties more) {
        Map<String, String> all = new LinkedHashMap<>();
        more.stringPropertyNames().forEach(name -> all.put(name, more.getProperty(name)));
        all.putAll(parameters);
        return new JdbcUrl(address, all);
    }

    /** How many servers it names. */
    public int hosts() {
        return address.split(",").length;
    }
}
