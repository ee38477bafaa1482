package contractflow.config;

import contractflow.failure.SetupException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A secret of the settings: the value of a key, or what is in the file that the key with {@code -file} at its end names. */
public final class Secret {

    private Secret() {}

    /**
     * @param key whose value it is
     * @param value empty where there is none
     * @param file its path; empty where there is none
     * @return empty where neither is given
     * @throws SetupException where both are given, or the file has no secret
     */
    public static String read(String key, String value, String file) {
        if (file.isBlank()) {
            return value;
        }
        String fileKey = key + "-file";
        if (!value.isBlank()) {
            throw new SetupException(key + " and " + fileKey + " are both set: keep one of them");
        }
        // What names no file may be a secret that went to the wrong key, so it is not shown.
        try {
            String secret = withoutLineEnd(Files.readString(Path.of(file.strip())));
            if (secret.isBlank()) {
                throw new SetupException(fileKey + ": the file is empty");
            }
            return secret;
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new SetupException(fileKey + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new SetupException(fileKey + ": this process may not read the file", e);
        } catch (IOException e) {
            throw new SetupException(fileKey + ": the file cannot be read as a text", e);
        }
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }
}
