//! Commands that only the lazy part carries out: thumbnails, archives, the device history.
//!
//! Owns the commands that wait until that part is there. Only the lazy part may name [`StudioStore::run_lazy`]: whatever
//! names it has all that it calls in it.

use super::StudioStore;
use crate::{
    browser::{archive, focus, thumbnails},
    state::{command::Command, event::Event},
};
use leptos::prelude::*;

/// Carries a command out.
type Run = fn(StudioStore, Command);

/// What carries the lazy part's commands out.
pub(super) enum LazyRunner {
    /// The part is not there: these wait, in their order.
    Waits(Vec<Command>),
    /// The part is there.
    Runs(Run),
}

impl StudioStore {
    /// The lazy part is there, and with it what carries its commands out: first those that have waited.
    pub(crate) fn set_lazy_runner(self, run: Run) {
        let lazy = self.parts().lazy;
        let before = lazy.try_update_value(|lazy| std::mem::replace(lazy, LazyRunner::Runs(run)));
        if let Some(LazyRunner::Waits(commands)) = before {
            for command in commands {
                run(self, command);
            }
        }
    }

    /// Has the lazy part carry a command out, now or once it is there.
    pub(super) fn pass_to_lazy_part(self, command: Command) {
        let run = self.parts().lazy.try_update_value(|lazy| match lazy {
            LazyRunner::Waits(commands) => {
                commands.push(command);
                None
            }
            LazyRunner::Runs(run) => Some((*run, command)),
        });
        if let Some((run, command)) = run.flatten() {
            run(self, command);
        }
    }

    /// Carries a command out.
    pub(crate) fn run_lazy(self, command: Command) {
        match command {
            Command::Device(command) => self.run_device(command),
            Command::MakeThumbnail { key, url } => {
                thumbnails::make(url, move |made| {
                    if let Some(url) = made {
                        self.send(Event::ThumbnailReady { key, url });
                    }
                });
            }
            Command::ReleaseThumbnails(urls) => {
                for url in &urls {
                    thumbnails::release(url);
                }
            }
            Command::LeaveToast(target) => focus::leave_undo(target),
            Command::MakeArchive(pictures) => archive::make(pictures, move |archive, away| {
                self.send(Event::ArchiveMade { archive, away });
            }),
            Command::SaveArchive => archive::save(),
            Command::ReleaseArchive(url) => archive::release(&url),
            _ => {}
        }
    }
}
