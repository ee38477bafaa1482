package contractflow.cli;

import contractflow.cli.options.ListOptions;
import contractflow.config.ApplicationFiles;
import contractflow.config.SettingNames;
import contractflow.config.SettingValues;
import contractflow.process.CamelProcess;
import contractflow.process.CamelSetup;
import contractflow.process.Settings;
import contractflow.report.ExitCode;
import contractflow.sandbox.SandboxKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The settings in force. */
@Command(
        name = "settings",
        description =
                "Lists the settings: each value in force, and where it comes from. Secrets are masked. Needs neither the warehouse"
                        + " nor an API.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ExitCode.COULD_NOT_RUN,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:listed, and a start would accept them",
            "1:listed, and standard error names each that a start would refuse; or a file cannot be read"
        },
        footerHeading = "Example:%n",
        footer = {"  contractflow settings --changed", "  contractflow settings --format json | jq .setting"})
final class SettingsCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(names = "--changed", description = "Only those that differ from the default.")
    private boolean changed;

    @Mixin
    private ListOptions options;

    /**
     * What the list shows.
     *
     * @param faults of the settings, a line each
     */
    record Listed(List<Map<String, Object>> rows, List<String> faults) {

        /**
         * @param profiles such as sandbox
         * @param home the folder that the process is started in
         * @param environment its variables
         */
        static Listed of(
                List<String> profiles, String locations, Path home, Map<String, String> environment, boolean changed)
                throws Exception {
            SettingNames names = new SettingNames(profiles, home, environment);
            // Says which file cannot be read, before Camel fails over it.
            Map<String, String> own = names.own();
            CamelContext camel = new DefaultCamelContext(false);
            try {
                camel.getPropertiesComponent().setLocation(locations);
                new SettingValues().configure(camel);
                camel.build();
                List<String> faults = new ArrayList<>(new Settings(profiles, home, environment).faults(camel));
                if (profiles.contains(CamelProcess.SANDBOX)) {
                    // The sandbox makes this file at its first start.
                    faults.removeIf(fault -> fault.startsWith(SandboxKey.SETTING + ": there is no such file"));
                }
                return new Listed(new SettingsInForce(camel, faults).rows(own, changed), faults);
            } finally {
                camel.stop();
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        CamelProcess.logElsewhere();
        List<String> profiles = root.profiles();
        CamelSetup.checkProfiles(profiles);
        Listed listed = Listed.of(profiles, ApplicationFiles.settings(profiles), Path.of(""), System.getenv(), changed);
        options.print(listed.rows);
        listed.faults.forEach(fault -> System.err.println("contractflow: " + fault));
        return listed.faults.isEmpty() ? ExitCode.ALL_LOADED : ExitCode.COULD_NOT_RUN;
    }
}
