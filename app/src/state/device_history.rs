//! The device history: pictures that stay on the visitor's device, from their consent until they delete them.
//!
//! Owns what is offered, stored and deleted there, and when. Must not store anything itself, and must not promise more than
//! a browser does: it may refuse, be full, or delete everything.

use super::{
    Studio,
    command::{Command, DeviceCommand, FocusTarget},
    event::Due,
    job,
    kept_picture::{self, KeptFacts, KeptJob, KeptPicture},
    request::{PictureSet, Request, Running, Stage},
    tile::{self, TileKey},
};
use contract::site::History;
use std::collections::{HashMap, VecDeque};

/// How long after a failure a picture is asked for again, in milliseconds.
const AGAIN_MS: u32 = 15_000;

/// What the visitor is asked, or told, about the device history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DeviceStage {
    /// Nothing: it is not known yet whether they have agreed, or they have said "not now".
    #[default]
    Silent,
    /// Whether pictures may stay on this device.
    Offered,
    /// That they do.
    On,
    /// Whether all of them are to be deleted.
    AsksToDelete,
    /// That there is no more room.
    Full,
    /// That the browser does not let the studio store anything.
    Refused,
    /// That another tab holds the database in the form of an earlier release.
    Blocked,
    /// That a newer release has stored what this one cannot read.
    Newer,
}

/// The buttons of the device history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceButton {
    /// "Keep on this device".
    Keep,
    /// "Not now".
    NotNow,
    /// "Stop keeping".
    Stop,
    /// "Go on keeping".
    GoOn,
    /// "Delete them and stop".
    StopAll,
}

/// Why the device keeps nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceFailure {
    /// There is no room.
    Full,
    /// The browser refuses.
    Refused,
    /// What is stored was stored by a newer release.
    Newer,
}

/// What the studio knows of the device history.
#[derive(Debug, Clone, Default)]
pub(super) struct DeviceHistory {
    stage: DeviceStage,
    /// The stage to which "Go on keeping" leads back.
    before: DeviceStage,
    /// Whether the visitor has agreed on an earlier visit.
    agreed: bool,
    /// Whether a press of the visitor waits for its answer: then the focus has to go somewhere.
    pressed: bool,
    /// Whether pictures are stored as they come.
    keeps: bool,
    /// The picture that is being stored.
    keeping: Option<TileKey>,
    /// The requests that may have pictures to store.
    queue: VecDeque<u32>,
}

impl Studio {
    /// What the visitor is asked or told.
    pub(crate) fn device_stage(&self) -> DeviceStage {
        self.device.stage
    }

    /// Whether this visitor has agreed on an earlier visit, where the site offers it.
    pub(super) fn device_agreed(&mut self, agreed: bool) {
        self.device.agreed = agreed && self.site.history == History::Device;
        if self.device.agreed {
            self.need_lazy_part();
        }
    }

    /// The part of the program that stores pictures is there.
    pub(super) fn device_came(&mut self) {
        if self.site.history != History::Device {
            return;
        }
        if self.device.agreed {
            self.out.push(Command::Device(DeviceCommand::Open));
        } else {
            self.device.stage = DeviceStage::Offered;
        }
    }

    pub(super) fn device_pressed(&mut self, button: DeviceButton, now: u64) {
        let device = &mut self.device;
        device.pressed = true;
        match button {
            DeviceButton::Keep => {
                return self.out.push(Command::Device(DeviceCommand::Open));
            }
            DeviceButton::NotNow => device.stage = DeviceStage::Silent,
            DeviceButton::Stop => {
                device.before = std::mem::replace(&mut device.stage, DeviceStage::AsksToDelete);
            }
            DeviceButton::GoOn => device.stage = device.before,
            DeviceButton::StopAll => self.stop_keeping(now),
        }
        self.focus_after_press();
    }

