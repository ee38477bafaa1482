/**
 * The simulated APIs. Nothing but the setup of the process uses this. It may use {@code api.oauth}, {@code failure} and
 * {@code config}.
 */
package contractflow.sandbox;
