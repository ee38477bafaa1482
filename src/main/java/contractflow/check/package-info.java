/**
 * A look at what a run would find. Nothing but the command for it uses this. It may use {@code run}, {@code feed}, {@code api},
 * {@code contract}, {@code warehouse}, {@code failure} and {@code config}.
 */
package contractflow.check;
