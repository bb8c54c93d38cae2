//! What the page and the studio's frame say to each other: protocol 1, `docs/messages.md`.
//!
//! Owns the types of both directions. Must not hold a description, an id or a path in what goes to the page: no field of
//! [`FrameMessage`] could. The protocol's number (`easel: 1`) and a picture's `File` are added where messages are posted.

use crate::options::{MediaType, Quality, Size};
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// The protocol's number, the member `easel` of each message.
pub const PROTOCOL: u32 = 1;

/// A message from the page. A type that is unknown is an error of serde, and the message is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum PageMessage {
    /// The look, and whether the frame has the whole window.
    Set(Look),
    /// Submits the form, with this description if there is one.
    Generate {
        /// Replaces the description.
        #[serde(default)]
        prompt: Option<String>,
    },
    /// Cancels the jobs that run, and a submit that waits.
    Cancel,
    /// Empties the gallery.
    Clear,
    /// Puts the focus into the prompt.
    Focus,
}

/// The look that the page asks for. Every value is CSS, and empty where the page says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Look {
    /// `light`, `dark`, or anything else for the visitor's own.
    pub theme: String,
    /// What the prompt begins with.
    pub prompt: String,
    /// The colour of what is pressed.
    pub accent: String,
    /// The colour of text on it.
    pub on_accent: String,
    /// The colour of the ground.
    pub surface: String,
    /// The colour of text.
    pub ink: String,
    /// The radius of corners.
    pub radius: String,
    /// The font family.
    pub font: String,
    /// Whether the frame has the whole window; `None` in the address, where it means nothing.
    pub expanded: Option<bool>,
}

/// A message to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FrameMessage {
    /// The form is painted and takes text; the program may still be on its way.
    Painted,
    /// The form can be used and messages are heard.
    Ready {
        /// The product's version.
        version: String,
    },
    /// Asks for the whole window, or gives it back.
    Expand {
        /// True asks for it.
        expanded: bool,
    },
    /// A job was accepted.
    Start {
        /// Pictures that it makes.
        count: u32,
        /// The size of each.
        size: Size,
        /// The quality of each.
        quality: Quality,
    },
    /// A second of a wait has gone by.
    Progress {
        /// Milliseconds since the start.
        elapsed_ms: u64,
        /// Milliseconds that such a picture takes; null if that is not known.
        expected_ms: Option<u64>,
    },
    /// A picture is ready.
    Picture {
        /// Its place in the job, from 0.
        index: u32,
        /// Pixels, by its bytes.
        width: u32,
        /// Pixels, by its bytes.
        height: u32,
        /// By its bytes.
        media_type: MediaType,
    },
    /// A job ended with at least one picture.
    Done {
        /// How many it has.
        pictures: u32,
    },
    /// A job, or the attempt to make one, ended without a picture, or nobody has answered it for some seconds.
    Problem {
        /// The word of a problem kind, or `offline`.
        kind: String,
    },
    /// The visitor cancelled.
    Cancel,
    /// An original was saved.
    Download {
        /// Of the bytes.
        media_type: MediaType,
    },
    /// "Use this picture"; its `file` is added where the message is posted.
    Choose,
}
