//! Runs the reducer: events in, signals and commands out.
//!
//! Owns the order of events: one that arrives while another is applied, because a command was answered at once, waits for
//! its turn.

use super::StudioStore;
use crate::{
    browser::{clock, original, prompt_height, random, uploads},
    state::{Studio, event::Event, tile::TileKey},
};
use leptos::{ev, prelude::*};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether the program has panicked.
static ENDED: AtomicBool = AtomicBool::new(false);

/// From now on nothing happens: what a panic has left half done must not order anything.
pub(crate) fn end() {
    ENDED.store(true, Ordering::Relaxed);
}

/// The studio's state, and what is about to happen to it.
#[derive(Clone)]
pub(super) struct Engine {
    studio: Rc<RefCell<Studio>>,
    waiting: Rc<RefCell<VecDeque<Event>>>,
    busy: Rc<Cell<bool>>,
}

impl Engine {
    pub(super) fn new(studio: Studio) -> Self {
        Self { studio: Rc::new(RefCell::new(studio)), waiting: Rc::default(), busy: Rc::default() }
    }

    /// Asks the state for something. None while an event is applied: who asks then is part of that.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Studio) -> T) -> Option<T> {
        self.studio.try_borrow().ok().map(|studio| question(&studio))
    }
}

impl StudioStore {
    /// Lets an event happen: applies it, shows what has changed, and carries out what follows.
    pub(crate) fn send(self, event: Event) {
        let Some(engine) = self.engine().filter(|_| !ENDED.load(Ordering::Relaxed)) else { return };
        engine.waiting.borrow_mut().push_back(event);
        if engine.busy.replace(true) {
            return;
        }
        loop {
            let next = engine.waiting.borrow_mut().pop_front();
            let Some(event) = next else { break };
            let now = clock::now();
            let (commands, published) = {
                let mut studio = engine.studio.borrow_mut();
                let commands = studio.apply(event, now);
                (commands, self.publish(&mut studio, now))
            };
            if published.prompt {
                prompt_height::fit();
            }
            for command in commands {
                self.run(command);
            }
        }
        engine.busy.set(false);
    }

    /// Submits the form.
    pub(crate) fn submit(self) {
        self.send(Event::Submitted { key: random::key() });
    }

    /// Tries a request again, or makes another one like it.
    pub(crate) fn retry(self, serial: u32) {
        self.send(Event::RetryPressed { serial, key: random::key() });
    }

    /// Takes the files that a file button has.
    pub(crate) fn add_files(self, event: &ev::Event) {
        self.send(Event::FilesAdded(uploads::from_event(event)));
    }

    /// A picture is saved by its link: what this device keeps, from here.
    pub(crate) fn download(self, key: TileKey, url: &str, event: &ev::MouseEvent) {
        if original::save_own(url) {
            event.prevent_default();
        }
        self.send(Event::DownloadPressed(key));
    }

    /// The edge's time, as far as it is known.
    pub(super) fn edge_time(self) -> u64 {
        self.ask(|studio| studio.edge_time(clock::now())).unwrap_or_default()
    }

    pub(super) fn ask<T>(self, question: impl FnOnce(&Studio) -> T) -> Option<T> {
        self.engine()?.ask(question)
    }

    fn engine(self) -> Option<Engine> {
        self.parts().engine.try_get_value()
    }
}
