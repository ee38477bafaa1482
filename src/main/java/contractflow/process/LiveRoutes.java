package contractflow.process;

import contractflow.config.ApplicationFiles;
import contractflow.failure.Failure;
import contractflow.failure.SetupException;
import contractflow.observe.Observation;
import contractflow.run.Runs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceReload;
import org.apache.camel.support.FileWatcherResourceReloadStrategy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes as they are saved, where Camel is set up to watch them. They become live when nothing is being worked on, and all
 * together, since files share their beans. Where one has a mistake, all stay as they were.
 */
final class LiveRoutes extends MainListenerSupport implements ResourceReload {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    private static final String ROUTES = ".camel.yaml";
    private static final String STATEMENTS = ".sql";

    /** An editor may save in pieces. */
    private static final long PIECES_MILLIS = 200;

    private CamelContext camel;
    private List<String> patterns;

    /** The texts of routes and statements, by their files. */
    private SortedMap<String, String> live;

    private SortedMap<String, String> tried;

    @Override
    public void afterConfigure(BaseMainSupport main) {
        camel = main.getCamelContext();
        RouteWatcherReloadStrategy routes = camel.hasService(RouteWatcherReloadStrategy.class);
        if (routes == null) {
            return;
        }
        if (!ApplicationFiles.directory("routes").startsWith("file:")) {
            throw new SetupException(
                    "--profile: dev takes routes as they are saved in the folder routes, and there is none here");
        }
        patterns = List.of((main.configure().getRoutesIncludePattern() + "," + ApplicationFiles.directory("sql")
                        + "/**/*" + STATEMENTS)
                .split(","));
        live = texts();
        tried = live;
        routes.setResourceReload(this);
        watchStatements();
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        if (live != null) {
            LOG.info("Routes and statements are live as they are saved");
        }
    }

    /** Routes read them when they are made. */
    private void watchStatements() {
        FileWatcherResourceReloadStrategy statements = new FileWatcherResourceReloadStrategy("sql", true);
        statements.setFileFilter(file -> file.getName().endsWith(STATEMENTS));
        statements.setResourceReload(this);
        try {
            camel.addService(statements);
        } catch (Exception e) {
            throw new SetupException("the folder sql cannot be watched: " + e.getMessage(), e);
        }
    }

    /** A file was saved, perhaps not for the last time. */
    @Override
    public synchronized void onReload(String name, Resource saved) throws Exception {
        SortedMap<String, String> texts = whole();
        if (texts.equals(tried)) {
            return;
        }
        String busy = runs().activeJobName();
        if (busy != null) {
            LOG.info("{} was saved; it is live when {} is over", name, busy);
        }
        while (!runs().isIdle()) {
            texts = whole();
        }
        tried = texts;
        try {
            exchange(texts);
            live = texts;
            LOG.info("{} is live", name);
        } catch (Exception e) {
            exchange(live);
            LOG.error("{}; the routes are as they were", Failure.describe(e));
        }
    }

    private Runs runs() {
        return camel.getRegistry().lookupByNameAndType("runs", Runs.class);
    }

    private void exchange(SortedMap<String, String> texts) throws Exception {
        List<Resource> files = texts.entrySet().stream()
                .filter(file -> file.getKey().endsWith(ROUTES))
                .map(file -> ResourceHelper.fromString(file.getKey(), file.getValue()))
                .toList();
        camel.getRouteController().removeAllRoutes();
        // They have read the statements.
        camel.getEndpointRegistry().clear();
        Observation.forget(camel);
        PluginHelper.getRoutesLoader(camel).updateRoutes(files);
        Observation.observe(camel);
    }

    private SortedMap<String, String> whole() throws InterruptedException {
        SortedMap<String, String> texts = texts();
        while (true) {
            TimeUnit.MILLISECONDS.sleep(PIECES_MILLIS);
            SortedMap<String, String> later = texts();
            if (later.equals(texts)) {
                return texts;
            }
            texts = later;
        }
    }

    private SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        for (String pattern : patterns) {
            try {
                for (Resource file :
                        PluginHelper.getPackageScanResourceResolver(camel).findResources(pattern)) {
                    try (InputStream in = file.getInputStream()) {
                        texts.put(file.getLocation(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                LOG.debug("a file that has gone while it was looked at", e);
            } catch (Exception e) {
                throw new SetupException(pattern + " cannot be read: " + e.getMessage(), e);
            }
        }
        return texts;
    }
}
