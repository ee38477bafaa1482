/**
 * A contract on its way from the feed to the warehouse, and the dead letter that it may become. It may use {@code failure} and
 * {@code config}.
 */
package contractflow.contract;
