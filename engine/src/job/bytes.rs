//! Where a job's bytes are stored, and which of them are still needed.
//!
//! Owns the slots: each picture has two, so that arriving bytes never overwrite a picture or preview that is shown.
//! Must not know how they are stored.
//!
//! Decision: docs/decisions/2026-11-29-each-picture-has-two-slots.md.

use super::record::{Charge, PictureRecord, PictureStage, Record};
use crate::picture::PictureFacts;
use contract::limits::PICTURES_PER_JOB;

/// The number of the place for the bytes of one picture or preview.
pub type Slot = u32;

fn slot(index: usize, which: u8) -> Slot {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(2).saturating_add(u32::from(which % 2))
}

/// The slot of a picture to edit, which is above the slots of all pictures that are made.
pub fn upload_slot(index: usize) -> Slot {
    slot(index.saturating_add(PICTURES_PER_JOB as usize), 0)
}

impl PictureRecord {
    /// The newest preview, until the picture itself is ready or has failed.
    pub(super) fn shown_preview(&self) -> Option<PictureFacts> {
        self.preview.filter(|_| matches!(self.stage, PictureStage::Started | PictureStage::Waiting))
    }
}

impl Record {
    /// The slot for the bytes that arrive for a picture: never the one that holds its newest preview.
    pub fn arriving(&self, index: usize) -> Slot {
        slot(index, self.pictures.get(index).map_or(0, |picture| picture.previews))
    }

    /// The facts and the slot of a picture that is ready.
    pub fn original(&self, index: usize) -> Option<(PictureFacts, Slot)> {
        let picture = self.pictures.get(index)?;
        match picture.stage {
            PictureStage::Ready(facts) => Some((facts, slot(index, picture.previews))),
            _ => None,
        }
    }

    /// The facts and the slot of a picture's newest preview.
    pub fn newest_preview(&self, index: usize) -> Option<(PictureFacts, Slot)> {
        let picture = self.pictures.get(index)?;
        Some((picture.shown_preview()?, slot(index, picture.previews.wrapping_sub(1))))
    }

    /// Whether more bytes for a picture are still expected.
    pub fn expects_bytes(&self, index: usize) -> bool {
        self.pictures.get(index).is_some_and(|picture| picture.charge == Charge::Open)
    }

    /// Whether a picture was ready and its bytes are deleted.
    pub fn is_gone(&self, index: usize) -> bool {
        self.pictures
            .get(index)
            .is_some_and(|picture| matches!(picture.stage, PictureStage::Gone(_)))
    }

    /// Whether slots may hold bytes that nobody can ask for any more, once every picture is over: pictures to edit,
    /// previews, and pictures that were cut off.
    pub fn has_unused_bytes(&self) -> bool {
        self.is_settled()
            && (!self.new.uploads.is_empty()
                || self.pictures.iter().any(|picture| {
                    picture.previews > 0 || !matches!(picture.stage, PictureStage::Ready(_))
                }))
    }

    /// The slots of the pictures that can be asked for.
    pub fn ready_slots(&self) -> impl Iterator<Item = Slot> {
        (0..self.pictures.len()).filter_map(|index| Some(self.original(index)?.1))
    }

    pub(super) fn has_bytes(&self) -> bool {
        self.pictures.iter().any(|picture| matches!(picture.stage, PictureStage::Ready(_)))
    }

    fn is_settled(&self) -> bool {
        self.pictures.iter().all(|picture| picture.charge != Charge::Open)
    }
}
