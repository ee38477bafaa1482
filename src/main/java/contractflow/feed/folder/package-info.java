/**
 * The folder that feeds are dropped into, and where they go from there. It may use {@code feed} and what that may use.
 */
package contractflow.feed.folder;
