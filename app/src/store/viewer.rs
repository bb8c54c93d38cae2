//! The viewer's texts, and what it does beside events.
//!
//! Owns the words of a picture's facts, and what goes to the clipboard or to another device. Must not decide which picture
//! is shown: `state` does.

use super::StudioStore;
use crate::{
    browser::{clipboard, formats, original, random, uploads},
    state::{command::Announcement, event::Event, tile::TileKey, viewer::ViewerView},
    texts::{self, TextKey},
};
use leptos::{ev, prelude::*};

/// What the viewer tells of a picture beside its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Its aspect ratio.
    Shape,
    /// The quality that was asked for.
    Quality,
    /// Its width and height.
    Pixels,
    /// The size of its file.
    File,
    /// When it was asked for.
    Made,
    /// What it cost.
    Price,
    /// The model that has made it.
    Model,
    /// That it has Content Credentials.
    Credentials,
}

impl Fact {
    /// All of them, as they are listed.
    pub(crate) const ALL: [Self; 8] = [
        Self::Shape,
        Self::Quality,
        Self::Pixels,
        Self::File,
        Self::Made,
        Self::Price,
        Self::Model,
        Self::Credentials,
    ];

    /// What stands before it.
    pub(crate) const fn label(self) -> TextKey {
        match self {
            Self::Shape => TextKey::Shape,
            Self::Quality => TextKey::Quality,
            Self::Pixels => TextKey::Pixels,
            Self::File => TextKey::File,
            Self::Made => TextKey::Made,
            Self::Price => TextKey::Price,
            Self::Model => TextKey::Model,
            Self::Credentials => TextKey::Credentials,
        }
    }
}

impl StudioStore {
    /// A part of what the viewer shows, while it is open, tracked.
    pub(crate) fn viewed<T>(self, part: impl FnOnce(&ViewerView) -> T) -> Option<T> {
        self.viewer().with(|view| view.as_ref().map(part))
    }

    /// The picture that the viewer shows, untracked.
    pub(crate) fn viewed_key(self) -> Option<TileKey> {
        self.viewer().with_untracked(|view| view.as_ref().map(|view| view.key))
    }

    /// "2 of 3: a cat on a wall".
    pub(crate) fn place_text(self) -> Option<String> {
        self.viewed(|view| {
            let (place, of) = (view.place.to_string(), view.of.to_string());
            [&self.fill(TextKey::Place, &place, &of), ": ", &view.facts.prompt].concat()
        })
    }

    /// A fact of the picture that the viewer shows, tracked, if it is known.
    pub(crate) fn fact_text(self, fact: Fact) -> Option<String> {
        self.viewed(|view| {
            let facts = &view.facts;
            match fact {
                Fact::Shape => Some(self.text(texts::shape(facts.size))),
                Fact::Quality => Some(self.text(texts::quality(facts.quality))),
                Fact::Pixels => {
                    let (width, height) = facts.width.zip(facts.height)?;
                    Some([&width.to_string(), " × ", &height.to_string()].concat())
                }
                Fact::File => (facts.bytes > 0).then(|| formats::bytes(facts.bytes)),
                Fact::Made => (facts.since > 0).then(|| formats::date(facts.since)),
                Fact::Price => facts.cost.map(|cost| texts::cost(&self.texts(), cost)),
                Fact::Model => Some(facts.model.clone()).filter(|model| !model.is_empty()),
                Fact::Credentials => facts.credentials.then(|| self.text(TextKey::Present)),
            }
        })
        .flatten()
    }

    /// The path of the picture that the viewer shows.
    fn viewed_url(self) -> Option<String> {
        self.viewer().with_untracked(|view| view.as_ref()?.facts.url.clone())
    }

    /// What shows the picture at once: its thumbnail, or the original where there is none. Tracked.
    pub(crate) fn shown_at_once(self) -> Option<String> {
        self.viewed(|view| view.thumbnail.clone().or_else(|| view.facts.url.clone())).flatten()
    }

    /// Tells what shows the original, if it can be had and is still wanted.
    pub(crate) fn show_original(self, key: TileKey, then: impl FnOnce(String) + 'static) {
        original::decoded(self.viewed_url().unwrap_or_default(), move |shown| {
            if self.viewed_key() == Some(key) {
                then(shown);
            } else {
                original::release(&shown);
            }
        });
    }

    /// The picture that the viewer shows is saved by its link.
    pub(crate) fn download_viewed(self, event: &ev::MouseEvent) {
        if let (Some(key), Some(url)) = (self.viewed_key(), self.viewed_url()) {
            self.download(key, &url, event);
        }
    }

    /// Lets go of what shows an original.
    pub(crate) fn hide_picture(shown: &str) {
        original::release(shown);
    }

    /// Copies the description.
    pub(crate) fn copy_prompt(self) {
        let prompt = self.viewer().with_untracked(|view| Some(view.as_ref()?.facts.prompt.clone()));
        clipboard::copy_text(&prompt.unwrap_or_default(), move |ok| self.copied(ok));
    }

    /// Copies the picture.
    pub(crate) fn copy_picture(self) {
        if let Some(url) = self.viewed_url() {
            clipboard::copy_picture(url, move |ok| self.copied(ok));
        }
    }

    fn copied(self, ok: bool) {
        let said = if ok { Announcement::Copied } else { Announcement::NotCopied };
        self.send(Event::Announced(said));
    }

    /// Whether this device shares pictures.
    pub(crate) fn can_share() -> bool {
        clipboard::can_share()
    }

    /// Shares the picture.
    pub(crate) fn share_picture(self) {
        if let Some(url) = self.viewed_url() {
            clipboard::share(url);
        }
    }

    /// The event of one of the viewer's acts, at the picture that it shows.
    pub(crate) fn send_viewed(self, event: impl FnOnce(TileKey) -> Event) {
        if let Some(key) = self.viewed_key() {
            self.send(event(key));
        }
    }

    /// "Change this picture".
    pub(crate) fn change_viewed(self) {
        self.send_viewed(|key| Event::ChangePressed(key, uploads::number()));
    }

    /// "Same words, new picture".
    pub(crate) fn vary_viewed(self) {
        self.send_viewed(|key| Event::RetryPressed { serial: key.serial, key: random::key() });
    }
}
