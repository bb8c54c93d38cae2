//! What the page round the frame asks for, and what it is told: docs/messages.md.
//!
//! Owns what each of its messages means. Must not tell it a description, an id or a path: `FrameMessage` has no field for them.

use super::{
    Studio,
    command::{Announcement, Command, FocusTarget},
    draft::Note,
    error::StudioError,
    job, progress,
    tile::TileKey,
};
use contract::{
    frame_messages::{FrameMessage, Look, PageMessage},
    job::{Order, Picture},
    problem::ProblemKind,
};

impl Studio {
    pub(super) fn host_message(&mut self, message: PageMessage, key: String, now: u64) {
        match message {
            PageMessage::Set(look) => {
                self.page_look(&look);
                if let Some(expanded) = look.expanded.filter(|it| *it != self.expanded) {
                    self.expanded = expanded;
                    if !expanded {
                        self.viewer_lowered();
                        // A viewer that did not come had the whole window: what is said of that may be out of sight.
                        if self.note.is_some_and(Note::is_about_the_studio) {
                            self.out.push(Command::ScrollToNote);
                        }
                    }
                }
                self.out.push(Command::ApplyLook(look));
            }
            PageMessage::Generate { prompt } => {
                if let Some(prompt) = prompt {
                    self.put_prompt(prompt);
                }
                self.submit(key, now);
            }
            PageMessage::Cancel => self.cancel_all(),
            PageMessage::Clear => {
                self.clear(now);
            }
            PageMessage::Focus => {
                self.out.push(Command::Focus(FocusTarget::Prompt { select: false }));
            }
            PageMessage::Reset => self.unmark_used(),
        }
    }

    /// Puts the prompt of a look into the form, once for each that is another one.
    pub(super) fn page_look(&mut self, look: &Look) {
        if !look.prompt.is_empty() && look.prompt != self.page_prompt {
            self.page_prompt.clone_from(&look.prompt);
            self.put_prompt(look.prompt.clone());
        }
    }

    /// "Use this picture": its bytes go to the page. At the one that the page has got it takes that back.
    pub(super) fn use_pressed(&mut self, key: TileKey) {
        if self.used == Some(key) {
            self.unmark_used();
            return self.out.push(Command::TakeBack);
        }
        if let Some(url) = self.picture_url(key).filter(|_| self.hosted) {
            self.out.push(Command::HandOver { key, url });
        }
    }

    /// The page has no picture any more.
    fn unmark_used(&mut self) {
        if let Some(key) = self.used.take() {
            self.requests.mark(|request| request.serial == key.serial);
        }
    }

    pub(super) fn handed(&mut self, key: TileKey, ok: bool) {
        if !ok {
            return self.announce(Announcement::PictureAway);
        }
        let before = self.used.replace(key);
        let touched = [before.map(|it| it.serial), Some(key.serial)];
        self.requests.mark(|request| touched.contains(&Some(request.serial)));
        // What stands over the page would hide what it does with the picture.
        self.viewer_closed();
        self.announce(Announcement::PictureGiven);
    }

    pub(super) fn download_pressed(&mut self, key: TileKey) {
        let job = self.requests.get(key.serial).and_then(super::request::Request::job);
        let picture = job.and_then(|job| job::picture(job, key.index));
        if let Some(media_type) = picture.and_then(|picture| picture.media_type) {
            self.tell(FrameMessage::Download { media_type });
        }
    }

    pub(super) fn tell_progress(&mut self, now: u64) {
        if let Some((elapsed_ms, expected_ms)) = progress::first(self.requests.iter(), now) {
            self.tell(FrameMessage::Progress { elapsed_ms, expected_ms });
        }
    }
}

/// That a job of this order was accepted.
pub(crate) fn start(order: &Order) -> FrameMessage {
    FrameMessage::Start { count: order.count, size: order.size, quality: order.quality }
}

/// That a picture is ready, if it says what it is.
pub(crate) fn picture(index: u32, picture: &Picture) -> Option<FrameMessage> {
    let (width, height) = (picture.width?, picture.height?);
    Some(FrameMessage::Picture { index, width, height, media_type: picture.media_type? })
}

/// That so many pictures came.
pub(crate) fn done(pictures: usize) -> FrameMessage {
    FrameMessage::Done { pictures: pictures.try_into().unwrap_or(u32::MAX) }
}

/// That there is no picture, and why: a problem kind, or `offline`.
pub(crate) fn problem(error: StudioError) -> FrameMessage {
    let kind = match error {
        StudioError::Offline | StudioError::Unreachable => "offline",
        StudioError::Unreadable => ProblemKind::Busy.word(),
        StudioError::Rate(_) | StudioError::Refusals { .. } | StudioError::Concurrent => {
            ProblemKind::VisitorLimit.word()
        }
        StudioError::Unchecked => ProblemKind::ChallengeFailed.word(),
        StudioError::Problem { kind, .. } => kind.word(),
    };
    FrameMessage::Problem { kind: kind.to_owned() }
}
