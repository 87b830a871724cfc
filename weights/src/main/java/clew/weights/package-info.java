/// Files on disk: safetensors (read mapped, written), `config.json`, and the directories that hold them.
package clew.weights;
