//! The wall and the tools for many in the browser: measured, scrolled, selected.
//!
//! Owns which call of the browser goes with which event of theirs. Must not decide: `state` does.

use super::StudioStore;
use crate::{
    browser::{
        focus, keyboard,
        viewport::{self, WallElement},
    },
    state::event::Event,
};

impl StudioStore {
    /// From now on the state knows how wide the wall is, and what is in sight of it.
    pub(crate) fn watch_wall(self, wall: &WallElement) {
        viewport::watch(
            wall,
            move |sight| self.ask(|studio| studio.needs(sight)).unwrap_or_default(),
            move |event| self.send(event),
        );
    }

    /// The element in which the buttons of the selection are mounted.
    pub(crate) fn selection_place() -> Option<WallElement> {
        viewport::selection_place()
    }

    /// Escape ends selecting.
    pub(crate) fn listen_for_escape(self) {
        keyboard::on_escape(move || {
            let selects = self.ask(|studio| studio.selection().is_on).unwrap_or_default();
            if selects {
                self.send(Event::Selecting(false));
            }
            selects
        });
    }

    /// The pointer or the focus has come to the undo: it does not go while somebody is about to press it.
    pub(crate) fn hold_undo(self) {
        if focus::is_on_undo() {
            self.send(Event::UndoHeld(true));
        }
    }
}
