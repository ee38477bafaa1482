/**
 * Which limits an API has, learnt from what it accepts and refuses. It may use {@code failure}.
 */
package contractflow.api.adaptive;
