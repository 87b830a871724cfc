/// Tokenizers: text to ids with code-point offsets, and back.
///
/// A tokenizer is a value: added tokens, normalizer, pre-tokenizer, model, post-processor and decoder, each a sealed
/// interface of records named as in tokenizer.json. Text in flight is an `Aligned`: a string that knows, for every
/// character, which part of the original it came from, so that offsets come out right whatever the components do.
/// Depends on Jackson and the JDK only.
package clew.model.token;