    /// Whoever pressed a button that goes finds the next one, or else the last picture, which stands right before.
    fn focus_after_press(&mut self) {
        if !std::mem::take(&mut self.device.pressed) {
            return;
        }
        let has_button = !matches!(
            self.device.stage,
            DeviceStage::Silent | DeviceStage::Refused | DeviceStage::Blocked | DeviceStage::Newer
        );
        let target = if has_button {
            FocusTarget::DeviceHistory
        } else if let Some(last) = self.last_picture() {
            FocusTarget::Tile(last)
        } else {
            FocusTarget::Prompt { select: false }
        };
        self.out.push(Command::Focus(target));
    }

    fn last_picture(&self) -> Option<TileKey> {
        let last = |request: &Request| {
            let shown = ready(request).filter(|index| !request.hides(*index));
            shown.last().map(|index| TileKey { serial: request.serial, index })
        };
        self.requests.iter().rev().find_map(last)
    }

    /// The device history is open: this is what it holds.
    pub(super) fn device_opened(&mut self, pictures: Vec<KeptPicture>) {
        self.hang(kept_picture::jobs(pictures));
        let device = &mut self.device;
        (device.stage, device.agreed, device.keeps) = (DeviceStage::On, true, true);
        device.queue = self.requests.iter().map(|request| request.serial).collect();
        self.focus_after_press();
    }

    /// Shows what is kept. Of a job that is known already, the kept pictures take the places of its own.
    fn hang(&mut self, jobs: Vec<KeptJob>) {
        let known = |request: &Request| Some((request.id()?.to_owned(), request.serial));
        let known: HashMap<_, _> = self.requests.iter().filter_map(known).collect();
        let mut fresh = Vec::new();
        for KeptJob { job, since, kept, thumbnails } in jobs {
            let own = known.get(&job.id).and_then(|serial| self.requests.get_mut(*serial));
            let Some(request) = own else {
                let request = Request::new(self.serial(), Stage::Done(job));
                let mut request = Request { since, kept, from_device: true, ..request };
                for (index, url) in thumbnails {
                    // A new one has none, so that each is shown.
                    drop(request.offer_thumbnail(index, url));
                }
                fresh.push(request);
                continue;
            };
            request.kept.0 |= kept.0;
            match &mut request.stage {
                Stage::Running(Running { job: known, .. }) | Stage::Done(known) => {
                    job::keep(known, &job, kept);
                }
                stage => *stage = Stage::Done(job),
            }
            let serial = request.serial;
            for (index, url) in thumbnails {
                self.requests.offer_thumbnail(TileKey { serial, index }, url);
            }
        }
        self.requests.merge_by_time(fresh);
    }

    /// Another tab has to be closed first.
    pub(super) fn device_blocked(&mut self) {
        self.device.stage = DeviceStage::Blocked;
        self.focus_after_press();
    }

    /// The device keeps nothing more. What is kept stays.
    pub(super) fn device_failed(&mut self, failure: DeviceFailure) {
        let device = &mut self.device;
        device.stage = match failure {
            DeviceFailure::Full => DeviceStage::Full,
            DeviceFailure::Refused => DeviceStage::Refused,
            DeviceFailure::Newer => DeviceStage::Newer,
        };
        device.keeps = false;
        device.keeping = None;
        device.queue.clear();
        self.focus_after_press();
    }

    /// A request may have a picture to store.
    pub(super) fn keep_later(&mut self, serial: u32) {
        if self.device.keeps && self.device.queue.back() != Some(&serial) {
            self.device.queue.push_back(serial);
        }
    }

    /// Has the next picture stored, one at a time.
    pub(super) fn keep_next(&mut self) {
        if !self.device.keeps || self.device.keeping.is_some() {
            return;
        }
        while let Some(serial) = self.device.queue.front().copied() {
            let next = self.requests.get(serial).and_then(next_to_keep);
            if let Some((index, facts)) = next {
                let key = TileKey { serial, index };
                self.device.keeping = Some(key);
                let keep = DeviceCommand::Keep { key, facts: Box::new(facts) };
                return self.out.push(Command::Device(keep));
            }
            self.device.queue.pop_front();
        }
    }

