/**
 * How the process is set up from its settings, started, kept up to date and stopped. Beside the command line, this alone calls
 * routes. It may use everything but the command line.
 */
package contractflow.process;
