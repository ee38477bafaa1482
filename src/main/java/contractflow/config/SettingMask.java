package contractflow.config;

import java.util.regex.Pattern;

/** Takes secrets out of the value of a setting, so that it can be shown. */
public final class SettingMask {

    public static final String MASK = "****";

    private static final String SECRET =
            "passw|passphrase|pwd|secret|token|credential|api-?key|private-?key|auth|signature";

    /** Names of settings of a user's own; what ends so is no secret itself, but says where one is. */
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)(?!.*-(?:file|url|uri|id)$)(?:.*(?:" + SECRET + ").*|.*[.-](?:key|pass))");

    /** Up to the last @, since a password may have one in it. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=[A-Za-z0-9]:)(//)?[^\\s]*@");

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)([?&;][^=&;]*(?:" + SECRET + "|key|user|sig)[^=&;]*=)[^&]*");
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i)\\b(bearer|basic|digest)\\s+\\S+");

    private SettingMask() {}

    /** A value of the product's own, whose secrets are known. */
    public static String of(SettingsReference.Setting setting, String value) {
        return setting.secret() ? all(value) : partly(value);
    }

    /** A value of a setting that only its name says something about. */
    public static String of(String key, String value) {
        return SECRET_NAME.matcher(key).matches() ? all(value) : partly(value);
    }

    public static String all(String value) {
        return value.isEmpty() ? "" : MASK;
    }

    private static String partly(String value) {
        String masked = USER_INFO.matcher(value).replaceAll("$1" + MASK + "@");
        masked = PARAMETER.matcher(masked).replaceAll("$1" + MASK);
        return AUTHORIZATION.matcher(masked).replaceAll("$1 " + MASK);
    }
}
