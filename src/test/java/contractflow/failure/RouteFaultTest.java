package contractflow.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** A mistake in a file of routes is named with its place, and without the values of settings. */
class RouteFaultTest {

    private static final String ROUTE = """
            - route:
                id: fetch-contract
                from:
                  uri: direct:fetch-contract
                  steps:
                    - to:
                        uri: %s
                        parameters:
                          %s
            """;

    @Test
    void textThatIsNoYamlHasItsLine() throws Exception {
        assertThat(fault("- route:\n    id: a\n   from: b\n")).startsWith("routes/ours.camel.yaml, line 3: ");
    }

    @Test
    void stepThatIsUnknownHasItsLine() throws Exception {
        assertThat(fault(ROUTE.replace("- to:", "- too:").formatted("log:a", "level: INFO")))
                .isEqualTo("routes/ours.camel.yaml, line 6: Unknown node id: too");
    }

    @Test
    void propertyThatABeanDoesNotHaveIsNamedWithoutItsValue() throws Exception {
        assertThat(fault(bean("contractflow.api.limits.ApiLimits", "tokn", "{{netsuite.token}}")))
                .isEqualTo(
                        "routes/ours.camel.yaml: bean ours: cannot set tokn: there is no such property, or it takes no such value");
    }

    @Test
    void valueThatAPropertyCannotTakeIsNotShown() throws Exception {
        assertThat(fault(bean("contractflow.run.Batch", "size", "{{netsuite.token}}")))
                .contains("cannot set size")
                .doesNotContain("secret");
        assertThat(fault(bean("contractflow.api.http.CallDeadline", "timeout", "{{netsuite.token}}")))
                .contains("cannot set timeout")
                .doesNotContain("secret");
    }

    @Test
    void classThatIsNotThereIsNamed() throws Exception {
        assertThat(fault(bean("contractflow.Nothing", "a", "b")))
                .isEqualTo("routes/ours.camel.yaml: bean ours: there is no class contractflow.Nothing");
    }

    @Test
    void settingThatIsNotThereIsNamed() throws Exception {
        assertThat(fault(bean("contractflow.api.http.CallDeadline", "timeout", "{{ours.timeout}}")))
                .isEqualTo(
                        "routes/ours.camel.yaml: bean ours: Property with key [ours.timeout] not found in properties");
    }

    @Test
    void optionThatAnEndpointDoesNotHave_isNamedWithTheRouteOfTheFolder() throws Exception {
        assertThat(fault(ROUTE.formatted("log:a", "leve: \"{{netsuite.token}}\"")))
                .matches("routes/api/netsuite[.]camel[.]yaml, line \\d+, route fetch-contract: .*leve=….*")
                .doesNotContain("secret");
    }

    private static String bean(String type, String property, String value) {
        return """
                - beans:
                    - name: ours
                      type: %s
                      properties:
                        %s: "%s"
                """.formatted(type, property, value);
    }

    private static String fault(String routes) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getPropertiesComponent().addInitialProperty("netsuite.token", "secret-1");
            camel.start();
            return Failure.describe(catchThrowable(() -> PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString("file:routes/ours.camel.yaml", routes))));
        }
    }
}
