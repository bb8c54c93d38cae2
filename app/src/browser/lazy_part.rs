//! Where the lazy part of the program is mounted, and when it may be fetched.
//!
//! Owns the element that the document has for it beside the root. Must not know what the part is: the caller mounts it.

use super::{clock, dom::element, image_worker};
use std::future::Future;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// The element that the lazy part is mounted into.
pub(crate) type Place = HtmlElement;

/// What came of the request for the lazy part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// It is mounted.
    Mounted,
    /// It did not come.
    Missing,
    /// It did not come, since the edge serves another release by now.
    Replaced,
}

/// How long after a picture's last byte nothing else begins that would hold up its way to the screen, in milliseconds.
const SHOWS_MS: u32 = 100;

/// Has the part mounted, and says what came of it.
pub(crate) fn load<F, E>(
    mount: impl FnOnce(Place) -> F + 'static,
    then: impl FnOnce(Loaded) + 'static,
) where
    F: Future<Output = Result<(), E>>,
{
    let work = async move {
        let place = element("lazy").and_then(|place| place.dyn_into().ok());
        let mounted = match place {
            Some(place) => mount(place).await.is_ok(),
            None => false,
        };
        then(match mounted {
            true => Loaded::Mounted,
            false if image_worker::worker_is_gone().await => Loaded::Replaced,
            false => Loaded::Missing,
        });
    };
    clock::later(SHOWS_MS, Box::new(move || spawn_local(work)));
}

/// A place in the document that the lazy part fills.
pub(crate) fn place(id: &str) -> Option<Place> {
    element(id)?.dyn_into().ok()
}
