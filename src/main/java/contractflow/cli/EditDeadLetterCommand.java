package contractflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import contractflow.contract.Json;
import contractflow.failure.SetupException;
import contractflow.process.Routes;
import contractflow.report.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The correction of one dead letter. */
@Command(
        name = "edit",
        description = "Corrects the row that a dead letter is replayed with; the row of the feed is kept.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it is corrected",
            "1:could not be: no such dead letter or field, not open, bad configuration, a lock of another session",
            "3:the warehouse is unavailable"
        },
        footerHeading = "Example:%n",
        footer = "  contractflow dead-letters edit 34 --set customer_id=7000")
final class EditDeadLetterCommand implements Callable<Integer> {

    @ParentCommand
    private DeadLettersCommand parent;

    @Parameters(paramLabel = "ID", description = "Its number.")
    private long id;

    @Option(
            names = "--set",
            required = true,
            paramLabel = "FIELD=VALUE",
            description = "A field of the row and what it should say; several are possible.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who does it; the user of this machine unless it says otherwise.")
    private String by = System.getProperty("user.name");

    @Override
    public Integer call() throws Exception {
        ObjectNode values = Json.exact().createObjectNode();
        fields.forEach(values::put);
        Map<String, Object> edit = Map.of("id", id, "fields", Json.write(values), "by", by);
        return parent.process().withWorkList(routes -> {
            Map<?, ?> answer = Routes.ask(routes, "direct:edit-dead-letter", null, edit, Map.class);
            if (answer == null) {
                throw new SetupException("there is no dead letter " + id);
            }
            if (answer.get("fault") != null) {
                throw new SetupException((String) answer.get("fault"));
            }
            System.out.println(answer.get("changes"));
            return ExitCode.ALL_LOADED;
        });
    }
}
