//! The lazy part of the program: viewer, tools for many pictures, device history.
//!
//! Owns when it is asked for: when the first picture hangs, or earlier if somebody needs it. One that does not come is
//! asked for again by the next event that needs it. Must not know what is in it.

use super::{Studio, command::Command, draft::Note};

/// Whether the lazy part is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LazyPart {
    #[default]
    Absent,
    Loading,
    Mounted,
}

impl Studio {
    /// Something needs the lazy part, or soon will.
    pub(super) fn need_lazy_part(&mut self) {
        if self.lazy_part == LazyPart::Absent {
            self.lazy_part = LazyPart::Loading;
            self.out.push(Command::LoadLazyPart);
        }
    }

    /// The part is mounted.
    pub(super) fn lazy_part_mounted(&mut self) {
        self.lazy_part = LazyPart::Mounted;
        self.device_came();
    }

    /// The part is not on its way any more: what it would show is closed. Returns whether the visitor waited for it.
    pub(super) fn forget_lazy_part(&mut self) -> bool {
        let waits = self.lazy_part == LazyPart::Loading && self.viewer.is_some();
        if self.lazy_part == LazyPart::Loading {
            self.lazy_part = LazyPart::Absent;
            self.close_viewer(None);
        }
        waits
    }

    /// The part did not come: the studio goes on without it, and says so.
    pub(super) fn lazy_part_missing(&mut self) {
        let waits = self.forget_lazy_part();
        self.tell_of_the_studio(Note::PartMissing, waits);
    }
}
