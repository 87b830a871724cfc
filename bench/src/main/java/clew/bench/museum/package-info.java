/// The matrix product from naive to final in numbered steps, each with its idea, each checked before it is timed.
///
/// `java … clew.bench.museum.Museum [M K N]` prints the table. Depends on the engine for the last step only.
package clew.bench.museum;
