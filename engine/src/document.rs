//! What the edge decides about a document before it is rendered.
//!
//! Must not hold HTML or texts.

pub mod language;
