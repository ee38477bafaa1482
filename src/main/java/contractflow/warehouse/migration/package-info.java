/**
 * How the tables are made and brought up to date. It may use {@code failure} and {@code config}.
 */
package contractflow.warehouse.migration;
