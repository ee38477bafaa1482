/**
 * What a run has come to, for people and for programs. It may use {@code observe}, {@code contract}, {@code failure} and
 * {@code config}.
 */
package contractflow.report;
