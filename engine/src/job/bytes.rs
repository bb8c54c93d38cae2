//! Where a job's bytes lie, and which of them are worth anything.
//!
//! Owns the slots: each picture has two, so that what arrives never overwrites what is shown. Must not know how they are
//! stored.

use super::record::{Charge, PictureRecord, PictureStage, Record};
use crate::picture::PictureFacts;
use contract::limits::PICTURES_PER_JOB;

/// A place for the bytes of one picture or preview.
pub type Slot = u32;

fn slot(index: usize, which: u8) -> Slot {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_mul(2).saturating_add(u32::from(which % 2))
}

/// Where a picture to edit lies: beyond the slots of every picture that is made.
pub fn upload_slot(index: usize) -> Slot {
    slot(index.saturating_add(PICTURES_PER_JOB as usize), 0)
}

impl PictureRecord {
    /// The newest preview, while nothing better is there.
    pub(super) fn shows_preview(&self) -> Option<PictureFacts> {
        self.preview.filter(|_| matches!(self.stage, PictureStage::Started | PictureStage::Waiting))
    }
}

impl Record {
    /// Where the bytes that arrive for a picture are to lie: never where its newest preview lies.
    pub fn arriving(&self, index: usize) -> Slot {
        slot(index, self.pictures.get(index).map_or(0, |picture| picture.previews))
    }

    /// What a picture's bytes are and where they lie, if they are here.
    pub fn original(&self, index: usize) -> Option<(PictureFacts, Slot)> {
        let picture = self.pictures.get(index)?;
        match picture.stage {
            PictureStage::Ready(facts) => Some((facts, slot(index, picture.previews))),
            _ => None,
        }
    }

    /// The same of its newest preview.
    pub fn newest_preview(&self, index: usize) -> Option<(PictureFacts, Slot)> {
        let picture = self.pictures.get(index)?;
        Some((picture.shows_preview()?, slot(index, picture.previews.wrapping_sub(1))))
    }

    /// Whether anything that comes for a picture is still wanted.
    pub fn awaits(&self, index: usize) -> bool {
        self.pictures.get(index).is_some_and(|picture| picture.charge == Charge::Open)
    }

    /// Whether a picture was here and is no more.
    pub fn is_gone(&self, index: usize) -> bool {
        self.pictures
            .get(index)
            .is_some_and(|picture| matches!(picture.stage, PictureStage::Gone(_)))
    }

    /// Whether anything may lie there, once every picture is over, that nobody can ask for: pictures to edit, previews,
    /// and what was cut off.
    pub fn leaves_scraps(&self) -> bool {
        self.is_settled()
            && (!self.new.uploads.is_empty()
                || self.pictures.iter().any(|picture| {
                    picture.previews > 0 || !matches!(picture.stage, PictureStage::Ready(_))
                }))
    }

    /// Where the pictures lie that can be asked for.
    pub fn kept(&self) -> impl Iterator<Item = Slot> {
        (0..self.pictures.len()).filter_map(|index| Some(self.original(index)?.1))
    }

    pub(super) fn has_bytes(&self) -> bool {
        self.pictures.iter().any(|picture| matches!(picture.stage, PictureStage::Ready(_)))
    }

    fn is_settled(&self) -> bool {
        self.pictures.iter().all(|picture| picture.charge != Charge::Open)
    }
}
