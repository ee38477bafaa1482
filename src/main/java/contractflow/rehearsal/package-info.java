/**
 * The rehearsal of bad nights: runs of this version's process against the simulated APIs, and what came of them. It may use
 * {@code warehouse}, {@code contract}, {@code config} and {@code failure}.
 */
package contractflow.rehearsal;
