//! The viewer's texts, and what it does beside events.
//!
//! Owns the words of a picture's facts, and what goes to the clipboard or to another device. Must not decide which picture
//! is shown: `state` does.

use super::StudioStore;
use crate::{
    browser::{clipboard, formats, original, random, uploads},
    state::{
        command::Announcement,
        event::Event,
        tile::{PictureFacts, TileKey},
        viewer::ViewerView,
    },
    texts::{self, TextKey},
};
use leptos::{ev, prelude::*};

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

    /// Each fact of the picture that is known, with its label.
    pub(crate) fn fact_texts(self) -> Vec<(TextKey, String)> {
        let Some(facts) = self.viewed(|view| view.facts.clone()) else { return Vec::new() };
        let PictureFacts { size, quality, width, height, bytes, since, model, .. } = facts;
        let pixels = width.zip(height);
        let pixels =
            pixels.map(|(width, height)| [&width.to_string(), " × ", &height.to_string()].concat());
        let all = [
            (TextKey::Shape, Some(self.text(texts::shape(size)))),
            (TextKey::Quality, Some(self.text(texts::quality(quality)))),
            (TextKey::Pixels, pixels),
            (TextKey::File, (bytes > 0).then(|| formats::bytes(bytes))),
            (TextKey::Made, (since > 0).then(|| formats::date(since))),
            (TextKey::Price, facts.cost.map(|cost| texts::cost(&self.texts(), cost))),
            (TextKey::Model, Some(model).filter(|model| !model.is_empty())),
            (TextKey::Credentials, facts.credentials.then(|| self.text(TextKey::Present))),
        ];
        all.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
    }

    /// The path of the picture that the viewer shows.
    fn viewed_url(self) -> Option<String> {
        self.viewer().with_untracked(|view| view.as_ref()?.facts.url.clone())
    }

    /// What shows the picture at once; then `then` gets what shows the original, if it can be had and is still wanted.
    pub(crate) fn show_picture(self, key: TileKey, then: impl FnOnce(String) + 'static) -> String {
        let thumbnail = self.viewer().with_untracked(|view| view.as_ref()?.thumbnail.clone());
        let url = self.viewed_url().unwrap_or_default();
        let at_once = thumbnail.unwrap_or_else(|| url.clone());
        original::decoded(url, move |shown| {
            if self.viewed_key() == Some(key) {
                then(shown);
            } else {
                original::release(&shown);
            }
        });
        at_once
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
