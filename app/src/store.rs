//! The studio's state where views can see it, and the one place where commands are carried out.
//!
//! Owns the signals. Must not decide: `state` does.

mod effects;

use crate::{
    browser::{clock, form, host, page, pictures, pictures::Act, random, storage},
    state::{
        job::Kept,
        left::Left,
        stored::Stored,
        studio::{Event, Studio},
        tile::Tile,
    },
    texts,
};
use leptos::prelude::*;

/// A handle on the studio: copied into every view and every callback.
#[derive(Clone, Copy)]
pub(crate) struct Store {
    studio: RwSignal<Studio>,
    /// Told when the wall may be another one: not with each key and each second.
    wall: RwSignal<()>,
}

impl Store {
    /// A handle on this studio.
    pub(crate) fn new(studio: Studio) -> Self {
        Self { studio: RwSignal::new(studio), wall: RwSignal::new(()) }
    }

    /// Starts: recalls what the tab remembers, hears the form, carries out what it kept.
    pub(crate) fn bind(self) {
        let stored = self.studio.with_untracked(|studio| {
            let text = studio.remembers().then(|| storage::recall(studio.site()))?;
            text.as_deref().and_then(Stored::read)
        });
        self.send(Event::Started(stored));
        form::on_intent(move || self.send(Event::Intent));
        form::on_typed(move || {
            if let Some(draft) = form::read() {
                self.send(Event::Typed(draft.prompt));
            }
        });
        form::on_submit(move || self.submit());
        form::on_remove(move |at| self.send(Event::RemovePressed(at)));
        form::on_cancel(move || self.send(Event::CancelPressed));
        form::on_chosen(move || self.estimate());
        self.estimate();
        pictures::hear(
            move |first, count| self.send(Event::Given(first, count)),
            move |id, fine| self.send(Event::Taken(id, fine)),
            move |verb, place| self.act(verb, place),
        );
        let kept = form::take_over();
        host::ready(move || self.send(Event::Cleared));
        if kept {
            self.submit();
        }
    }

    fn submit(self) {
        if let Some(draft) = form::read() {
            self.send(Event::Submitted(draft, random::key()));
        }
    }

    /// Does what the viewer and the gallery's buttons ask for.
    fn act(self, act: Act, place: (u32, u32)) {
        self.send(match act {
            Act::Change => Event::ChangePressed(place, pictures::number()),
            Act::Vary => Event::RetryPressed(place.0, random::key()),
            Act::Remove => Event::DeletePressed(place),
            Act::Undo => Event::UndoPressed,
            Act::Over => Event::BinOver,
            Act::Lose => Event::PictureLost(place),
            Act::Keep => match Kept::read(&pictures::kept()) {
                Some(kept) => Event::Kept(kept),
                None => return,
            },
        });
    }

    /// Says what the form's choices will cost.
    pub(super) fn estimate(self) {
        let usd = form::read().and_then(|draft| self.studio.with_untracked(|s| s.estimate(&draft)));
        page::estimate(&usd.map(texts::estimate).unwrap_or_default());
    }

    /// Lets an event happen, and what follows from it.
    pub(crate) fn send(self, event: Event) {
        let now = clock::now();
        let mut commands = Vec::new();
        let wall = event.may_change_the_wall();
        let typed = matches!(event, Event::Typed(_));
        self.studio.update(|studio| commands = studio.apply(event, now));
        if wall {
            self.wall.notify();
        }
        // With a key none of this changes, and each is answered soon.
        if !typed {
            self.show(now);
        }
        for command in commands {
            self.run(command);
        }
    }

    fn show(self, now: u64) {
        self.studio.with_untracked(|studio| {
            form::show_running(studio.is_running());
            let left = studio.left(now);
            let words = left.map(|left| texts::left(left, studio.edge_time(now), clock::of_day));
            page::left(&words.unwrap_or_default(), left.is_some_and(Left::is_over));
        });
    }

    /// What hangs on the wall.
    pub(crate) fn wall(self) -> Vec<Tile> {
        self.wall.track();
        self.studio.with_untracked(Studio::wall)
    }

    /// How far an entry is, in words.
    pub(crate) fn progress(self, serial: u32) -> String {
        let progress = self.studio.with(|studio| studio.progress(serial, clock::now()));
        progress.map(texts::progress).unwrap_or_default()
    }

    /// What an entry's pictures have cost, in words, where this picture is the one to tell it.
    pub(crate) fn cost(self, serial: u32, index: u32) -> String {
        self.wall.track();
        let cost = self.studio.with_untracked(|studio| studio.cost(serial, index));
        cost.map(texts::cost).unwrap_or_default()
    }

    /// What is told of the picture in this place beside itself.
    pub(crate) fn facts(self, place: (u32, u32)) -> String {
        self.studio.with_untracked(|studio| studio.facts(place)).unwrap_or_default()
    }

    /// What the edge's clock says now, as far as it is known.
    pub(crate) fn edge_time(self) -> u64 {
        self.studio.with_untracked(|studio| studio.edge_time(clock::now()))
    }

    /// What the owner offers when a limit is reached: its words, and where it leads.
    pub(crate) fn offer(self) -> Option<(String, String)> {
        self.studio.with_untracked(Studio::offer)
    }
}
