/// What is explained ([Target]), how ([AttributionMethod]), and what comes out ([Attribution]).
///
/// Depends on the model and the engine; a method never writes into a run.
package clew.attribution;
