/// Files on disk: safetensors (read mapped, written whole), `config.json`, and the directories that hold them.
///
/// Everything read is untrusted: sizes are capped, every field is checked, and what is wrong comes back as a
/// [WeightsException] whose message is one sentence with the remedy. Depends on `clew.engine.tensor` and Jackson.
package clew.weights;
