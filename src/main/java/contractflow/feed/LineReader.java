package contractflow.feed;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a feed into the lines that hold one row each, so that a row that cannot be read costs that row and not the rest. A line
 * of a CSV feed goes on over newlines in quotes; quotes that do not follow RFC 4180 spoil only the line that they open on.
 */
final class LineReader implements Closeable {

    /** Far above any row that was seen; a longer line is a defect of its row, and does not fill the memory. */
    static final int LONGEST_LINE = 1024 * 1024;

    private final InputStream in;
    private final boolean quoted;
    private long lineNumber = 1;

    /** Whether the last line ended with a CR, of which an LF may be the other half. */
    private boolean afterReturn;

    /**
     * @param quoted whether a double quote at the start of a column lets the line go on until it is closed
     */
    LineReader(InputStream in, boolean quoted) {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.quoted = quoted;
    }

    /**
     * @param number where it starts, from 1
     * @param last where it ends, which is a later line where a quoted column has newlines
     * @param text what it says, without its end; characters that are not UTF-8 are replaced
     * @param defect why its text is not to be trusted; null where it is
     */
    record Line(long number, long last, String text, String defect) {}

    /** The next line that is not blank, or null at the end. */
    Line next() throws IOException {
        while (true) {
            skipLineFeed();
            // Also within the file, where it is put together of several.
            skipByteOrderMark();
            long number = lineNumber;
            in.mark(LONGEST_LINE + 2);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            End end = readLogicalLine(bytes);
            long last = end == End.OF_LINE ? lineNumber - 1 : lineNumber;
            if (end == End.SPOILT) {
                return firstOf(
                        new Line(number, last, null, null), "a quote is not closed, or text follows a closed one");
            }
            if (end == End.TOO_LONG) {
                return tooLong(number, bytes);
            }
            if (end == End.OF_FILE && bytes.size() == 0) {
                return null;
            }
            Line line = decode(number, last, bytes.toByteArray(), null);
            if (!line.text.isBlank()) {
                return line;
            }
        }
    }

    /**
     * Goes back, so that the line that was read last ends where its first one does: its quotes are not to be trusted.
     *
     * @param defect why, of which it is said up to where the quotes went
     */
    Line firstOf(Line line, String defect) throws IOException {
        in.reset();
        lineNumber = line.number;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        if (readPhysicalLine(bytes) == End.TOO_LONG) {
            return tooLong(line.number, bytes);
        }
        String lines = line.last > line.number ? " (lines " + line.number + " to " + line.last + ")" : "";
        return decode(line.number, line.number, bytes.toByteArray(), defect + lines);
    }

    private Line tooLong(long number, ByteArrayOutputStream bytes) throws IOException {
        readPhysicalLine(null);
        return new Line(
                number,
                number,
                bytes.toString(StandardCharsets.UTF_8).substring(0, 1000),
                "longer than " + LONGEST_LINE + " bytes");
    }

    private enum End {
        OF_LINE,
        OF_FILE,
        TOO_LONG,
        SPOILT
    }

    private enum State {
        COLUMN_START,
        IN_COLUMN,
        IN_QUOTES,
        AFTER_QUOTES
    }

    private End readLogicalLine(ByteArrayOutputStream bytes) throws IOException {
        State state = State.COLUMN_START;
        int read = 0;
        int before = 0;
        for (int b = in.read(); b >= 0; before = b, b = in.read()) {
            read++;
            boolean endOfLine = b == '\n' || b == '\r';
            if (endOfLine && state != State.IN_QUOTES) {
                finishLine(b);
                return End.OF_LINE;
            }
            if (read > LONGEST_LINE) {
                return quoted && state == State.IN_QUOTES ? End.SPOILT : End.TOO_LONG;
            }
            bytes.write(b);
            if (endOfLine && !(b == '\n' && before == '\r')) {
                lineNumber++;
            }
            if (quoted) {
                if (state == State.AFTER_QUOTES && b != ',' && b != '"') {
                    return End.SPOILT;
                }
                state = after(state, b);
            }
        }
        return state == State.IN_QUOTES ? End.SPOILT : End.OF_FILE;
    }

    private static State after(State state, int b) {
        if (state == State.IN_QUOTES) {
            return b == '"' ? State.AFTER_QUOTES : State.IN_QUOTES;
        }
        if (b == ',') {
            return State.COLUMN_START;
        }
        // After a closing quote a second one is an escaped quote, and the column goes on.
        return b == '"' && state != State.IN_COLUMN ? State.IN_QUOTES : State.IN_COLUMN;
    }

    /** Reads to the next end of a line, whatever quotes it passes; into nowhere where {@code bytes} is null. */
    private End readPhysicalLine(ByteArrayOutputStream bytes) throws IOException {
        int read = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n' || b == '\r') {
                finishLine(b);
                return End.OF_LINE;
            }
            if (bytes != null) {
                if (++read > LONGEST_LINE) {
                    return End.TOO_LONG;
                }
                bytes.write(b);
            }
        }
        return End.OF_FILE;
    }

    private void finishLine(int b) {
        lineNumber++;
        // Looking for the LF now would lose the mark that firstOf goes back to.
        afterReturn = b == '\r';
    }

    private void skipLineFeed() throws IOException {
        if (afterReturn) {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
            afterReturn = false;
        }
    }

    private static Line decode(long number, long last, byte[] bytes, String defect) {
        try {
            return new Line(
                    number,
                    last,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString(),
                    defect);
        } catch (CharacterCodingException e) {
            return new Line(number, last, new String(bytes, StandardCharsets.UTF_8), "not UTF-8");
        }
    }

    private void skipByteOrderMark() throws IOException {
        in.mark(3);
        if (in.read() != 0xef || in.read() != 0xbb || in.read() != 0xbf) {
            in.reset();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
