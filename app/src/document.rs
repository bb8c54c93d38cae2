//! The studio's document, as the Worker sends it.
//!
//! Owns the HTML round the components' root, and the data block from which the browser builds the same components again.
//! Rendering is one synchronous call that depends on its arguments alone and keeps nothing. Must not panic: the Worker
//! that renders makes pictures too.

use crate::{BUILD, components, texts::tables};
use contract::{document::StudioData, site::Site, text_keys::TextKey};
use serde::Deserialize;
use std::fmt;

/// The build's part of the document: what stands in it for the first paint, and the paths of its files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shell {
    /// The stylesheet of the first paint.
    pub style: String,
    /// Its hash, as the document's policy names it.
    pub style_hash: String,
    /// `boot.js`.
    pub boot: String,
    /// Its hash.
    pub boot_hash: String,
    /// The path of all other styles.
    pub stylesheet: String,
    /// The path of the program's JavaScript.
    pub glue: String,
    /// The path of the program.
    pub wasm: String,
    /// The paths of the modules that are imported beside the program.
    pub preload: Vec<String>,
    /// The path of the icon of a studio that is a page of its own.
    pub icon: String,
}

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LanguageFacts<'a> {
    /// The language of the texts: one that `texts/` has.
    pub words: &'a str,
    /// The document's `lang`.
    pub lang: &'a str,
    /// Whether the document runs from right to left.
    pub from_the_right: bool,
}

/// Why a document cannot be rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentError {
    /// There are no texts in this language, or not all of them.
    Texts,
    /// The data block cannot be written.
    Data,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Texts => "the document's language has no texts",
            Self::Data => "the document's data cannot be written",
        })
    }
}

/// Renders a site's document.
pub fn render(
    shell: &Shell,
    site: Site,
    language: &LanguageFacts<'_>,
) -> Result<String, DocumentError> {
    let mut data = data(site, language)?;
    let parts = components::render(&data);
    data.elements = elements(&parts.root);
    let block = serde_json::to_string(&data).map_err(|_| DocumentError::Data)?;
    let text = |key: TextKey| escape(data.texts.get(key as usize).map_or("", String::as_str));
    let direction = if language.from_the_right { " dir=\"rtl\"" } else { "" };
    let mut html = Html::default();
    html.add(&["<!doctype html>\n<html lang=\"", &escape(&data.lang), "\"", direction, ">\n"]);
    html.add(&["<head>\n<meta charset=\"utf-8\">\n"]);
    // For a studio that is a page of its own: in a frame nobody sees them, and no browser fetches the icon.
    html.add(&["<title>", &text(TextKey::Title), " – ", &escape(&data.site.id), "</title>\n"]);
    html.add(&["<link rel=\"icon\" type=\"image/svg+xml\" href=\"", &shell.icon, "\">\n"]);
    html.add(&["<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"]);
    html.add(&["<meta name=\"color-scheme\" content=\"light dark\">\n"]);
    for module in [&shell.glue].into_iter().chain(&shell.preload) {
        html.add(&["<link rel=\"modulepreload\" href=\"", module, "\">\n"]);
    }
    html.add(&["<link rel=\"preload\" href=\"", &shell.wasm, "\" as=\"fetch\""]);
    html.add(&[" type=\"application/wasm\" crossorigin>\n"]);
    html.add(&["<style>", &shell.style, "</style>\n<script>", &shell.boot, "</script>\n</head>\n"]);
    html.add(&["<body>\n", &parts.symbols, "\n"]);
    html.add(&["<p class=\"unseen\" id=\"early\" role=\"status\"></p>"]);
    html.add(&["<template id=\"moment\">", &text(TextKey::Moment), "</template>\n"]);
    for (id, key) in [("broken", TextKey::Broken), ("stopped", TextKey::Stopped)] {
        html.add(&[
            "<p class=\"notice\" id=\"",
            id,
            "\" role=\"alert\" hidden>",
            &text(key),
            "</p>\n",
        ]);
    }
    html.add(&["<noscript><p class=\"no-script\">", &text(TextKey::NoScript)]);
    html.add(&["</p></noscript>\n"]);
    html.add(&["<div id=\"root\">", &parts.root, "</div>\n<div id=\"lazy\"></div>\n"]);
    // `<` is escaped, so that no value ends the element.
    let block = block.replace('<', "\\u003c");
    html.add(&["<script id=\"site\" type=\"application/json\">", &block, "</script>\n"]);
    html.add(&["<link rel=\"stylesheet\" href=\"", &shell.stylesheet, "\">\n</body>\n</html>\n"]);
    Ok(html.0)
}

/// What both sides build the components from. The owner's texts are in the places of the language's own.
fn data(mut site: Site, language: &LanguageFacts<'_>) -> Result<StudioData, DocumentError> {
    let mut texts = tables::of(language.words).ok_or(DocumentError::Texts)?.to_vec();
    let mut own = std::mem::take(&mut site.texts);
    for ((_, key), text) in TextKey::ALL.iter().zip(&mut texts) {
        if let Some(own) = own.remove(*key) {
            *text = own;
        }
    }
    let (build, lang) = (BUILD.to_owned(), language.lang.to_owned());
    Ok(StudioData { build, elements: 0, site, texts, lang })
}

/// How many elements an HTML text has. In texts and attributes `<` is escaped, so that it only begins tags.
fn elements(html: &str) -> u32 {
    let starts = html.as_bytes().windows(2);
    let count =
        starts.filter(|pair| matches!(pair, [b'<', letter] if letter.is_ascii_alphabetic()));
    u32::try_from(count.count()).unwrap_or(u32::MAX)
}

/// A text as it stands in an element or in a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
    out
}

#[derive(Default)]
struct Html(String);

impl Html {
    fn add(&mut self, parts: &[&str]) {
        self.0.extend(parts.iter().copied());
    }
}

#[cfg(test)]
mod tests;
