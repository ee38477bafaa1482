/**
 * Connections to PostgreSQL, and whether it can be worked with. It may use {@code warehouse.migration}, {@code failure} and
 * {@code config}.
 */
package contractflow.warehouse;
