/**
 * The tokens that calls are made with, and how this process signs in to get one. It may use {@code failure} and {@code config}.
 */
package contractflow.api.oauth;
