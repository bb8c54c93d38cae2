//! The data that the studio's document carries beside its HTML.
//!
//! Owns the JSON type of the document's data block, from which the edge renders the studio's components and the browser
//! hydrates them: both see the same values. Must not hold a time of day or anything else that depends on the browser.

use crate::site::Site;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The data block of `/studio/{site}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudioData {
    /// The build that rendered the document. A program of another build does not hydrate it.
    pub build: String,
    /// How many elements the studio's HTML has. A document that a translator or an extension changed has another number,
    /// and the program does not hydrate it.
    pub elements: u32,
    /// The site, without its `texts`: they are in the place of the language's own in [`texts`](Self::texts).
    pub site: Site,
    /// The studio's texts, in the order of [`TextKey::ALL`](crate::text_keys::TextKey::ALL).
    pub texts: Vec<String>,
    /// The language of the texts, as `lang` says it.
    pub lang: String,
}
