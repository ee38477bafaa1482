/**
 * What may go wrong with a call to an API. It may use nothing but libraries.
 */
package contractflow.failure.api;
