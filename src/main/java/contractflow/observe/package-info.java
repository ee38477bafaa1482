/**
 * How the process and its runs are doing: progress, metrics, traces, and what the lines of the log are about. It may use
 * {@code run}, {@code feed}, {@code api}, {@code contract}, {@code warehouse}, {@code failure} and {@code config}.
 */
package contractflow.observe;
