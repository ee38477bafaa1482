/**
 * Where the process begins. It may use everything.
 */
package contractflow;
