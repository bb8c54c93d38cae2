//! Pictures of the wall: which have loaded, what is shown until then, and which could not be loaded.
//!
//! Owns when one is requested again: a paid picture is requested until it is there or the edge says that it is gone. Must
//! not hold its bytes.
//!
//! Decision: docs/decisions/2026-11-29-the-device-wins-over-the-edge.md.

use super::{
    Studio,
    command::Command,
    event::Due,
    job,
    request::{PictureSet, Request},
    tile::TileKey,
};

/// Before a picture that did not load is loaded again: each time twice as long, [`SLOWEST`] times.
const RELOAD_MS: u32 = 2000;
const SLOWEST: u8 = 4;

impl Studio {
    /// The path of a picture that can be seen.
    pub(super) fn picture_url(&self, TileKey { serial, index }: TileKey) -> Option<String> {
        let job = self.requests.get(serial)?.job()?;
        job::picture(job, index)?.url.clone()
    }

    /// A picture cannot be shown: the edge says whether it is gone. Else something in between was in its way.
    pub(super) fn picture_failed(&mut self, TileKey { serial, index }: TileKey) {
        let Some(request) = self.requests.get_mut(serial) else { return };
        let Some(id) = request.id().map(str::to_owned) else { return };
        request.lost.add(index);
        if !std::mem::replace(&mut request.reloads, true) {
            let pause = RELOAD_MS << request.loads.min(SLOWEST);
            self.out.extend([Command::FetchJob(id), Command::After(pause, Due::Reload(serial))]);
        }
        self.requests.release_thumbnails(serial, PictureSet::one(index));
    }

    /// It is time to load a request's pictures again: past what the browser has kept of them, which may be what somebody else
    /// has answered.
    pub(super) fn reload(&mut self, serial: u32) {
        let Some(request) = self.requests.get_mut(serial) else { return };
        request.loads = request.loads.saturating_add(1);
        request.reloads = false;
        let lost = std::mem::take(&mut request.lost);
        let Some(job) = request.job() else { return };
        let paths = (0..).zip(&job.pictures).filter(|(index, _)| lost.has(*index));
        let again: Vec<_> = paths
            .filter(|(_, picture)| job::is_ready(picture))
            .filter_map(|(index, picture)| {
                let url = picture.url.clone()?;
                Some(Command::Refetch { key: TileKey { serial, index }, url })
            })
            .collect();
        for command in again {
            if let Command::Refetch { key, .. } = &command {
                request.lost.add(key.index);
            }
            self.out.push(command);
        }
    }

    /// A picture was fetched anew: it is shown, or asked for again.
    pub(super) fn picture_refetched(&mut self, key: TileKey, fine: bool) {
        let TileKey { serial, index } = key;
        let Some(request) = self.requests.get_mut(serial) else { return };
        if !request.lost.has(index) {
            return;
        }
        request.lost.remove(index);
        if !fine {
            self.picture_failed(key);
        }
    }

    /// A preview is decoded: it lies over the one before, until the picture has developed.
    pub(super) fn preview_decoded(&mut self, TileKey { serial, index }: TileKey, url: String) {
        let Some(request) = self.requests.get(serial) else { return };
        let job = request.job();
        let picture = job.and_then(|job| job::picture(job, index));
        let newest = picture.and_then(|picture| picture.preview_url.as_ref()) == Some(&url);
        let waits = newest && !picture.is_some_and(job::is_ready);
        if let Some(request) = self.requests.get_mut(serial).filter(|_| waits) {
            request.previews.push((index, url));
        }
    }

    pub(super) fn picture_developed(&mut self, TileKey { serial, index }: TileKey) {
        let own = |request: &Request| {
            request.serial == serial && request.previews.iter().any(|(at, _)| *at == index)
        };
        if let Some(request) = self.requests.find_mut(own) {
            request.previews.retain(|(at, _)| *at != index);
        }
    }

    /// A picture is seen: a smaller copy is to take its place, where it has none yet.
    pub(super) fn picture_loaded(&mut self, key: TileKey) {
        self.need_lazy_part();
        let Some(request) = self.requests.get_mut(key.serial) else { return };
        let picture = request.job().and_then(|job| job::picture(job, key.index));
        let Some(picture) = picture.filter(|_| !request.copied.has(key.index)) else { return };
        let Some(url) = picture.url.clone() else { return };
        request.copied.add(key.index);
        self.out.push(Command::MakeThumbnail { key, url });
    }
}
