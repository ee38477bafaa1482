/**
 * The limits that calls to an API keep to: how many at once, how many a second, and none while it is unavailable. It may use
 * {@code api.job}, {@code api.adaptive}, {@code contract}, {@code failure} and {@code config}.
 */
package contractflow.api.limits;
