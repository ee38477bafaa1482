package contractflow.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;

/**
 * Reads Camel's descriptors once for all contexts of a JVM. Each context asks for some hundreds of them, and those that do not exist
 * are looked for in every jar of the class path.
 */
final class RememberingClassResolver extends DefaultClassResolver {

    private static final String DESCRIPTORS = "META-INF/services/org/apache/camel/";
    private static final Map<String, Optional<byte[]>> READ = new ConcurrentHashMap<>();

    RememberingClassResolver(CamelContext camel) {
        super(camel);
    }

    @Override
    public InputStream loadResourceAsStream(String uri) {
        if (!uri.startsWith(DESCRIPTORS)) {
            return super.loadResourceAsStream(uri);
        }
        return READ.computeIfAbsent(uri, this::read)
                .map(ByteArrayInputStream::new)
                .orElse(null);
    }

    private Optional<byte[]> read(String uri) {
        try (InputStream descriptor = super.loadResourceAsStream(uri)) {
            return descriptor == null ? Optional.empty() : Optional.of(descriptor.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
