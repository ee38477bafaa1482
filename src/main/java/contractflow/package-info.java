/**
 * What the routes in {@code routes/} cannot say in YAML: reading a feed, waiting for an API, judging an answer. Nothing here
 * decides where a contract goes next.
 */
package contractflow;
