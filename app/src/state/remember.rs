//! What outlives a reload: jobs that may have something to show, orders whose fate is not known, and the draft.
//!
//! Owns when each is written down. Must not read them back: `start` does.

use super::{
    Studio,
    command::{Announcement, Command},
    draft::Note,
    event::Due,
    request::{Request, Sending},
    saved_draft::SavedDraft,
    session_storage::{Known, Order, Stored},
};
use contract::site::History;

/// How long typing stops before the draft is written down, in milliseconds.
const STOPS_MS: u32 = 500;

impl Studio {
    /// Whether the tab may remember anything.
    fn remembers(&self) -> bool {
        self.site.history != History::Off
    }

    /// Lets the tab remember what there is now.
    pub(super) fn remember(&mut self) {
        if let (true, Some(token)) = (self.remembers(), self.session.known()) {
            let known = |request: &Request| {
                let Request { since, gone, changes, .. } = *request;
                request.id().map(|id| Known { id: id.to_owned(), since, gone: gone.0, changes })
            };
            // What the device keeps may be hundreds: a reload finds them there.
            let own = self.requests.iter().filter(|request| !request.from_device);
            let jobs = own.filter_map(known).collect();
            let order = |request: &Request| {
                let Sending { key, order, .. } = request.intent()?;
                let (key, since) = (key.clone(), request.since);
                Some(Order { key, since, request: order.clone() })
            };
            let orders = self.requests.iter().filter_map(order).collect();
            self.out.push(Command::SaveSession(Stored { token: token.to_owned(), jobs, orders }));
        }
    }

    /// The draft is written down in a moment.
    pub(super) fn save_later(&mut self) {
        if self.remembers() && !std::mem::replace(&mut self.saves, true) {
            self.out.push(Command::After(STOPS_MS, Due::SaveDraft));
        }
    }

    /// Writes the draft down, if it is the visitor's.
    pub(super) fn save_draft(&mut self) {
        self.saves = false;
        if self.remembers() && self.touched {
            self.out.push(Command::SaveDraft(SavedDraft::of(&self.draft)));
        }
    }

    /// The document may not come back: nothing is put off any more.
    pub(super) fn page_hidden(&mut self, now: u64) {
        self.save_draft();
        // Nothing else is written again: the visitor may have cleared what the tab remembers.
        if !self.binned().is_empty() {
            self.empty(now);
        }
    }

    /// The edge has another release: a reload brings it, and loses nothing.
    pub(super) fn part_missing(&mut self) {
        let waits = self.forget_lazy_part();
        self.touched = true;
        self.save_draft();
        self.tell_of_the_studio(Note::Updated, waits);
    }

    /// Says this of the studio itself. Where the visitor waits for something, the page around the frame may scroll to it.
    pub(super) fn tell_of_the_studio(&mut self, note: Note, waits: bool) {
        self.note = Some(note);
        self.announce(Announcement::Note(note));
        if waits {
            self.out.push(Command::ScrollToNote);
        }
    }
}
