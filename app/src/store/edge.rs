//! What a store does at the edge: nothing.
//!
//! Owns the same names that `engine` has in the browser, so that the components are the same ones. Must not hold a
//! state: the edge renders what stands at the start, and forgets it.
#![expect(clippy::unused_self, reason = "the browser's store has the same methods")]

use super::StudioStore;
use crate::state::event::Event;
use leptos::ev;

impl StudioStore {
    /// Nothing happens at the edge.
    pub(crate) fn send(self, _: Event) {}

    /// Nothing is submitted at the edge.
    pub(crate) fn submit(self) {}

    /// Nothing is tried again at the edge.
    pub(crate) fn retry(self, _: u32) {}

    /// No files are given at the edge.
    pub(crate) fn add_files(self, _: &ev::Event) {}

    /// No answer has told the time.
    pub(super) fn edge_time(self) -> u64 {
        0
    }
}
