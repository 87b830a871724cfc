/// Relevance rules as values: what a backward pass does at each product and each linear layer.
package clew.engine.rule;
