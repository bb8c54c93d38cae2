//! The requests of this visit, newest first, and which of them have changed since the views were told.
//!
//! Owns that no change goes unnoticed: whoever gets a request to change it has marked it. Must not know what a change means.

use super::{
    job,
    request::{PictureSet, Request, Stage},
    tile::TileKey,
};

/// The requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests {
    list: Vec<Request>,
    /// Each of their serials once.
    dirty: Vec<u32>,
    /// URLs of thumbnails that nothing shows any more.
    released: Vec<String>,
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

    /// Adds these, each before those that were asked for earlier. They may be hundreds.
    pub(crate) fn merge_by_time(&mut self, mut fresh: Vec<Request>) {
        fresh.sort_by_key(|request| std::cmp::Reverse(request.since));
        self.dirty.extend(fresh.iter().map(|request| request.serial));
        let mut fresh = fresh.into_iter().peekable();
        let mut merged = Vec::with_capacity(self.list.len());
        for request in self.list.drain(..) {
            while let Some(newer) = fresh.next_if(|newer| newer.since > request.since) {
                merged.push(newer);
            }
            merged.push(request);
        }
        merged.extend(fresh);
        self.list = merged;
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
            self.released.extend(request.thumbnails.iter().map(|(_, url)| url.clone()));
        }
        gone
    }

    /// Shows this copy of a picture, if the picture is there and has none. One that is not shown is let go of.
    pub(crate) fn offer_thumbnail(&mut self, TileKey { serial, index }: TileKey, url: String) {
        let refused = match self.get_mut(serial).filter(|request| !request.gone.has(index)) {
            Some(request) => request.offer_thumbnail(index, url),
            None => Some(url),
        };
        self.released.extend(refused);
    }

    /// Lets go of the thumbnails of these pictures of a request.
    pub(crate) fn release_thumbnails(&mut self, serial: u32, of: PictureSet) {
        let Some(request) = self.get_mut(serial) else { return };
        request.copied.0 &= !of.0;
        let released: Vec<_> = request.thumbnails.extract_if(.., |(at, _)| of.has(*at)).collect();
        self.released.extend(released.into_iter().map(|(_, url)| url));
    }

    /// The URLs of thumbnails that nothing shows any more since this was asked last.
    pub(crate) fn take_released(&mut self) -> Vec<String> {
        std::mem::take(&mut self.released)
    }

    /// The same serials, which stay.
    pub(crate) fn dirty(&self) -> &[u32] {
        &self.dirty
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
