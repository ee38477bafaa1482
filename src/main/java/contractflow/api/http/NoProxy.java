package contractflow.api.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts of the environment's {@code NO_PROXY}, which are called directly: names with everything below them, IP addresses, networks
 * in CIDR notation, each of them with a port or without, or {@code *} for all. No name is resolved to compare it.
 */
final class NoProxy {

    private static final Pattern PORT = Pattern.compile("(?:\\[(.*)]|([^:]*)):(\\d{1,5})");
    private static final Pattern NETWORK = Pattern.compile("(.+)/(\\d{1,3})");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<String> entries;

    /**
     * @param value of the variable, with commas or blanks between the entries; empty for none
     */
    NoProxy(String value) {
        entries = Stream.of(value.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** Whether no host at all is called through a proxy. */
    boolean isForAll() {
        return entries.contains("*");
    }

    boolean contains(String host, int port) {
        String name = bare(host);
        return isForAll() || entries.stream().anyMatch(entry -> matches(entry, name, port));
    }

    private static boolean matches(String entry, String host, int port) {
        Matcher withPort = PORT.matcher(entry);
        if (withPort.matches()) {
            String name = withPort.group(1) == null ? withPort.group(2) : withPort.group(1);
            return Integer.parseInt(withPort.group(3)) == port && matches(name, host);
        }
        return matches(entry, host);
    }

    private static boolean matches(String entry, String host) {
        Matcher network = NETWORK.matcher(entry);
        if (network.matches()) {
            return isIn(bare(network.group(1)), Integer.parseInt(network.group(2)), host);
        }
        String name = bare(entry);
        if (ADDRESS.matcher(name).matches() || ADDRESS.matcher(host).matches()) {
            return isIn(name, Integer.MAX_VALUE, host);
        }
        String domain = name.replaceFirst("^\\*?\\.+", "");
        return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }

    /** Lower case, without the brackets of an IPv6 address and the dot at the end of a full name. */
    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
    }

    private static boolean isIn(String network, int bits, String host) {
        byte[] one = address(network);
        byte[] other = address(host);
        if (one.length == 0 || one.length != other.length) {
            return false;
        }
        int length = one.length * Byte.SIZE;
        int shift = length - Math.min(bits, length);
        return new BigInteger(1, one).shiftRight(shift).equals(new BigInteger(1, other).shiftRight(shift));
    }

    /** The bytes of an IP address; none where the text is a name. */
    private static byte[] address(String text) {
        try {
            return ADDRESS.matcher(text).matches() ? InetAddress.getByName(text).getAddress() : new byte[0];
        } catch (UnknownHostException notAnAddress) {
            return new byte[0];
        }
    }
}
