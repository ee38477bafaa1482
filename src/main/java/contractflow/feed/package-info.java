/**
 * A file that lists contracts, and how its rows are read, whatever its format. It may use {@code contract}, {@code api.job},
 * {@code failure} and {@code config}.
 */
package contractflow.feed;
