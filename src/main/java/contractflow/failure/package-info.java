/**
 * What may go wrong, and the sentence that says so. It may use {@code failure.api}.
 */
package contractflow.failure;
