package contractflow.cli;

import contractflow.cli.options.ListOptions;
import contractflow.cli.options.OutputOptions;
import contractflow.contract.DeadLetterFilter;
import contractflow.contract.Json;
import contractflow.process.CamelProcess;
import contractflow.process.Routes;
import contractflow.report.Console;
import contractflow.report.ExitCode;
import contractflow.warehouse.LockWatch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Dead letters as a work list: look at them, replay them, discard them. */
@Command(
        name = "dead-letters",
        description = "Lists, replays, corrects, exports and discards dead letters.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | replay | edit | export | discard)",
        subcommands = {EditDeadLetterCommand.class, ExportDeadLettersCommand.class, DeadLettersCommand.Discard.class},
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:could not be done: see what each of the commands says"},
        footerHeading = "Example:%n",
        footer = "  contractflow dead-letters list")
final class DeadLettersCommand {

    @ParentCommand
    private RootCommand root;

    /** What carries a command out. */
    CamelProcess process() {
        return root.process();
    }

    @Command(
            name = "list",
            description = "Lists the open dead letters.",
            mixinStandardHelpOptions = true,
            exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:listed",
                "1:could not be: bad configuration, a lock of another session",
                "3:the warehouse is unavailable"
            },
            footerHeading = "Example:%n",
            footer = "  contractflow dead-letters list --run 12 --format csv > dead-letters.csv")
    int list(
            @Option(names = "--run", paramLabel = "RUN", description = "Only those of this run.") Long run,
            @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason.")
                    String reason,
            @Mixin ListOptions options)
            throws Exception {
        root.print("direct:list-dead-letters", new DeadLetterFilter(run, reason, null, null, null), null, options);
        return ExitCode.ALL_LOADED;
    }

    @Command(
            name = "replay",
            description = "Works on open dead letters once more; asks only for what is missing.",
            mixinStandardHelpOptions = true,
            exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:every contract is loaded or unchanged",
                "1:could not run: bad configuration, another replay going on",
                "2:finished, with dead letters",
                "3:incomplete: replay again to resume"
            },
            footerHeading = "Example:%n",
            footer = "  contractflow dead-letters replay --reason exhausted --limit 100")
    int replay(
            @Option(names = "--run", paramLabel = "RUN", description = "Only those of this run.") Long run,
            @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason.")
                    String reason,
            @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest first.") Long limit,
            @Option(names = "--dry-run", description = "Say how many there are; do nothing.") boolean dryRun,
            @Mixin OutputOptions options)
            throws Exception {
        DeadLetterFilter filter = new DeadLetterFilter(run, reason, limit, null, null);
        if (dryRun) {
            return root.process().withWorkList(routes -> {
                for (Map<?, ?> month : months(routes, filter)) {
                    System.out.println(
                            options.output() == Console.Output.JSON
                                    ? Json.exact().writeValueAsString(month)
                                    : month.get("letters") + " dead letters with the usage of "
                                            + month.get("usage_period"));
                }
                return ExitCode.ALL_LOADED;
            });
        }
        root.process().show(options.output());
        return root.process().withAllRoutes(routes -> replay(routes, filter));
    }

    private int replay(ProducerTemplate routes, DeadLetterFilter filter) throws Exception {
        List<Map<?, ?>> months = LockWatch.naming(routes.getCamelContext(), () -> months(routes, filter));
        if (months.isEmpty()) {
            return ExitCode.ALL_LOADED;
        }
        @SuppressWarnings("unchecked")
        List<Map<?, ?>> runs = RunCommand.ask(routes, "direct:replay", filter, months, List.class);
        return runs.stream().mapToInt(RunCommand::exitCode).max().orElse(ExitCode.INCOMPLETE);
    }

    private List<Map<?, ?>> months(ProducerTemplate routes, DeadLetterFilter filter) throws Exception {
        @SuppressWarnings("unchecked")
        List<Map<?, ?>> months = Routes.ask(routes, "direct:find-replays", filter, null, List.class);
        if (months.isEmpty()) {
            System.err.println("contractflow: no open dead letter can be replayed");
        }
        return months;
    }

    /** Discarding everything by a forgotten option must not be possible. */
    static final class Which {

        @Option(names = "--run", paramLabel = "RUN", required = true, description = "Those of this run.")
        private Long run;

        @Option(
                names = "--id",
                arity = "1..*",
                paramLabel = "N",
                required = true,
                description = "These: one or more numbers.")
        private List<Long> ids;
    }

    @Command(
            name = "discard",
            description = "Closes open dead letters that need no more work.",
            mixinStandardHelpOptions = true,
            exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:they are closed",
                "1:could not be: bad configuration, a lock of another session",
                "3:the warehouse is unavailable"
            },
            footerHeading = "Example:%n",
            footer = {
                "  contractflow dead-letters discard --because \"sold\" --id 34 35",
                "  contractflow dead-letters list --run 12 --json | jq .dead_letter_id |",
                "      xargs contractflow dead-letters discard --because \"sold\" --id"
            })
    static final class Discard implements Callable<Integer> {

        @ParentCommand
        private DeadLettersCommand parent;

        @Option(names = "--because", paramLabel = "TEXT", required = true, description = "Why; kept with the letter.")
        private String because;

        @ArgGroup(multiplicity = "1")
        private Which which;

        @Override
        public Integer call() throws Exception {
            String ids = which.ids == null
                    ? null
                    : which.ids.stream().map(String::valueOf).collect(Collectors.joining(","));
            DeadLetterFilter filter = new DeadLetterFilter(which.run, null, null, ids, because);
            return parent.root.process().withWorkList(routes -> {
                Long discarded = Routes.ask(routes, "direct:discard-dead-letters", filter, null, Long.class);
                System.out.println(discarded + " discarded");
                return ExitCode.ALL_LOADED;
            });
        }
    }
}
