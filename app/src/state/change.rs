//! Pictures that the next one starts from: uploaded, taken from the wall, removed, prepared for sending.
//!
//! Owns what each of these changes in the composer and in requests that wait for them. Must not hold their bytes.

use super::{
    Studio,
    command::{Announcement, Command, FocusTarget},
    draft::Note,
    request::{Request, Sending, Stage, Step},
    tile::TileKey,
    uploads::UploadId,
};

impl Studio {
    /// How many pictures a new one may start from.
    pub(super) fn most_uploads(&self) -> usize {
        usize::try_from(self.site.max_inputs).unwrap_or_default()
    }

    /// The visitor gives pictures.
    pub(super) fn files_added(&mut self, ids: &[UploadId], now: u64) {
        self.dragging = false;
        self.prompt_focused(now);
        let mut note = None;
        for id in ids {
            if self.uploads.add(*id, None, self.most_uploads()) {
                self.out.push(Command::PrepareUpload(*id, None));
            } else {
                note = Some(Note::TooManyPictures);
            }
        }
        self.composed(note);
    }

    /// The visitor wants to change a picture of the wall; `id` is a fresh number for it. One change is asked for: the count is
    /// that of another order.
    pub(super) fn change(&mut self, key: TileKey, id: UploadId, now: u64) {
        let Some(url) = self.picture_url(key) else { return };
        let size = self.requests.get(key.serial).and_then(Request::job).map(|it| it.request.size);
        self.prompt_focused(now);
        let mut note = None;
        if !self.uploads.turn_to(key) {
            if self.uploads.add(id, Some(key), self.most_uploads()) {
                self.out.push(Command::PrepareUpload(id, Some(url)));
            } else {
                note = Some(Note::TooManyPictures);
            }
        }
        if let Some(size) = size {
            self.draft.choices.choose_size(&self.site, size);
        }
        self.draft.choices.choose_count(&self.site, 1);
        self.composed(note);
        self.close_viewer(None);
        self.out.push(Command::Focus(FocusTarget::Prompt { select: true }));
    }

    /// A picture leaves the composer: whoever has removed it goes on beside it.
    pub(super) fn upload_removed(&mut self, id: UploadId) {
        let Some(at) = self.uploads.remove(id) else { return };
        self.announce(Announcement::PictureRemoved);
        self.composed(None);
        let last = self.uploads.composer().len().checked_sub(1);
        let next = last.map_or(FocusTarget::Add, |last| FocusTarget::Reference(at.min(last)));
        self.out.push(Command::Focus(next));
    }

    /// A picture is small and anonymous.
    pub(super) fn upload_ready(&mut self, id: UploadId, url: String) {
        if self.uploads.ready(id, url) {
            self.announce(Announcement::PictureAdded);
            for serial in self.waiting() {
                self.send(serial);
            }
        }
    }

    /// A picture cannot be had; `why`, if more is known than where it comes from.
    pub(super) fn upload_failed(&mut self, id: UploadId, why: Option<Note>) {
        let Some(from_wall) = self.uploads.lose(id) else { return };
        // Whoever waits for it would be another picture without it.
        self.requests.take(|request| waits_for(request, id));
        let note = if from_wall { Note::PictureAway } else { Note::NoPicture };
        self.composed(Some(why.unwrap_or(note)));
    }

    /// Says why the composer holds no more, or nothing any more.
    fn composed(&mut self, note: Option<Note>) {
        self.note = note;
        if let Some(note) = note {
            self.announce(Announcement::Note(note));
        } else {
            self.refresh_length();
        }
    }

    /// Lets go of what is neither in the composer nor part of a request.
    pub(super) fn let_go(&mut self) {
        let requests = &self.requests;
        let wanted = |id| requests.iter().any(|request| request.uploads.contains(&id));
        self.out.extend(self.uploads.let_go(wanted).into_iter().map(Command::ReleaseUpload));
        let thumbnails = self.requests.take_released();
        if !thumbnails.is_empty() {
            self.out.push(Command::ReleaseThumbnails(thumbnails));
        }
    }
}

fn waits_for(request: &Request, id: UploadId) -> bool {
    let waits =
        matches!(request.stage, Stage::Sending(Sending { step: Step::Session | Step::Queued, .. }));
    waits && request.uploads.contains(&id)
}
