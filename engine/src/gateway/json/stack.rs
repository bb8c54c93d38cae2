//! The two things that a reader of JSON remembers, each of a fixed size.
//!
//! Owns the bounds on depth and on words. Must not allocate: that is why an answer of any size costs the same memory.

use super::syntax::{Frame, Key};

/// Nesting beyond this is no answer of a gateway.
const DEPTH: usize = 32;
/// Keys and values that mean anything to us are not longer.
const WORD: usize = 64;

/// What encloses a place, the outermost first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    frames: [Frame; DEPTH],
    depth: usize,
}

/// Nested deeper than anything we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooDeep;

impl Default for Stack {
    fn default() -> Self {
        Self { frames: [Frame::Array; DEPTH], depth: 0 }
    }
}

impl Stack {
    pub(super) fn place(&self) -> &[Frame] {
        self.frames.get(..self.depth).unwrap_or_default()
    }

    pub(super) fn push(&mut self, frame: Frame) -> Result<(), TooDeep> {
        *self.frames.get_mut(self.depth).ok_or(TooDeep)? = frame;
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Option<Frame> {
        let last = self.place().last().copied();
        self.depth = self.depth.saturating_sub(1);
        last
    }

    /// Names the place within the innermost object.
    pub(super) fn name(&mut self, key: Key) {
        let innermost = self.depth.checked_sub(1).and_then(|last| self.frames.get_mut(last));
        if let Some(frame) = innermost {
            *frame = Frame::Object(key);
        }
    }
}

/// A key or a short value as it gathers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    bytes: [u8; WORD],
    /// One more than fits, once it is too long to mean anything.
    length: usize,
}

impl Default for Word {
    fn default() -> Self {
        Self { bytes: [0; WORD], length: 0 }
    }
}

impl Word {
    pub(super) fn push(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        match self.bytes.get_mut(self.length..end) {
            Some(free) => {
                free.copy_from_slice(text);
                self.length = end;
            }
            None => self.length = WORD.saturating_add(1),
        }
    }

    /// What has gathered; nothing if it was too long.
    pub(super) fn text(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }
}
