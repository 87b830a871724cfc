/// Explanations made visible: terminal, web page, JSON, CSV and safetensors.
///
/// Text from prompts, vocabularies and files is hostile until [Visible] or a format's own quoting has seen it.
/// Depends on the results only; nothing here runs a model.
package clew.attribution.render;
