//! JSON as this program reads and writes it: by hand, because derived code is a third of the Worker's size.
//!
//! Owns the way between a value and its JSON, which is the one that serde would take. Must not know what a value means:
//! each type says next to itself which members it has.

mod contract;
mod macros;
mod parse;
mod tree;
mod values;
mod write;

pub(crate) use macros::{reads, variants, writes};
pub use tree::{Json, Wrong};
pub(crate) use write::{member, text as write_text};

/// A value that can be told from JSON.
pub trait FromJson: Sized {
    /// The value that this is.
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong>;

    /// What it means that a member of this type is not there.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value that can be told as JSON.
pub trait ToJson {
    /// Adds it to the text.
    fn to_json(&self, out: &mut String);
}

/// The value that a text holds.
pub fn read<T: FromJson>(text: &str) -> Result<T, Wrong> {
    T::from_json(&parse::parse(text)?)
}

/// A value as a text, without white space.
pub fn text(value: &dyn ToJson) -> String {
    let mut out = String::new();
    value.to_json(&mut out);
    out
}

#[cfg(test)]
mod tests;
