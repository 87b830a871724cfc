/// The JMH suite as a command: profiles, vector widths, and how a run becomes an entry of `RESULTS.md`.
@org.jspecify.annotations.NullMarked
package clew.bench.suite;
