//! Pictures that a new one starts from: given, taken from the wall, removed, made ready to be sent.
//!
//! Owns what each of these means for the composer and for whoever waits. Must not see a byte of them.

use super::{Command, Said, Studio};
use crate::state::{
    draft::Note,
    entry::{Entry, Sending, Stage, Step},
};

impl Studio {
    /// The visitor gives pictures, with numbers that follow each other.
    pub(super) fn given(&mut self, first: u32, count: u32, now: u64) {
        self.intend(now);
        let mut note = None;
        for id in first..first.saturating_add(count) {
            if self.references.add(id, None, self.site.max_inputs) {
                self.out.push(Command::Take(id, None));
            } else {
                note = Some(Note::TooManyPictures);
            }
        }
        self.composed(note);
    }

    /// The visitor wants to change a picture of the wall; `id` is a fresh number for it.
    pub(super) fn change(&mut self, place: (u32, u32), id: u32, now: u64) {
        let Some((url, size)) = self.picture(place) else { return };
        self.intend(now);
        let mut note = None;
        if !self.references.turn_to(place) {
            if self.references.add(id, Some(place), self.site.max_inputs) {
                self.out.push(Command::Take(id, Some(url)));
            } else {
                note = Some(Note::TooManyPictures);
            }
        }
        self.composed(note);
        self.out.push(Command::Change(size));
    }

    pub(super) fn remove_picture(&mut self, at: usize) {
        self.references.remove(at);
        self.say(Said::PictureRemoved);
        self.composed(None);
    }

    /// A picture is small and anonymous, or it cannot be had.
    pub(super) fn taken(&mut self, id: u32, fine: bool) {
        if fine {
            if self.references.ready(id) {
                self.say(Said::PictureAdded);
                self.show();
                for serial in self.waiting() {
                    self.send(serial);
                }
            }
        } else if let Some(from_wall) = self.references.lose(id) {
            // Whoever waits for it would be another picture without it.
            self.entries.retain(|entry| !waits_for(entry, id));
            let note = if from_wall { Note::PictureAway } else { Note::NoPicture };
            self.composed(Some(note));
        }
    }

    /// Shows what the composer holds, and why it is not more.
    pub(super) fn composed(&mut self, note: Option<Note>) {
        self.show();
        self.out.push(Command::Note(note));
        if let Some(note) = note {
            self.say(Said::Note(note));
        }
    }

    fn show(&mut self) {
        self.out.push(Command::Show(self.references.composer().to_vec()));
    }

    /// Lets go of what is neither in the composer nor part of an entry.
    pub(super) fn let_go(&mut self) {
        let entries = &self.entries;
        let wanted = |id| entries.iter().any(|entry| entry.pictures.contains(&id));
        self.out.extend(self.references.let_go(wanted).into_iter().map(Command::LetGo));
    }
}

fn waits_for(entry: &Entry, id: u32) -> bool {
    matches!(entry.stage, Stage::Sending(Sending { step: Step::Session, .. }))
        && entry.pictures.contains(&id)
}
