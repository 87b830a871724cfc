/// The command line: one class per verb, results to stdout, everything else to stderr.
package clew.app;
