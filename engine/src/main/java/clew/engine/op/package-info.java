/// One op per file: formula, forward, gradient and relevance rule on one screen.
package clew.engine.op;
