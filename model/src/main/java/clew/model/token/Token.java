package clew.model.token;

/// One token of a text.
///
/// @param text what the id stands for in place: its leading space kept, an incomplete UTF-8 sequence as U+FFFD
/// @param piece the vocabulary's entry
/// @param start first code point of the original text that the token covers; 0 if a template added it
/// @param end the code point behind the last; 0 if a template added it
public record Token(int index, int id, String text, String piece, int start, int end, boolean special) {}
