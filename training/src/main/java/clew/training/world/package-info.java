/// The micro-world: a generated corpus of facts, contexts, words, reviews, stories and talk, with held-out examples.
///
/// [World] is the door; every text is a function of the world's seed. Vocabulary and phrasings lie beside the classes
/// as text resources. Depends on the tokenizer only where a [Text] becomes a document for the trainer.
package clew.training.world;
