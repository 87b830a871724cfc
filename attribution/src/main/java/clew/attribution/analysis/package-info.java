/// Statistics of many rows: covariance, linear discriminants, principal components, clusters; Student's distribution.
/// Knows no model.
@org.jspecify.annotations.NullMarked
package clew.attribution.analysis;
