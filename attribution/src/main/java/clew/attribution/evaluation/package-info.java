/// How good an explanation is: metrics as small records, trials to measure them on, and chance to compare with.
///
/// A [Metric] judges the scores of one explanation on one [Trial]; an [Evaluation] judges several methods beside random
/// rankings; a [Summary] puts many prompts together. Depends on the methods' interface, never on a method.
package clew.attribution.evaluation;
