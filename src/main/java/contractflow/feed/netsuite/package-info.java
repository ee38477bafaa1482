/**
 * A feed that is made of what NetSuite lists. It may use {@code feed} and what that may use.
 */
package contractflow.feed.netsuite;
