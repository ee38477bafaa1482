package contractflow.observe;

import org.apache.camel.support.RoutePolicySupport;

/** Marks a route whose every message is a span, where there is a collector. It does nothing by itself. */
public final class Traced extends RoutePolicySupport {}
