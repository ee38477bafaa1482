/**
 * What the settings are, where they are read from, and what they may say. It may use {@code failure}.
 */
package contractflow.config;
