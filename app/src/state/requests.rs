//! The requests of this visit, newest first, and which of them have changed since the views were told.
//!
//! Owns that no change goes unnoticed: whoever gets a request to change it has marked it. Must not know what a change means.

use super::{
    job,
    request::{Request, Stage},
};

/// The requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests {
    list: Vec<Request>,
    /// Each of their serials once.
    dirty: Vec<u32>,
}

impl Requests {
    /// All of them, newest first.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Request> {
        self.list.iter()
    }

    /// The request of this serial.
    pub(crate) fn get(&self, serial: u32) -> Option<&Request> {
        self.list.iter().find(|request| request.serial == serial)
    }

    /// The request of this serial, to be changed.
    pub(crate) fn get_mut(&mut self, serial: u32) -> Option<&mut Request> {
        self.find_mut(|request| request.serial == serial)
    }

    /// The first that this is true of, to be changed.
    pub(crate) fn find_mut(&mut self, own: impl Fn(&Request) -> bool) -> Option<&mut Request> {
        let request = self.list.iter_mut().find(|request| own(request))?;
        note(&mut self.dirty, request.serial);
        Some(request)
    }

    /// Those that this is true of look another way now.
    pub(crate) fn mark(&mut self, changed: impl Fn(&Request) -> bool) {
        for request in self.list.iter().filter(|request| changed(request)) {
            note(&mut self.dirty, request.serial);
        }
    }

    /// Cards that are older than a picture become lines, and stay so.
    pub(crate) fn shrink_cards(&mut self) {
        let mut succeeded = false;
        for request in &mut self.list {
            if succeeded && !request.shrunk && request.card().is_some() {
                request.shrunk = true;
                note(&mut self.dirty, request.serial);
            }
            succeeded |= matches!(&request.stage, Stage::Done(job) if job::ready(job) > 0);
        }
    }

    /// Adds one as the newest.
    pub(crate) fn push_newest(&mut self, request: Request) {
        self.insert(0, request);
    }

    /// Adds one as the oldest.
    pub(crate) fn push_oldest(&mut self, request: Request) {
        self.insert(self.list.len(), request);
    }

    /// Adds one before those that were asked for earlier.
    pub(crate) fn push_by_time(&mut self, request: Request) {
        let older = |other: &Request| other.since < request.since;
        let at = self.list.iter().position(older).unwrap_or(self.list.len());
        self.insert(at, request);
    }

    fn insert(&mut self, at: usize, request: Request) {
        note(&mut self.dirty, request.serial);
        self.list.insert(at.min(self.list.len()), request);
    }

    /// Takes those away that this is true of.
    pub(crate) fn take(&mut self, over: impl Fn(&Request) -> bool) -> Vec<Request> {
        let gone: Vec<_> = self.list.extract_if(.., |request| over(request)).collect();
        for request in &gone {
            note(&mut self.dirty, request.serial);
        }
        gone
    }

    /// The serials of those that have changed since this was asked last, those that are gone among them.
    pub(crate) fn take_dirty(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.dirty)
    }
}

/// Notes a serial, once. Few change between two looks of the views.
fn note(dirty: &mut Vec<u32>, serial: u32) {
    if !dirty.contains(&serial) {
        dirty.push(serial);
    }
}
