/**
 * What an answer of an API means, and when it is worth asking again. It may use its own packages, {@code contract},
 * {@code failure} and {@code config}.
 */
package contractflow.api;
