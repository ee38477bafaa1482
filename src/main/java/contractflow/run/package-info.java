/**
 * One pass over one feed: what is pending, what was loaded, what is wrong with the data, and that one process has the feed. It
 * may use {@code feed}, {@code api}, {@code contract}, {@code warehouse}, {@code failure} and {@code config}.
 */
package contractflow.run;
