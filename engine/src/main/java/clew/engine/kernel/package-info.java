/// The hardware surface: every arithmetic verb the engine needs, and the devices that implement it.
///
/// Depends on `clew.engine.tensor` only.
package clew.engine.kernel;
