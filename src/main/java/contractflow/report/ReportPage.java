package contractflow.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import contractflow.contract.Json;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Body;

/** The report of a run as one page of HTML that needs nothing beside it. What it looks like is in {@code report.ftlh}. */
public final class ReportPage {

    private static final String STYLE = "<style>";

    private final Configuration templates;

    public ReportPage() {
        templates = new Configuration(Configuration.VERSION_2_3_34);
        templates.setClassForTemplateLoading(ReportPage.class, "/report");
        templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
        templates.setLocale(Locale.ROOT);
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        templates.setLogTemplateExceptions(false);
    }

    /**
     * @param report what {@code sql/report/report-as-json.sql} answers
     */
    public String of(@Body String report) throws IOException, TemplateException {
        StringWriter page = new StringWriter();
        templates.getTemplate("report.ftlh").process(values(report), page);
        return page.toString();
    }

    /**
     * What a browser may do with the page: show it with its own style, and nothing else.
     *
     * @param html that {@link #of} has made
     * @return a Content-Security-Policy
     */
    public String policy(@Body String html) throws NoSuchAlgorithmException {
        String style = html.substring(html.indexOf(STYLE) + STYLE.length(), html.indexOf("</style>"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        return "default-src 'none'; style-src 'sha256-" + Base64.getEncoder().encodeToString(digest)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static Map<?, ?> values(String report) throws JsonProcessingException {
        return Json.exact().readValue(report, Map.class);
    }
}
