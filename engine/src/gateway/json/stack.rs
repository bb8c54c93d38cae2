//! The memory of the JSON reader, which has a fixed size: the position, and the current key or short value.
//!
//! Owns the limits of depth and of short values. Must not allocate, so that a response of any size needs the same
//! memory.

use super::syntax::{Frame, Key};

/// The deepest nesting. No gateway's response is deeper.
const MAX_DEPTH: usize = 32;
/// The longest key or value that is kept. All known keys are shorter.
const MAX_SHORT_BYTES: usize = 64;

/// The arrays and objects around the current position, the outermost first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    frames: [Frame; MAX_DEPTH],
    depth: usize,
}

/// The JSON is nested deeper than [`MAX_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooDeep;

impl Default for Stack {
    fn default() -> Self {
        Self { frames: [Frame::Array; MAX_DEPTH], depth: 0 }
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

    /// Sets the current key of the innermost object.
    pub(super) fn name(&mut self, key: Key) {
        let innermost = self.depth.checked_sub(1).and_then(|last| self.frames.get_mut(last));
        if let Some(frame) = innermost {
            *frame = Frame::Object(key);
        }
    }
}

/// A key or a short value, collected piece by piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShortValue {
    bytes: [u8; MAX_SHORT_BYTES],
    /// `MAX_SHORT_BYTES` and one more, once it is too long.
    length: usize,
}

impl Default for ShortValue {
    fn default() -> Self {
        Self { bytes: [0; MAX_SHORT_BYTES], length: 0 }
    }
}

impl ShortValue {
    pub(super) fn push(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        match self.bytes.get_mut(self.length..end) {
            Some(free) => {
                free.copy_from_slice(text);
                self.length = end;
            }
            None => self.length = MAX_SHORT_BYTES.saturating_add(1),
        }
    }

    /// The collected text; `None` if it was too long.
    pub(super) fn text(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }
}
