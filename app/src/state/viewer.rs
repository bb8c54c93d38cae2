//! The viewer: which picture it shows.
//!
//! Owns opening, stepping, closing, and where the focus goes afterwards. Must not know the zoom: that is the component's
//! alone.

use super::{
    Studio,
    command::{Announcement, Command, FocusTarget},
    job,
    tile::{self, PictureFacts, TileKey},
};
use contract::frame_messages::FrameMessage;

/// The picture that is shown over all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Viewer {
    key: TileKey,
    /// Its place among the pictures: where it goes on if the picture goes.
    place: usize,
    /// Whether the whole window was asked for because of the viewer.
    lifted: bool,
}

/// Which way the viewer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the one before; from the first to the last.
    Previous,
    /// To the one after; from the last to the first.
    Next,
}

/// What the viewer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ViewerView {
    /// The picture.
    pub key: TileKey,
    /// Its place among all pictures, from 1.
    pub place: usize,
    /// How many there are.
    pub of: usize,
    /// A smaller copy, which is there at once.
    pub thumbnail: Option<String>,
    /// Whether the page has got it.
    pub used: bool,
    /// What is told of it.
    pub facts: PictureFacts,
}

impl Studio {
    /// The pictures that can be looked at, in the wall's order.
    pub(super) fn pictures(&self) -> impl Iterator<Item = TileKey> {
        self.requests.iter().flat_map(|request| {
            let pictures = request.job().map(|job| job.pictures.as_slice()).unwrap_or_default();
            (0..).zip(pictures).filter_map(move |(index, picture)| {
                let seen = job::is_ready(picture) && picture.url.is_some() && !request.hides(index);
                seen.then_some(TileKey { serial: request.serial, index })
            })
        })
    }

    /// What the viewer shows, while it is open.
    pub(crate) fn viewer_view(&self) -> Option<ViewerView> {
        let Viewer { key, place, .. } = self.viewer?;
        let request = self.requests.get(key.serial)?;
        Some(ViewerView {
            key,
            place: place.saturating_add(1),
            of: self.pictures().count(),
            thumbnail: request.thumbnail(key.index).map(str::to_owned),
            used: self.used == Some(key),
            facts: tile::facts(request, key.index)?,
        })
    }

    /// A picture is pressed: in a page the viewer takes the whole window.
    pub(super) fn viewer_opened(&mut self, key: TileKey) {
        let Some(place) = self.pictures().position(|own| own == key) else { return };
        let lifted = self.viewer.map_or(self.hosted && !self.expanded, |open| open.lifted);
        self.need_lazy_part();
        if self.viewer.is_none() && lifted {
            self.tell(FrameMessage::Expand { expanded: true });
        }
        self.viewer = Some(Viewer { key, place, lifted });
        self.announce(Announcement::Nothing);
    }

    /// The next picture, that way round.
    pub(super) fn viewer_stepped(&mut self, step: Step) {
        let Some(viewer) = self.viewer else { return };
        let of = self.pictures().count();
        let place = match step {
            Step::Previous => viewer.place.checked_sub(1).or(of.checked_sub(1)),
            Step::Next => viewer.place.checked_add(1).filter(|place| *place < of),
        };
        let place = place.unwrap_or_default();
        let key = self.pictures().nth(place);
        if let Some(key) = key {
            self.viewer = Some(Viewer { key, place, ..viewer });
            self.announce(Announcement::Nothing);
        }
    }

    /// The viewer is closed: the focus goes back to the tile of the picture that it has shown.
    pub(super) fn viewer_closed(&mut self) {
        if let Some(Viewer { key, .. }) = self.viewer {
            self.close_viewer(Some(FocusTarget::Tile(key)));
        }
    }

    /// Closes the viewer, if it is open; then the focus goes there.
    pub(super) fn close_viewer(&mut self, focus: Option<FocusTarget>) {
        let Some(viewer) = self.viewer.take() else { return };
        if viewer.lifted {
            self.tell(FrameMessage::Expand { expanded: false });
        }
        self.out.extend(focus.map(Command::Focus));
    }

    /// The page has taken the whole window back.
    pub(super) fn viewer_lowered(&mut self) {
        if let Some(viewer) = &mut self.viewer {
            viewer.lifted = false;
        }
        self.viewer_closed();
    }

    /// Pictures have come back: the viewer, if it is open, shows the first of them.
    pub(super) fn viewer_undone(&mut self, back: &[TileKey]) {
        let Some(viewer) = self.viewer else { return };
        let first = self.pictures().enumerate().find(|(_, key)| back.contains(key));
        if let Some((place, key)) = first {
            self.viewer = Some(Viewer { key, place, ..viewer });
            // The button that was pressed is gone.
            self.out.push(Command::Focus(FocusTarget::Viewer));
        }
    }

    /// What happened may have moved the picture, or taken it away: then the one in its place is shown, or nothing.
    pub(super) fn follow_viewer(&mut self) {
        let Some(viewer) = self.viewer else { return };
        let own = self.pictures().enumerate().find(|(_, key)| *key == viewer.key);
        let own =
            own.or_else(|| self.pictures().enumerate().take(viewer.place.saturating_add(1)).last());
        match own {
            Some((place, key)) => self.viewer = Some(Viewer { key, place, ..viewer }),
            None => self.close_viewer(Some(FocusTarget::Undo)),
        }
    }
}