    /// A picture is stored. One that was deleted meanwhile is deleted there too.
    pub(super) fn picture_kept(&mut self, key: TileKey, picture: KeptPicture) {
        if self.device.keeping != Some(key) {
            return;
        }
        self.device.keeping = None;
        let KeptPicture { facts, thumbnail } = picture;
        let own = self.requests.get_mut(key.serial).filter(|it| !it.gone.has(key.index));
        let Some(request) = own else {
            return self.out.push(Command::Device(DeviceCommand::Forget(vec![facts.url])));
        };
        request.kept.add(key.index);
        if let Some(url) = thumbnail {
            self.requests.offer_thumbnail(key, url);
        }
    }

    /// A picture could not be had. `gone`: the edge has said so; what something else has answered counts for nothing,
    /// another time it may be the picture.
    pub(super) fn picture_not_kept(&mut self, key: TileKey, gone: bool) {
        if self.device.keeping != Some(key) {
            return;
        }
        self.device.keeping = None;
        let TileKey { serial, index } = key;
        if gone {
            if let Some(request) = self.requests.get_mut(serial) {
                request.not_kept.add(index);
            }
        } else {
            self.device.queue.retain(|other| *other != serial);
            self.out.push(Command::After(AGAIN_MS, Due::Keep(serial)));
        }
    }

    /// These pictures of a request are deleted for good: the device lets go of those that it has.
    pub(super) fn forget_kept(request: &mut Request, deleted: PictureSet) -> Vec<String> {
        let kept = PictureSet(request.kept.0 & deleted.0);
        request.kept.0 &= !deleted.0;
        urls(request, kept)
    }

    pub(super) fn tell_device_to_forget(&mut self, urls: Vec<String>) {
        if !urls.is_empty() {
            self.out.push(Command::Device(DeviceCommand::Forget(urls)));
        }
    }

    /// Deletes all that is kept.
    fn stop_keeping(&mut self, now: u64) {
        self.device_deleted(now);
        self.out.push(Command::Device(DeviceCommand::DeleteAll));
    }

    /// Nothing is kept any more. What nobody else has leaves the wall; what the edge still has hangs there as that.
    pub(super) fn device_deleted(&mut self, now: u64) {
        self.empty(now);
        let expired = now.saturating_sub(self.retention_ms());
        let kept = |request: &Request| request.kept != PictureSet(0);
        let serials: Vec<_> =
            self.requests.iter().filter(|it| kept(it)).map(|it| it.serial).collect();
        for serial in serials {
            let Some(request) = self.requests.get_mut(serial) else { continue };
            let kept = std::mem::take(&mut request.kept);
            if request.since < expired {
                request.gone.0 |= kept.0;
            }
            request.from_device = false;
            self.requests.release_thumbnails(serial, kept);
        }
        self.forget(Request::is_gone, now);
        let (stage, pressed) = (DeviceStage::Offered, self.device.pressed);
        self.device = DeviceHistory { stage, pressed, ..DeviceHistory::default() };
    }
}

/// The indices of a request's pictures that can be shown.
fn ready(request: &Request) -> impl Iterator<Item = u32> {
    let pictures = request.job().map(|job| job.pictures.as_slice()).unwrap_or_default();
    (0..).zip(pictures).filter(|(_, picture)| job::is_ready(picture)).map(|(index, _)| index)
}

/// The first picture of a request that is to be stored.
fn next_to_keep(request: &Request) -> Option<(u32, KeptFacts)> {
    let open = |index: &u32| {
        !request.hides(*index) && !request.kept.has(*index) && !request.not_kept.has(*index)
    };
    ready(request)
        .filter(open)
        .find_map(|index| Some((index, KeptFacts::of(tile::facts(request, index)?)?)))
}

/// The paths of these pictures.
fn urls(request: &Request, of: PictureSet) -> Vec<String> {
    let pictures = request.job().map(|job| job.pictures.as_slice()).unwrap_or_default();
    let own = (0..).zip(pictures).filter(|(index, _)| of.has(*index));
    own.filter_map(|(_, picture)| picture.url.clone()).collect()
}
