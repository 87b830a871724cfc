/// Checks that anyone may run: gradients against central differences, relevance against its ledger.
package clew.engine.check;
