package contractflow.page;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** The files of the status page: these, and no other file of this machine or of the jar. */
public final class PageFiles {

    private static final String CHARTS = "META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final Map<String, PageFile> FILES = Map.of(
            "index.html", new PageFile("page/index.html", "text/html; charset=utf-8"),
            "page.css", new PageFile("page/page.css", "text/css; charset=utf-8"),
            "page.js", new PageFile("page/page.js", "text/javascript; charset=utf-8"),
            "icon.svg", new PageFile("page/icon.svg", "image/svg+xml"),
            "advice.json", new PageFile("page/advice.json", "application/json"),
            "uplot.css", new PageFile(CHARTS + "uPlot.min.css", "text/css; charset=utf-8"),
            "uplot.js", new PageFile(CHARTS + "uPlot.iife.min.js", "text/javascript; charset=utf-8"));

    /**
     * @param resource of the class path
     * @param type of the media
     */
    private record PageFile(String resource, String type) {}

    /**
     * Makes a file the answer.
     *
     * @throws HttpError where the page has no file of that name
     * @throws IOException where the jar cannot be read
     */
    public void answer(@Variable("file") String name, Exchange exchange) throws HttpError, IOException {
        PageFile file = FILES.get(name);
        if (file == null) {
            throw new HttpError(404, "the status page has no such file");
        }
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(file.resource())) {
            if (in == null) {
                throw new IOException(file.resource() + " is not in the jar");
            }
            Message answer = exchange.getMessage();
            answer.setHeader(Exchange.CONTENT_TYPE, file.type());
            answer.setBody(in.readAllBytes());
        }
    }
}
