//! Selecting several pictures, and deleting or downloading them together.
//!
//! Owns the selection and what the archive says of its pictures. Must not hold their bytes.

use super::{
    Studio,
    command::{Announcement, Command, FocusTarget},
    event::Due,
    tile::{PictureFacts, TileKey},
};
use std::collections::HashSet;

/// The archive's address is given up so long after it was saved, in milliseconds: the browser may still be reading.
const ARCHIVE_MS: u32 = 60_000;

/// What is selected.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Whether the visitor is selecting.
    is_on: bool,
    picked: HashSet<TileKey>,
    /// What was picked last: a range goes from there.
    last: Option<TileKey>,
    /// Whether an archive is being made.
    saves: bool,
    /// The archive that is being saved.
    archive: Option<Archive>,
}

/// What the selection's buttons depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SelectionView {
    /// Whether the visitor is selecting.
    pub is_on: bool,
    /// How many pictures are selected.
    pub count: usize,
    /// Whether an archive is being made.
    pub saves: bool,
}

/// An archive that is ready to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Archive {
    /// A URL of the browser's.
    pub url: String,
    /// The file's name.
    pub name: String,
}

impl Studio {
    /// What the selection's buttons show.
    pub(crate) fn selection(&self) -> SelectionView {
        let Selection { is_on, picked, saves, .. } = &self.selection;
        SelectionView { is_on: *is_on, count: picked.len(), saves: *saves }
    }

    /// What is selected.
    pub(crate) const fn picked(&self) -> &HashSet<TileKey> {
        &self.selection.picked
    }

    /// The archive that is being saved.
    pub(crate) const fn archive(&self) -> Option<&Archive> {
        self.selection.archive.as_ref()
    }

    /// The visitor begins to select, or ends it.
    pub(super) fn select(&mut self, is_on: bool) {
        if self.selection.is_on == is_on {
            return;
        }
        let archive = self.selection.archive.take();
        let saves = self.selection.saves;
        self.selection = Selection { is_on, saves, archive, ..Selection::default() };
        let target = if is_on { FocusTarget::SelectAll } else { FocusTarget::Select };
        self.out.push(Command::Focus(target));
    }

    /// A picture is picked, or is no more; `range`: and with it all since the one that was picked last.
    pub(super) fn pick(&mut self, key: TileKey, range: bool) {
        if !self.selection.is_on || self.pictures().all(|own| own != key) {
            return;
        }
        let picks = !self.selection.picked.contains(&key);
        let mut keys = vec![key];
        if let Some(last) = self.selection.last.filter(|_| range) {
            let all: Vec<_> = self.pictures().collect();
            let at = |own: TileKey| all.iter().position(|key| *key == own);
            if let (Some(from), Some(to)) = (at(last), at(key)) {
                keys = all.get(from.min(to)..=from.max(to)).unwrap_or_default().to_vec();
            }
        }
        for key in keys {
            if picks {
                self.selection.picked.insert(key);
            } else {
                self.selection.picked.remove(&key);
            }
        }
        self.selection.last = Some(key);
    }

    /// All pictures are picked, or none if all were.
    pub(super) fn pick_all(&mut self) {
        if !self.selection.is_on {
            return;
        }
        let all: HashSet<_> = self.pictures().collect();
        let had = all.len() == self.selection.picked.len();
        self.selection.picked = if had { HashSet::new() } else { all };
    }

    /// What hangs no more is not selected.
    pub(super) fn forget_picked(&mut self) {
        if !self.selection.picked.is_empty() {
            let hangs: HashSet<_> = self.pictures().collect();
            self.selection.picked.retain(|key| hangs.contains(key));
        }
    }

    /// The selected pictures in the order of the wall.
    fn selected(&self) -> Vec<TileKey> {
        self.pictures().filter(|key| self.selection.picked.contains(key)).collect()
    }

    pub(super) fn delete_selected(&mut self) {
        let keys = self.selected();
        if !keys.is_empty() {
            self.selection =
                Selection { archive: self.selection.archive.take(), ..Selection::default() };
            self.delete(&keys);
            self.out.push(Command::Focus(FocusTarget::Undo));
        }
    }

    /// The selected pictures are saved as one archive.
    pub(super) fn save_selected(&mut self) {
        if self.selection.saves {
            return;
        }
        let keys = self.selected();
        let pictures: Vec<PictureFacts> =
            keys.into_iter().filter_map(|key| self.facts(key)).collect();
        if !pictures.is_empty() {
            self.selection.saves = true;
            self.out.push(Command::MakeArchive(pictures));
        }
    }

    /// The archive is ready, or could not be made; `away`: not every picture could be had for it.
    pub(super) fn archive_made(&mut self, archive: Option<Archive>, away: bool) {
        self.selection.saves = false;
        if away {
            self.announce(Announcement::PictureAway);
        }
        let Some(archive) = archive else { return };
        self.release_archive();
        self.out.push(Command::After(ARCHIVE_MS, Due::ReleaseArchive(archive.url.clone())));
        self.out.push(Command::SaveArchive);
        self.selection.archive = Some(archive);
    }

    /// Nobody reads that archive any more.
    pub(super) fn archive_saved(&mut self, url: &str) {
        if self.selection.archive.as_ref().is_some_and(|archive| archive.url == url) {
            self.release_archive();
        }
    }

    fn release_archive(&mut self) {
        if let Some(archive) = self.selection.archive.take() {
            self.out.push(Command::ReleaseArchive(archive.url));
        }
    }
}
