//! The pictures that the next one starts from: those that the browser holds for the studio, and those in the composer.
//!
//! Owns how many there may be and when one can be released. Must not hold bytes: they are the browser's, under the same
//! numbers.

use super::tile::TileKey;
use serde::{Deserialize, Serialize};

/// The number of a picture whose bytes the browser holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub(crate) struct UploadId(pub u32);

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uploads {
    held: Vec<Held>,
    /// Those in the composer, in the order in which they were given.
    composer: Vec<UploadId>,
    /// Whether those in the composer were sent as they are.
    sent: bool,
}

/// A picture in the composer, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReferenceView {
    /// The picture.
    pub id: UploadId,
    /// The URL that shows it, once it is ready.
    pub url: Option<String>,
}

/// A picture that the browser holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    id: UploadId,
    /// The URL that shows it, once it is small and anonymous.
    url: Option<String>,
    /// Where it hangs on the wall, if it comes from there.
    place: Option<TileKey>,
}

impl Uploads {
    /// Puts a picture into the composer, which has room for `most`. Not if it is full: then it is held only until the next
    /// [`Self::let_go`].
    pub(crate) fn add(&mut self, id: UploadId, place: Option<TileKey>, most: usize) -> bool {
        self.held.push(Held { id, url: None, place });
        self.sent = false;
        let room = self.composer.len() < most;
        if room {
            self.composer.push(id);
        }
        room
    }

    /// Makes room for a picture of the wall: what was sent already has had its turn.
    /// Whether that picture is in the composer.
    pub(crate) fn turn_to(&mut self, place: TileKey) -> bool {
        if std::mem::take(&mut self.sent) {
            self.composer.clear();
        }
        let there = |held: &Held| held.place == Some(place) && self.composer.contains(&held.id);
        self.held.iter().any(there)
    }

    /// Takes a picture out of the composer, and tells where it stood.
    pub(crate) fn remove(&mut self, id: UploadId) -> Option<usize> {
        let at = self.composer.iter().position(|own| *own == id)?;
        self.composer.remove(at);
        Some(at)
    }

    /// Empties the composer.
    pub(crate) fn clear(&mut self) {
        self.composer.clear();
    }

    /// The request with these is accepted: they leave the composer, unless it has changed meanwhile.
    pub(crate) fn accepted(&mut self, ids: &[UploadId]) {
        if self.sent && self.composer == ids {
            self.composer.clear();
        }
    }

    /// Puts exactly these into the composer.
    pub(crate) fn set(&mut self, ids: Vec<UploadId>) {
        self.composer = ids;
        self.sent = true;
    }

    /// Notes that these were sent.
    pub(crate) fn sent(&mut self, ids: &[UploadId]) {
        self.sent = self.composer == ids;
    }

    /// A picture is ready to be sent, and this URL shows it. Whether anybody still holds it.
    pub(crate) fn ready(&mut self, id: UploadId, url: String) -> bool {
        let held = self.held.iter_mut().find(|held| held.id == id);
        held.map(|held| held.url = Some(url)).is_some()
    }

    /// The URL that shows a picture.
    fn url(&self, id: UploadId) -> Option<&str> {
        self.held.iter().find(|held| held.id == id)?.url.as_deref()
    }

    /// What the composer shows.
    pub(crate) fn references(&self) -> Vec<ReferenceView> {
        let view = |id: &UploadId| ReferenceView { id: *id, url: self.url(*id).map(str::to_owned) };
        self.composer.iter().map(view).collect()
    }

    /// A picture cannot be had: it leaves the composer. Whether it comes from the wall, if anybody still holds it.
    pub(crate) fn lose(&mut self, id: UploadId) -> Option<bool> {
        self.composer.retain(|own| *own != id);
        self.held.iter().find(|held| held.id == id).map(|held| held.place.is_some())
    }

    /// Whether all of these can be sent.
    pub(crate) fn are_ready(&self, ids: &[UploadId]) -> bool {
        ids.iter().all(|id| self.held.iter().any(|held| held.id == *id && held.url.is_some()))
    }

    /// Those in the composer.
    pub(crate) fn composer(&self) -> &[UploadId] {
        &self.composer
    }

