package contractflow.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import contractflow.contract.Json;
import contractflow.failure.FeedChanged;
import contractflow.failure.FeedUnreadable;
import contractflow.feed.Feed.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of a feed comes out once, with its ids and its line; a row that cannot be read costs that row alone. */
class FeedReaderTest {

    private static final String HEADER = "contract_id,customer_id\n";
    private static final String NOTES = "contract_id,customer_id,note\n";
    private static final String SWALLOWED =
            "a quote that is not closed where it should be goes on over lines that look like rows";
    private static final String MIB = "x".repeat(1024 * 1024);

    @TempDir
    private Path folder;

    static Stream<Arguments> csv() {
        return Stream.of(
                arguments("columns in any order", "customer_id,contract_id\n1,A\n", List.of("2 A 1")),
                arguments("names in capitals, with blanks", " Contract_ID ,CUSTOMER_ID\nA,1\n", List.of("2 A 1")),
                arguments("no newline at the end", HEADER + "A,1\nB,2", List.of("2 A 1", "3 B 2")),
                arguments("CRLF", "contract_id,customer_id\r\nA,1\r\nB,2\r\n", List.of("2 A 1", "3 B 2")),
                arguments("CR", "contract_id,customer_id\rA,1\rB,2\r", List.of("2 A 1", "3 B 2")),
                arguments("byte order mark", "\uFEFF" + HEADER + "A,1\n", List.of("2 A 1")),
                arguments("blank lines", "\n" + HEADER + "\nA,1\n \n\nB,2\n\n", List.of("4 A 1", "7 B 2")),
                arguments("quotes", HEADER + "\"A,a\",\"1\"\n", List.of("2 A,a 1")),
                arguments("escaped quotes", HEADER + "\"\"\"A\"\"\",1\"\"\n", List.of("2 \"A\" 1\"\"")),
                arguments("newline in quotes", NOTES + "A,1,\"a\nb\"\nB,2,\n", List.of("2 A 1", "4 B 2")),
                arguments("CRLF in quotes", NOTES + "A,1,\"a\r\nb\"\r\nB,2,\r\n", List.of("2 A 1", "4 B 2")),
                arguments("CR in quotes", NOTES + "A,1,\"a\rb\"\rB,2,\r", List.of("2 A 1", "4 B 2")),
                arguments(
                        "text of many lines and commas",
                        NOTES
                                + "A-1,1,\"Dear all,\n\nplease call Bob, Springfield, IL, or 12 Main St, 3rd floor, east\nBest, Max, Acme\"\nB,2,\n",
                        List.of("2 A-1 1", "6 B 2")),
                arguments(
                        "newline in an id",
                        HEADER + "\"A\na\",1\nB,2\n",
                        List.of("2 - 1 contract_id has a line break, lines 2 to 3: is a quote not closed?", "4 B 2")),
                arguments("newline in a quoted header", "contract_id,customer_id,\"a\nb\"\nA,1,x\n", List.of("3 A 1")),
                arguments("quote within a column", HEADER + "A\"a,1\nB,2\n", List.of("2 A\"a 1", "3 B 2")),
                arguments("quote after a blank", HEADER + "A, \"1\nB,2\n", List.of("2 A \"1", "3 B 2")),
                arguments(
                        "too few columns",
                        HEADER + "A\nB,2\n",
                        List.of("2 A - 1 columns where the header has 2", "3 B 2")),
                arguments(
                        "too many columns",
                        HEADER + "A,1,x\nB,2\n",
                        List.of("2 A 1 3 columns where the header has 2", "3 B 2")),
                arguments("no contract", HEADER + ",1\nB,2\n", List.of("2 - 1 no contract_id", "3 B 2")),
                arguments("blank contract", HEADER + "\" \",1\n", List.of("2 - 1 no contract_id")),
                arguments("blank customer", HEADER + "A,\"\t\"\n", List.of("2 A - no customer_id")),
                arguments(
                        "NUL",
                        HEADER + "A\0,1\n",
                        List.of("2 - 1 contract_id has a character that no database stores")),
                arguments(
                        "as long an id as may be",
                        HEADER + "A".repeat(255) + ",1\n",
                        List.of("2 " + "A".repeat(255) + " 1")),
                arguments(
                        "longer an id",
                        HEADER + "A".repeat(256) + ",1\n",
                        List.of("2 - 1 contract_id is longer than 255 characters")),
                arguments(
                        "quote not closed on the line",
                        HEADER + "\"A,1\nB,2\nC,3\n",
                        List.of(
                                "2 - - a quote is not closed, or text follows a closed one (lines 2 to 5)",
                                "3 B 2",
                                "4 C 3")),
                arguments(
                        "quotes that stray into two rows",
                        NOTES + "A,1,\"x\nB,2,\nC,3,y\"\nD,4,\"z\"\n",
                        List.of("2 - - " + SWALLOWED + " (lines 2 to 4)", "3 B 2", "4 C 3", "5 D 4")),
                arguments(
                        "quotes that stray into neighbouring rows",
                        NOTES + "AB-1,1,\"\r\nZ9,K-2,y\",,\r\nD,4,\r\n",
                        List.of("2 - - " + SWALLOWED + " (lines 2 to 3)", "3 Z9 K-2", "4 D 4")),
                arguments(
                        "a quote that strays into an id",
                        HEADER + "A,\"1\nB,2\nC,3\"\nD,4\n",
                        List.of("2 - - " + SWALLOWED + " (lines 2 to 4)", "3 B 2", "4 C 3\"", "5 D 4")),
                arguments(
                        "a quote that strays to the next quote, and from there to the end",
                        NOTES + "A,1,\"x\nB,2,\nC,3,\"\nD,4,\n",
                        List.of(
                                "2 - - " + SWALLOWED + " (lines 2 to 4)",
                                "3 B 2",
                                "4 - - a quote is not closed, or text follows a closed one (lines 4 to 6)",
                                "5 D 4")),
                arguments(
                        "quote closed on a later line by accident",
                        HEADER + "\"A,1\nB,2\n\"C\",3\n",
                        List.of(
                                "2 - - a quote is not closed, or text follows a closed one (lines 2 to 4)",
                                "3 B 2",
                                "4 C 3")),
                arguments(
                        "text after a closing quote",
                        HEADER + "\"A\"a,1\nB,2\n",
                        List.of("2 - - a quote is not closed, or text follows a closed one", "3 B 2")),
                arguments(
                        "quote not closed on the last line",
                        HEADER + "A,1\nB,\"2",
                        List.of("2 A 1", "3 - - a quote is not closed, or text follows a closed one")),
                arguments(
                        "a line of more than 1 MiB",
                        HEADER + "A," + MIB + "\nB,2\n",
                        List.of("2 - - longer than 1048576 bytes", "3 B 2")),
                arguments(
                        "what cannot be seen around names and ids",
                        "\u00A0contract_id\u200B,\uFEFFcustomer_id \n A\u00A0,\u200B1 \n",
                        List.of("2 A 1")),
                arguments(
                        "a column without a name at the end of each line",
                        "contract_id,customer_id,,\nA,1,,\nB,2\nC,3,,x\n",
                        List.of("2 A 1", "3 B 2", "4 C 3")),
                arguments("a comma too much", HEADER + "A,1,\n", List.of("2 A 1")),
                arguments(
                        "put together of parts",
                        HEADER + "A,1\n" + HEADER + "B,2\n",
                        List.of("2 A 1", "3 - - the header once more: is the feed put together of parts?", "4 B 2")),
                arguments(
                        "put together of parts with byte order marks",
                        HEADER + "A,1\n\uFEFF\"Contract_ID\", customer_id\n\uFEFF\"B,b\",2\n",
                        List.of("2 A 1", "3 - - the header once more: is the feed put together of parts?", "4 B,b 2")),
                arguments(
                        "a number that a spreadsheet has shortened",
                        HEADER + "1.23457E+11,1\nA,2E+05\n",
                        List.of(
                                "2 - 1 contract_id is a number that a spreadsheet has shortened: 1.23457E+11",
                                "3 A - customer_id is a number that a spreadsheet has shortened: 2E+05")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("csv")
    void csvIsReadByLines(String what, String content, List<String> rows) throws Exception {
        assertThat(rows(Format.CSV, content)).isEqualTo(rows);
    }

    @Test
    void quoteThatIsNeverClosedCostsItsLineHoweverMuchFollows() throws Exception {
        assertThat(rows(Format.CSV, HEADER + "\"A,1\n" + "B,2\n".repeat(300_000)))
                .hasSize(300_001)
                .startsWith("2 - - a quote is not closed, or text follows a closed one (lines 2 to 262145)", "3 B 2")
                .endsWith("300002 B 2");
    }

    static Stream<Arguments> ndjson() {
        return Stream.of(
                arguments(
                        "numbers as ids",
                        "{\"contract_id\":12345678901234567890,\"customer_id\":7}\n",
                        List.of("1 12345678901234567890 7")),
                arguments(
                        "byte order mark, CRLF, blank line",
                        "\uFEFF" + json("A", "1") + "\r\n\r\n" + json("B", "2"),
                        List.of("1 A 1", "3 B 2")),
                arguments("not JSON", "{\"contract_id\":\n" + json("B", "2"), List.of("1 - - not JSON", "2 B 2")),
                arguments(
                        "no object",
                        "[1]\nnull\n7\n" + json("B", "2"),
                        List.of(
                                "1 - - not a JSON object",
                                "2 - - not a JSON object",
                                "3 - - not a JSON object",
                                "4 B 2")),
                arguments("a quote that is not closed", "\"A\n" + json("B", "2"), List.of("1 - - not JSON", "2 B 2")),
                arguments(
                        "no customer",
                        "{\"contract_id\":\"A\"}\n{\"contract_id\":\"B\",\"customer_id\":null}\n",
                        List.of("1 A - no customer_id", "2 B - no customer_id")),
                arguments(
                        "an id that is no text",
                        "{\"contract_id\":1.5,\"customer_id\":1}\n{\"contract_id\":[],\"customer_id\":1}\n",
                        List.of(
                                "1 - 1 contract_id is neither a text nor a whole number",
                                "2 - 1 contract_id is neither a text nor a whole number")),
                arguments(
                        "NUL",
                        json("A", "1\\u0000"),
                        List.of("1 A - customer_id has a character that no database stores")),
                arguments(
                        "lone surrogate",
                        json("A\\ud83d", "1"),
                        List.of("1 - 1 contract_id has a character that no database stores")),
                arguments(
                        "a key twice",
                        "{\"contract_id\":\"A\",\"contract_id\":\"B\",\"customer_id\":1}",
                        List.of("1 - 1 has contract_id twice")),
                arguments(
                        "a key twice, but for case and blanks",
                        "{\"contract_id\":\"A\",\"customer_id\":1,\" Customer_ID\":2}",
                        List.of("1 A - has customer_id twice: \"customer_id\" and \" Customer_ID\"")),
                arguments(
                        "a key that is carried along twice",
                        "{\"contract_id\":\"A\",\"note\":1,\"customer_id\":1,\"note\":2}",
                        List.of("1 A 1 has note twice")),
                arguments(
                        "a key that is carried along twice, but for case and blanks",
                        "{\"contract_id\":\"A\",\"note\":1,\"customer_id\":1,\"Note \":2}",
                        List.of("1 A 1 has note twice: \"note\" and \"Note \"")),
                arguments(
                        "keys in capitals, with blanks",
                        "{\" Contract_ID \":\"A\",\"CUSTOMER_ID\\u00a0\":1}",
                        List.of("1 A 1")),
                arguments(
                        "the header of a table",
                        json("contract_id", "customer_id"),
                        List.of("1 - - contract_id is the name of its column: is the feed put together of parts?")),
                arguments(
                        "numbers that are not written as whole ones",
                        "{\"contract_id\":1042.0,\"customer_id\":1}\n{\"contract_id\":\"A\",\"customer_id\":1e3}\n",
                        List.of(
                                "1 - 1 contract_id is neither a text nor a whole number",
                                "2 A - customer_id is neither a text nor a whole number")),
                arguments(
                        "objects as ids",
                        "{\"contract_id\":{\"id\":1},\"customer_id\":1}",
                        List.of("1 - 1 contract_id is neither a text nor a whole number")),
                arguments("blanks around ids", json(" A", "1\\u00a0"), List.of("1 A 1")),
                arguments(
                        "byte order mark of a part",
                        json("A", "1") + "\n\uFEFF" + json("B", "2"),
                        List.of("1 A 1", "2 B 2")),
                arguments("pair of surrogates", json("\\ud83d\\ude00", "1"), List.of("1 \uD83D\uDE00 1")),
                arguments(
                        "a line of more than 1 MiB",
                        json(MIB, "1") + "\n" + json("B", "2"),
                        List.of("1 - - longer than 1048576 bytes", "2 B 2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ndjson")
    void ndjsonIsReadByLines(String what, String content, List<String> rows) throws Exception {
        assertThat(rows(Format.NDJSON, content)).isEqualTo(rows);
    }

    @Test
    void ndjsonLineEndsWithItsObject() throws Exception {
        assertThat(rows(
                        Format.NDJSON,
                        json("A", "1") + "}\n" + json("B", "2") + json("C", "3") + "\n" + json("D", "4")))
                .containsExactly("1 - - not JSON", "2 - - not JSON", "3 D 4");
    }

    @Test
    void jsonArrayIsReadByElements() throws Exception {
        assertThat(rows(
                        Format.JSON,
                        "[" + json("A", "1") + ",\n\n7,\n{\"customer_id\":2},[\n]," + json("B", "2") + "]\n"))
                .containsExactly(
                        "1 A 1", "2 - - not a JSON object", "3 - 2 no contract_id", "4 - - not a JSON object", "5 B 2");
    }

    @Test
    void keyThatIsThereTwiceCostsItsElementOfAJsonArray() throws Exception {
        assertThat(rows(
                        Format.JSON,
                        "[{\"contract_id\":1,\"customer_id\":1,\"contract_id\":{\"a\":[2]}}," + json("B", "2") + "]"))
                .containsExactly("1 - 1 has contract_id twice", "2 B 2");
    }

    static Stream<Arguments> otherEncodings() {
        byte[] utf16 = (HEADER + "A,1\n").getBytes(StandardCharsets.UTF_16);
        byte[] utf16WithoutMark = (HEADER + "A,1\n").getBytes(StandardCharsets.UTF_16LE);
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 0};
        byte[] spreadsheet = {'P', 'K', 3, 4, 20};
        return Stream.of(Format.CSV, Format.NDJSON)
                .flatMap(format -> Stream.of(
                        arguments(format, utf16, "feed: is not written in UTF-8"),
                        arguments(format, utf16WithoutMark, "feed: is not written in UTF-8"),
                        arguments(format, gzip, "feed: is compressed by gzip"),
                        arguments(format, spreadsheet, "feed: is a zip archive or a spreadsheet")));
    }

    @ParameterizedTest
    @MethodSource("otherEncodings")
    void feedInAnotherEncodingIsNoFeed(Format format, byte[] content, String message) {
        assertThatThrownBy(() -> read(format, content))
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void contentThatIsNotWhatWasTakenIsNoFeed() throws Exception {
        Path path = Files.writeString(folder.resolve("feed"), HEADER + "A,1\nB,25");
        Feed feed = new Feed(path, Format.CSV, FeedContent.of(path));
        Files.writeString(path, "0\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> new FeedReader().read(feed).forEachRemaining(rows -> {}))
                .isInstanceOf(FeedChanged.class);
    }

    @Test
    void contentThatIsCutOffWhileItIsWrittenIsNoFeedThatCannotBeRead() throws Exception {
        Path path = Files.writeString(folder.resolve("feed"), "[" + json("A", "1") + ",");
        Feed feed = new Feed(path, Format.JSON, FeedContent.of(path));
        Files.writeString(path, json("B", "2"), StandardOpenOption.APPEND);

        assertThatThrownBy(() -> new FeedReader().read(feed).forEachRemaining(rows -> {}))
                .isInstanceOf(FeedChanged.class);
    }

    @ParameterizedTest
    @MethodSource("formatsOfLines")
    void lineThatIsNotUtf8CostsThatLine(Format format, String before, String sound) throws Exception {
        byte[] content = (before + "\u00E9\u00E9,1\n" + sound).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(rows(format, content)).containsExactly("2 - - not UTF-8", "3 B 2");
    }

    static Stream<Arguments> formatsOfLines() {
        return Stream.of(arguments(Format.CSV, HEADER, "B,2\n"), arguments(Format.NDJSON, "\n", json("B", "2")));
    }

    @Test
    void otherColumnsAreCarriedAlong() throws Exception {
        assertThat(read(Format.CSV, "note,customer_id,contract_id,empty\n\"a, b\",1,A,\n"))
                .extracting(FeedRow::row)
                .containsExactly("{\"note\":\"a, b\",\"customer_id\":\"1\",\"contract_id\":\"A\",\"empty\":\"\"}");

        String row = "{\"contract_id\":\"A\",\"customer_id\":1,\"amount\":1.50,\"tags\":[null,{\"Label\":1}]}";
        assertThat(read(Format.NDJSON, row.replace("amount", " Amount")))
                .extracting(FeedRow::row)
                .containsExactly(row);
        assertThat(read(Format.JSON, "[" + row.replace("contract_id", "Contract_Id") + "]"))
                .extracting(FeedRow::row)
                .containsExactly(row);
    }

    @ParameterizedTest
    @MethodSource("defectiveLines")
    void defectiveRowIsKeptAsItCame(Format format, String before, String line) throws Exception {
        assertThat(read(format, before + line + "\n")).singleElement().satisfies(row -> {
            assertThat(row.defect()).isNotNull();
            assertThat(Json.exact().readTree(row.row()).textValue()).isEqualTo(line);
        });
    }

    static Stream<Arguments> defectiveLines() {
        return Stream.of(
                arguments(Format.CSV, HEADER, "A,\"1"),
                arguments(Format.CSV, HEADER, "A"),
                arguments(Format.CSV, HEADER, "A,1,Acme, \"Inc\""),
                arguments(Format.NDJSON, "", "{\"contract_id\": A}"),
                arguments(Format.NDJSON, "", "[ \"A\" ]"));
    }

    @Test
    void defectOfRowCanBeStored() throws Exception {
        assertThat(read(Format.NDJSON, "\uD83D\uDE00\n\0\n"))
                .hasSize(2)
                .allSatisfy(
                        row -> assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(row.defect())
                                        && row.defect().indexOf('\0') < 0)
                                .isTrue());
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                arguments(Format.CSV, "", "feed: is empty"),
                arguments(Format.CSV, "\uFEFF\n\n", "feed: is empty"),
                arguments(Format.CSV, HEADER, "feed: has no rows"),
                arguments(Format.CSV, HEADER.strip(), "feed: has no rows"),
                arguments(
                        Format.CSV,
                        "contract_id,customer\nA,1\n",
                        "feed: line 1 must be a header that names customer_id, "
                                + "separated by commas; it is [contract_id, customer]"),
                arguments(
                        Format.CSV,
                        "\ncontract_id;customer_id\nA;1\n",
                        "feed: line 2 must be a header that names contract_id, "
                                + "separated by commas; it is [contract_id;customer_id]"),
                arguments(
                        Format.CSV,
                        "contract_id\tcustomer_id\nA\t1\n",
                        "feed: line 1 must be a header that names contract_id"),
                arguments(
                        Format.CSV,
                        "contract_id,customer_id,Customer_ID\nA,1,2\n",
                        "feed: line 1, the header, has the column "
                                + "customer_id twice: \"customer_id\", column 2, and \"Customer_ID\", column 3"),
                arguments(
                        Format.CSV,
                        "contract_id,note,customer_id,\" Note\"\nA,1,2,3\n",
                        "feed: line 1, the header, has the column "
                                + "note twice: \"note\", column 2, and \" Note\", column 4"),
                arguments(
                        Format.CSV,
                        HEADER + "A,1\ncustomer_id,contract_id\n2,B\n",
                        "feed: line 3 is another header, "
                                + "[customer_id, contract_id]: the feed is put together of parts whose columns differ"),
                arguments(
                        Format.CSV,
                        HEADER + "A,1\nnote,Contract_ID,customer_id\nx,B,2\n",
                        "feed: line 3 is another header"),
                arguments(Format.CSV, HEADER + "A,1\ncontract_id,customer\nB,2\n", "feed: line 3 is another header"),
                arguments(
                        Format.CSV,
                        "contract_id,\"customer_id\nA,1\n",
                        "feed: line 1, the header: a quote is not closed, or text follows a closed one (lines 1 to 3)"),
                arguments(
                        Format.CSV,
                        "contract_id,customer_id,\"note\nA,1,x\"\nB,2,\n",
                        "feed: line 1, the header, goes on to line 2 within quotes"),
                arguments(Format.NDJSON, "", "feed: has no rows"),
                arguments(Format.NDJSON, " \n\n", "feed: has no rows"),
                arguments(Format.JSON, "", "feed: is empty"),
                arguments(Format.JSON, "[]", "feed: has no rows"),
                arguments(
                        Format.JSON,
                        json("A", "1"),
                        "feed: must be a JSON array of objects; one object a line is .ndjson"),
                arguments(
                        Format.JSON,
                        "[" + json("A", "1") + ",\n {\"contract_id\"}]",
                        "feed: Unexpected character ('}' (code 125)): was expecting a colon to separate field name and value, "
                                + "line 2 column 16"),
                arguments(Format.JSON, "[" + json("A", "1") + ",", "feed: Unexpected end-of-input"),
                arguments(Format.JSON, "[" + json("A", "1") + "]\n[]", "feed: goes on after the end of its array"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void feedThatCannotBeReadSaysWhatIsWrongAndWhere(Format format, String content, String message) {
        assertThatThrownBy(() -> read(format, content))
                .isInstanceOf(FeedUnreadable.class)
                .hasMessageStartingWith(message);
    }

    private static String json(String contract, String customer) {
        return "{\"contract_id\":\"" + contract + "\",\"customer_id\":\"" + customer + "\"}";
    }

    /** The rows of a feed, each as its line number, its ids and its defect, without the JSON parser's own words. */
    private List<String> rows(Format format, String content) throws Exception {
        return rows(format, content.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> rows(Format format, byte[] content) throws Exception {
        return read(format, content).stream().map(FeedReaderTest::inShort).toList();
    }

    private static String inShort(FeedRow row) {
        String ids = Objects.toString(row.contractId(), "-") + " " + Objects.toString(row.customerId(), "-");
        String defect = row.defect() == null ? "" : " " + row.defect().replaceFirst("^(not JSON): .*", "$1");
        return row.lineNumber() + " " + ids + defect;
    }

    private List<FeedRow> read(Format format, String content) throws Exception {
        return read(format, content.getBytes(StandardCharsets.UTF_8));
    }

    private List<FeedRow> read(Format format, byte[] content) throws IOException {
        Path path = Files.write(folder.resolve("feed"), content);
        Feed feed = new Feed(path, format, FeedContent.of(path));
        List<FeedRow> rows = new ArrayList<>();
        new FeedReader().read(feed).forEachRemaining(rows::addAll);
        return rows;
    }
}
