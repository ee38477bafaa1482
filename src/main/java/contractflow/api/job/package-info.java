/**
 * Work that asks the APIs: what it has asked, what it was answered, and whether it waits or has stopped. It may use
 * {@code api.adaptive}, {@code contract}, {@code failure} and {@code config}.
 */
package contractflow.api.job;
