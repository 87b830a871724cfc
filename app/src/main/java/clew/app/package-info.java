/// The command line: one class per verb, results to standard output, everything else to standard error.
///
/// Options stay text until a request is made of them, and a line of a jsonl file takes the same way, so the two cannot
/// differ. Depends on the attribution library and picocli.
package clew.app;
