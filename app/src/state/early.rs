//! What happened before the program came: the visitor typed, chose, dropped files, pressed Create; the page sent messages.
//!
//! Owns the one value in which `browser` hands all of it over. Must not decide what follows: `Event::Started` does.
//!
//! Decision: docs/decisions/2026-11-29-state-at-hydration-is-what-was-rendered.md.

use super::uploads::UploadId;
use contract::{
    frame_messages::{Look, PageMessage},
    options::{Format, Quality, Size},
};
use serde::{Deserialize, Serialize};

/// What happened before the program came. Its JSON has the choices alone: an instance that fails to start has set them back
/// in the form, and all else is still where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Early {
    /// The text in the prompt.
    #[serde(skip)]
    pub prompt: String,
    /// Whether the visitor has typed it or pressed an idea.
    #[serde(skip)]
    pub touched: bool,
    /// Where its selection begins and ends.
    #[serde(skip)]
    pub selection: Option<(u32, u32)>,
    /// Whether the prompt has the focus.
    #[serde(skip)]
    pub focused: bool,
    /// The shape that is chosen in the form.
    pub size: Option<Size>,
    /// The quality that is chosen in the form.
    pub quality: Option<Quality>,
    /// How many pictures are chosen in the form.
    pub count: Option<u32>,
    /// The format that is chosen in the form.
    pub format: Option<Format>,
    /// Whether the background is to be transparent.
    pub transparent: bool,
    /// Whether the options are unfolded.
    pub options_open: bool,
    /// Pictures that were given to start from, in their order.
    #[serde(skip)]
    pub uploads: Vec<UploadId>,
    /// The prompt as it was when the form was submitted.
    #[serde(skip)]
    pub submitted: Option<String>,
    /// Whether a page is round the frame.
    #[serde(skip)]
    pub hosted: bool,
    /// What the frame's address says of the look.
    #[serde(skip)]
    pub look: Look,
    /// The page's messages, in their order.
    #[serde(skip)]
    pub messages: Vec<PageMessage>,
}
