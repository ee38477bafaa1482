/**
 * The chunks of a run: which contracts are looked up together, by which calls, on which threads, and what becomes of a call that fails. It
 * may use {@code run} and what that may use.
 */
package contractflow.run.chunk;