    /// Lets go of those that are neither in the composer nor wanted elsewhere, and tells which they were.
    pub(crate) fn let_go(&mut self, wanted: impl Fn(UploadId) -> bool) -> Vec<UploadId> {
        let mut over = Vec::new();
        let composer = &self.composer;
        self.held.retain(|held| {
            let keep = composer.contains(&held.id) || wanted(held.id);
            if !keep {
                over.push(held.id);
            }
            keep
        });
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 4;

    fn ids(ids: &[u32]) -> Vec<UploadId> {
        ids.iter().copied().map(UploadId).collect()
    }

    const WALL: TileKey = TileKey { serial: 7, index: 0 };

    fn url() -> String {
        "blob:x".to_owned()
    }

    fn with(own: &[u32]) -> Uploads {
        let mut uploads = Uploads::default();
        for id in ids(own) {
            assert!(uploads.add(id, None, MOST));
        }
        uploads
    }

    #[test]
    fn a_fifth_has_no_room_and_is_let_go() {
        let mut uploads = with(&[1, 2, 3, 4]);
        assert!(!uploads.add(UploadId(5), None, MOST));
        assert_eq!(uploads.composer(), ids(&[1, 2, 3, 4]));
        assert_eq!(uploads.let_go(|_| false), ids(&[5]));
        assert!(uploads.let_go(|_| false).is_empty());
    }

    #[test]
    fn what_left_the_composer_is_held_while_somebody_wants_it() {
        let mut uploads = with(&[1, 2]);
        assert_eq!(uploads.remove(UploadId(1)), Some(0));
        assert_eq!(uploads.remove(UploadId(7)), None);
        assert_eq!(uploads.composer(), ids(&[2]));
        assert!(uploads.let_go(|id| id == UploadId(1)).is_empty());
        assert_eq!(uploads.let_go(|_| false), ids(&[1]));
    }

    #[test]
    fn all_must_be_ready_and_one_that_is_not_held_never_is() {
        let mut uploads = with(&[1, 2]);
        assert!(uploads.ready(UploadId(1), url()) && !uploads.are_ready(&ids(&[1, 2])));
        assert!(uploads.ready(UploadId(2), url()) && uploads.are_ready(&ids(&[1, 2])));
        assert!(!uploads.ready(UploadId(3), url()) && !uploads.are_ready(&ids(&[3])));
        assert!(uploads.are_ready(&ids(&[])));
    }

    #[test]
    fn a_picture_of_the_wall_takes_the_place_of_what_was_sent() {
        let mut uploads = with(&[1]);
        assert!(!uploads.turn_to(WALL));
        uploads.add(UploadId(2), Some(WALL), MOST);
        assert!(uploads.turn_to(WALL), "it is there already");
        assert_eq!(uploads.composer(), ids(&[1, 2]), "what was not sent stays");
        uploads.sent(&ids(&[1, 2]));
        assert!(!uploads.turn_to(WALL));
        assert!(uploads.composer().is_empty());
    }

    #[test]
    fn one_more_beside_what_was_sent_is_not_sent_yet() {
        let mut uploads = with(&[1]);
        uploads.sent(&ids(&[1]));
        uploads.add(UploadId(2), None, MOST);
        assert!(!uploads.turn_to(WALL));
        assert_eq!(uploads.composer(), ids(&[1, 2]));
    }

    #[test]
    fn one_that_cannot_be_had_leaves_and_says_where_it_came_from() {
        let mut uploads = with(&[1]);
        uploads.add(UploadId(2), Some(WALL), MOST);
        assert_eq!([1, 2, 3].map(|id| uploads.lose(UploadId(id))), [Some(false), Some(true), None]);
        assert!(uploads.composer().is_empty());
    }

    #[test]
    fn what_was_accepted_leaves_the_composer_unless_it_has_changed() {
        let mut uploads = with(&[1]);
        uploads.accepted(&ids(&[1]));
        assert_eq!(uploads.composer(), ids(&[1]), "nobody has sent it");
        uploads.sent(&ids(&[1]));
        uploads.accepted(&ids(&[1]));
        assert!(uploads.composer().is_empty());
        let mut uploads = with(&[1]);
        uploads.sent(&ids(&[1]));
        uploads.add(UploadId(2), None, MOST);
        uploads.accepted(&ids(&[1]));
        assert_eq!(uploads.composer(), ids(&[1, 2]));
    }
}
