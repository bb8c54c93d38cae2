//! Commands of the device history, carried out.
//!
//! Owns which call of the browser goes with which command, and which event its answer becomes. Only
//! [`StudioStore::run_lazy`] may call it: whatever names it has the whole database in it.

use super::StudioStore;
use crate::{
    browser::{
        device_history::{self, Elsewhere, NotKept, Opened},
        original::NoOriginal,
    },
    state::{
        command::DeviceCommand, device_history::DeviceFailure, event::Event,
        kept_picture::KeptFacts, tile::TileKey,
    },
};
use leptos::task::spawn_local;

impl StudioStore {
    /// Carries a command out.
    pub(super) fn run_device(self, command: DeviceCommand) {
        match command {
            DeviceCommand::Open => self.open_device(),
            DeviceCommand::Keep { key, facts } => self.keep(key, *facts),
            DeviceCommand::Forget(urls) => spawn_local(async move {
                if let Err(failure) = device_history::forget(urls).await {
                    self.send(Event::DeviceFailed(failure));
                }
            }),
            DeviceCommand::DeleteAll => device_history::delete_all(&self.site().id),
        }
    }

    fn open_device(self) {
        let on = move |elsewhere| {
            self.send(match elsewhere {
                Elsewhere::Blocks => Event::DeviceBlocked,
                Elsewhere::Deleted => Event::DeviceDeleted,
                Elsewhere::Upgraded => Event::DeviceFailed(DeviceFailure::Newer),
            });
        };
        spawn_local(async move {
            match device_history::open(&self.site().id, on).await {
                Ok(Opened { pictures, failure }) => {
                    self.send(Event::DeviceOpened(pictures));
                    if let Some(failure) = failure {
                        self.send(Event::DeviceFailed(failure));
                    }
                }
                Err(failure) => self.send(Event::DeviceFailed(failure)),
            }
        });
    }

    fn keep(self, key: TileKey, facts: KeptFacts) {
        spawn_local(async move {
            self.send(match device_history::keep(facts).await {
                Ok(picture) => Event::PictureKept(key, Box::new(picture)),
                Err(NotKept::Device(failure)) => Event::DeviceFailed(failure),
                Err(NotKept::Original(why)) => {
                    Event::PictureNotKept { key, gone: why == NoOriginal::Gone }
                }
                // Whoever has closed it has said so.
                Err(NotKept::Closed) => return,
            });
        });
    }
}
