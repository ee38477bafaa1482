package contractflow.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text of the documentation that a test does as it says: each block of code after a paragraph that ends with the name of a file is
 * that file's, or as a diff a change of it.
 */
public final class Guide {

    private static final Pattern BLOCK = Pattern.compile("`([\\w./-]+)`:\n\n```(\\w+)\n(.*?)```", Pattern.DOTALL);

    private final String text;

    private Guide(String text) {
        this.text = text;
    }

    /** What stands below a heading, until the next one of its kind. */
    public static Guide section(String file, String heading) throws IOException {
        String document = Files.readString(Path.of(file));
        int from = document.indexOf("\n" + heading + "\n");
        assertThat(from).as(heading).isNotNegative();
        int to = document.indexOf("\n" + heading.replaceFirst(" .*", " "), from + heading.length());
        return new Guide(document.substring(from, to < 0 ? document.length() : to));
    }

    /**
     * Does what the text says.
     *
     * @return the files that it has made or changed
     */
    public List<Path> followIn(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            Path file = folder.resolve(block.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    block.group(2).equals("diff") ? patched(Files.readString(file), block.group(3)) : block.group(3));
            files.add(file);
        }
        return files;
    }

    /** Each piece of the diff is a line that is there once, and what comes after it. */
    private static String patched(String text, String diff) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (String piece : diff.split("@@\n")) {
            List<String> changed = piece.lines().toList();
            String line = changed.get(0).substring(1);
            assertThat(lines).filteredOn(line::equals).as(line).hasSize(1);
            assertThat(changed.subList(1, changed.size())).isNotEmpty().allMatch(added -> added.startsWith("+"));
            lines.addAll(
                    lines.indexOf(line) + 1,
                    changed.stream().skip(1).map(added -> added.substring(1)).toList());
        }
        return String.join("\n", lines) + "\n";
    }

    /** Copies a file or a folder of the product, as a user does who wants to change it. */
    public static void copy(String name, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(name))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.createDirectories(folder.resolve(file).getParent());
                Files.copy(file, folder.resolve(file));
            }
        }
    }
}
