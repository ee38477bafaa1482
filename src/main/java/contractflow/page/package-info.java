/**
 * What the server answers to the status page. Nothing but the setup of the process uses this. It may use {@code observe},
 * {@code run}, {@code feed}, {@code contract}, {@code failure} and {@code config}.
 */
package contractflow.page;
