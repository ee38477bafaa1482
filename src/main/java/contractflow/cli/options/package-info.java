/** What several commands have in common: their options, and how mistakes in them are answered. It may use everything below {@code cli}. */
package contractflow.cli.options;
