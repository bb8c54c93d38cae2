//! The pictures that a new one starts from: those that the browser holds for the studio, and those in the composer.
//!
//! Owns how many there may be and when one can be let go. Must not hold bytes: they are the browser's, under the same
//! numbers.

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    held: Vec<Held>,
    /// Those in the composer, in the order in which they were given.
    composer: Vec<u32>,
    /// Whether those in the composer were sent as they are.
    sent: bool,
}

/// A picture that the browser holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    id: u32,
    /// Whether it is small and anonymous already.
    ready: bool,
    /// Where it hangs on the wall, if it comes from there.
    place: Option<(u32, u32)>,
}

impl References {
    /// Puts a picture into the composer, which has room for `most`. Not if it is full: then it is held only until the next
    /// [`Self::let_go`].
    pub(crate) fn add(&mut self, id: u32, place: Option<(u32, u32)>, most: usize) -> bool {
        self.held.push(Held { id, ready: false, place });
        self.sent = false;
        let room = self.composer.len() < most;
        if room {
            self.composer.push(id);
        }
        room
    }

    /// Makes room for a picture of the wall: what was sent already has had its turn.
    /// Whether that picture is in the composer.
    pub(crate) fn turn_to(&mut self, place: (u32, u32)) -> bool {
        if std::mem::take(&mut self.sent) {
            self.composer.clear();
        }
        let there = |held: &Held| held.place == Some(place) && self.composer.contains(&held.id);
        self.held.iter().any(there)
    }

    /// Takes the picture at this place out of the composer.
    pub(crate) fn remove(&mut self, at: usize) {
        if at < self.composer.len() {
            self.composer.remove(at);
        }
    }

    /// Puts exactly these into the composer.
    pub(crate) fn set(&mut self, ids: Vec<u32>) {
        self.composer = ids;
        self.sent = true;
    }

    /// Notes that these were sent.
    pub(crate) fn sent(&mut self, ids: &[u32]) {
        self.sent = self.composer == ids;
    }

    /// A picture is ready to be sent. Whether anybody still holds it.
    pub(crate) fn ready(&mut self, id: u32) -> bool {
        let held = self.held.iter_mut().find(|held| held.id == id);
        held.map(|held| held.ready = true).is_some()
    }

    /// A picture cannot be had: it leaves the composer. Whether it comes from the wall, if anybody still holds it.
    pub(crate) fn lose(&mut self, id: u32) -> Option<bool> {
        self.composer.retain(|own| *own != id);
        self.held.iter().find(|held| held.id == id).map(|held| held.place.is_some())
    }

    /// Whether all of these can be sent.
    pub(crate) fn are_ready(&self, ids: &[u32]) -> bool {
        ids.iter().all(|id| self.held.iter().any(|held| held.id == *id && held.ready))
    }

    /// Those in the composer.
    pub(crate) fn composer(&self) -> &[u32] {
        &self.composer
    }

    /// Lets go of those that are neither in the composer nor wanted elsewhere, and tells which they were.
    pub(crate) fn let_go(&mut self, wanted: impl Fn(u32) -> bool) -> Vec<u32> {
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

    fn with(ids: &[u32]) -> References {
        let mut references = References::default();
        for id in ids {
            assert!(references.add(*id, None, MOST));
        }
        references
    }

    #[test]
    fn a_fifth_has_no_room_and_is_let_go() {
        let mut references = with(&[1, 2, 3, 4]);
        assert!(!references.add(5, None, MOST));
        assert_eq!(references.composer(), [1, 2, 3, 4]);
        assert_eq!(references.let_go(|_| false), [5]);
        assert!(references.let_go(|_| false).is_empty());
    }

    #[test]
    fn what_left_the_composer_is_held_while_somebody_wants_it() {
        let mut references = with(&[1, 2]);
        references.remove(0);
        references.remove(7);
        assert_eq!(references.composer(), [2]);
        assert!(references.let_go(|id| id == 1).is_empty());
        assert_eq!(references.let_go(|_| false), [1]);
    }

    #[test]
    fn all_must_be_ready_and_one_that_is_not_held_never_is() {
        let mut references = with(&[1, 2]);
        assert!(references.ready(1) && !references.are_ready(&[1, 2]));
        assert!(references.ready(2) && references.are_ready(&[1, 2]));
        assert!(!references.ready(3) && !references.are_ready(&[3]));
        assert!(references.are_ready(&[]));
    }

    #[test]
    fn a_picture_of_the_wall_takes_the_place_of_what_was_sent() {
        let mut references = with(&[1]);
        assert!(!references.turn_to((7, 0)));
        references.add(2, Some((7, 0)), MOST);
        assert!(references.turn_to((7, 0)), "it is there already");
        assert_eq!(references.composer(), [1, 2], "what was not sent stays");
        references.sent(&[1, 2]);
        assert!(!references.turn_to((7, 0)));
        assert!(references.composer().is_empty());
    }

    #[test]
    fn one_more_beside_what_was_sent_is_not_sent_yet() {
        let mut references = with(&[1]);
        references.sent(&[1]);
        references.add(2, None, MOST);
        assert!(!references.turn_to((7, 0)));
        assert_eq!(references.composer(), [1, 2]);
    }

    #[test]
    fn one_that_cannot_be_had_leaves_and_says_where_it_came_from() {
        let mut references = with(&[1]);
        references.add(2, Some((7, 0)), MOST);
        assert_eq!([1, 2, 3].map(|id| references.lose(id)), [Some(false), Some(true), None]);
        assert!(references.composer().is_empty());
    }
}
