/**
 * How settings write durations, deadlines and schedules. It may use nothing but libraries.
 */
package contractflow.config.time;
