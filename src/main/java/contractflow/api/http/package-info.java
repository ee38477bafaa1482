/**
 * How calls are made over HTTP: deadlines, proxies, certificates, headers, and what must not be logged. It may use
 * {@code failure} and {@code config}.
 */
package contractflow.api.http;
