/**
 * The command line: a class a command, and what they print. It may use everything below it: nothing uses it but {@code main}.
 */
package contractflow.cli;
