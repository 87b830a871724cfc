/// Chat templates: a small Jinja of our own, as Hugging Face sets it up.
///
/// [ChatTemplate] is parsed once ([Lexer], [Parser]) into sealed records and interpreted with Python's semantics where
/// they show. Nothing of Java is in reach of a template; its work, its memory and its depth have limits. Text knows
/// which of its characters came from whose message, so that every token of a rendered chat has a [Role].
/// Depends on Jackson, the tokenizers and the JDK only.
package clew.model.template;
