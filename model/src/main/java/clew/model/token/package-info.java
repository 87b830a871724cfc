/// Tokenizers: text to ids with code-point offsets, and back.
package clew.model.token;
