/// Checks that anyone may run: gradients against central differences, relevance against its ledger.
///
/// They return numbers; what is small enough is for the caller to say. [GradientCheck] is for the derivative of a net,
/// [Conservation] for what one op keeps, [LedgerCheck] for a whole pass. Depends on every other package of the engine.
package clew.engine.check;
