package contractflow.report;

import contractflow.failure.SetupException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Where a command prints its result. A reader that closes the pipe is no error; a full disk is. */
public final class StandardOutput extends FilterOutputStream {

    private IOException failure;

    private StandardOutput(OutputStream out) {
        super(out);
    }

    /** Something that prints. */
    public interface Printing {
        void to(PrintStream out) throws Exception;
    }

    /** Prints for a person, in the encoding of the machine. */
    public static void print(Printing printing) throws Exception {
        print(printing, Charset.defaultCharset());
    }

    /** Prints JSON or HTML, which are in UTF-8 whatever the terminal speaks. */
    public static void printData(Printing printing) throws Exception {
        print(printing, StandardCharsets.UTF_8);
    }

    /**
     * @throws SetupException where not all of it could be written, such as to a disk that is full
     */
    private static void print(Printing printing, Charset charset) throws Exception {
        StandardOutput sink = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(sink, true, charset);
        printing.to(out);
        out.flush();
        if (sink.failure != null && !"Broken pipe".equals(sink.failure.getMessage())) {
            throw new SetupException(
                    "standard output cannot be written to: " + sink.failure.getMessage(), sink.failure);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
