package contractflow.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archive of loaded classes that the launcher asks for, so that later starts need not load them from the jars. */
final class ClassArchive {

    /** Names the archive that the launcher found missing. Java must run with {@code -XX:+RecordDynamicDumpInfo}. */
    static final String FILE = "contractflow.class-archive";

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private ClassArchive() {}

    /** Writes the archive where the launcher asked for one. A start without an archive is slower, so a failure is only logged. */
    static void write() {
        String file = System.getProperty(FILE);
        if (file == null) {
            return;
        }
        Path part = Path.of(file + "." + ProcessHandle.current().pid());
        // Java ends the process where it cannot create the file.
        if (!Files.isWritable(part.toAbsolutePath().getParent())) {
            return;
        }
        try {
            PrintStream out = System.out;
            try {
                // Java says so on standard output, which is the command's.
                System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "vmCds",
                                new Object[] {new String[] {"dynamic_dump", quoted(part)}},
                                new String[] {String[].class.getName()});
                // In one step, since another process may start at this moment.
                Files.move(part, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                System.setOut(out);
                Files.deleteIfExists(part);
            }
        } catch (JMException | JMRuntimeException | IOException e) {
            LOG.debug("no class archive", e);
        }
    }

    /** As one argument of a diagnostic command, whose arguments end at blanks. */
    private static String quoted(Path file) {
        String quote = file.toString().contains("\"") ? "'" : "\"";
        return quote + file + quote;
    }
}
