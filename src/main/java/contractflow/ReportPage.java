package contractflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Body;

/** The report of a run as one page of HTML that needs nothing beside it. What it looks like is in {@code report.ftlh}. */
public final class ReportPage {

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
     * @param report what {@code sql/report-as-json.sql} answers
     */
    public String of(@Body String report) throws IOException, TemplateException {
        StringWriter page = new StringWriter();
        templates.getTemplate("report.ftlh").process(values(report), page);
        return page.toString();
    }

    private static Map<?, ?> values(String report) throws JsonProcessingException {
        return Json.exact().readValue(report, Map.class);
    }
}
