//! Selectors: the parts of the state that views and effects read.
//!
//! Owns each derived value in one place. Must not change anything but the list of what has changed.

use super::{
    Studio,
    allowance::AllowanceLeft,
    draft::{self, Draft, Note},
    progress::{self, Clock, Progress},
    request::{Request, Running, Sending, Stage},
    tile::{self, Around, PictureFacts, TileKey, TileView},
    uploads::ReferenceView,
};
use contract::{
    money::Nano,
    options::{Quality, Size},
    site::{Challenge, History},
};

/// After so many seconds of a wait the visitor is told that they may leave.
const LEAVE_SECONDS: u64 = 8;

impl Studio {
    /// The challenge that opens a session.
    pub(crate) fn challenge(&self) -> Option<Challenge> {
        self.site.challenge.clone()
    }

    /// Whether the challenge is before the visitor.
    pub(crate) const fn is_challenge_open(&self) -> bool {
        self.session.is_checking()
    }

    /// Whether a page is round the frame.
    pub(crate) const fn is_hosted(&self) -> bool {
        self.hosted
    }

    /// The form's content.
    pub(crate) const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What the form has to say.
    pub(crate) const fn note(&self) -> Option<Note> {
        self.note
    }

    /// Whether the options are unfolded.
    pub(crate) const fn options_open(&self) -> bool {
        self.options_open
    }

    /// Whether the composer is folded to one line, where the window is narrow.
    pub(crate) const fn folded(&self) -> bool {
        self.folded
    }

    /// Whether files are dragged over the studio.
    pub(crate) const fn files_over(&self) -> bool {
        self.dragging
    }

    /// Whether the frame has the whole window.
    pub(crate) const fn is_expanded(&self) -> bool {
        self.expanded
    }

    /// The pictures in the composer.
    pub(crate) fn references(&self) -> Vec<ReferenceView> {
        self.uploads.references()
    }

    /// About what the form's choices will cost, where the site shows it. What pictures to start from add, nobody knows before.
    pub(crate) fn estimate(&self) -> Option<Nano> {
        let plain = self.uploads.composer().is_empty();
        draft::estimate(&self.site, &self.draft.choices).filter(|_| plain)
    }

    /// Whether the visitor waits for a picture.
    pub(crate) fn is_running(&self) -> bool {
        self.running_count() > 0
    }

    /// How many requests the visitor waits for.
    pub(crate) fn running_count(&self) -> u32 {
        let running = self.requests.iter().filter(|request| request.is_running()).count();
        running.try_into().unwrap_or(u32::MAX)
    }

    /// Whether the button says Cancel: what the form asks for is being made, or nothing more may be asked for.
    pub(crate) fn create_cancels(&self) -> bool {
        let newest = self.requests.iter().find(|request| request.is_running());
        newest.is_some_and(|newest| !self.may_queue() || self.is_drafted(newest))
    }

    /// Whether a request that runs is for what the form asks for.
    fn is_drafted(&self, request: &Request) -> bool {
        let asked = match &request.stage {
            Stage::Sending(sending) => sending.order.clone(),
            Stage::Running(running) => super::job::request_of(&running.job.request),
            _ => return false,
        };
        self.draft.asks_for(&self.site, &asked) && request.uploads == self.uploads.composer()
    }

    /// Whether a picture hangs.
    pub(crate) fn has_picture(&self) -> bool {
        self.requests.iter().any(|it| it.job().is_some_and(|job| super::job::ready(job) > 0))
    }

    /// What is left to the visitor, where that is known at `now`.
    pub(crate) fn allowance(&self, now: u64) -> Option<AllowanceLeft> {
        let holds = |(left, told): &(AllowanceLeft, u64)| {
            left.holds(self.edge_time(*told), self.edge_time(now))
        };
        self.left.filter(holds).map(|(left, _)| left)
    }

    /// The places of a request, in their order, at `now`.
    pub(crate) fn tiles_of(&self, serial: u32, now: u64) -> Vec<(TileKey, TileView)> {
        let request = self.requests.get(serial);
        request.map(|it| tile::views(it, self.around(it, now))).unwrap_or_default()
    }

    /// The serials of the requests that look another way since this was asked last, those that are gone among them. If there
    /// is none, nothing on the wall has changed.
    pub(crate) fn take_dirty(&mut self) -> Vec<u32> {
        self.requests.take_dirty()
    }

    /// What is told of a picture beside itself.
    pub(crate) fn facts(&self, TileKey { serial, index }: TileKey) -> Option<PictureFacts> {
        tile::facts(self.requests.get(serial)?, index)
    }

    pub(super) fn progress_of(&self, request: &Request, now: u64) -> Progress {
        let (checking, edge) = (self.session.is_checking(), self.edge_time(now));
        let expected_ms = match &request.stage {
            Stage::Sending(Sending { order, .. }) => self.expected_ms(order.size, order.quality),
            Stage::Running(Running { job, .. }) => {
                self.expected_ms(Some(job.request.size), Some(job.request.quality))
            }
            _ => None,
        };
        progress::of(request, Clock { checking, now, edge, expected_ms })
    }

    /// What such a picture takes, as the document said it.
    fn expected_ms(&self, size: Option<Size>, quality: Option<Quality>) -> Option<u64> {
        let (estimates, size, quality) = (self.site.estimates.as_deref()?, size?, quality?);
        estimates.iter().find(|it| it.size == size && it.quality == quality)?.expected_ms
    }

    fn around(&self, request: &Request, now: u64) -> Around {
        let progress = self.progress_of(request, now);
        let long = matches!(progress, Progress::Elapsed { seconds: LEAVE_SECONDS.., .. });
        let kept = self.site.history != History::Off;
        Around {
            progress,
            may_leave: (long && kept).then_some(self.site.retention_minutes),
            used: self.used,
        }
    }
}
