//! Event streams of jobs, by `gloo-net`.
//!
//! Owns the open ones, and tells when one is cut: the browser opens it again by itself, unless it has given it up. Must
//! not read what an event says.

use futures_util::{StreamExt, stream::select};
use gloo_net::eventsource::futures::EventSource;
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

thread_local! {
    static OPEN: RefCell<Streams> = RefCell::default();
}

/// The open streams by the ids of their jobs, each with a number that no other one has had.
#[derive(Default)]
struct Streams {
    last: u32,
    open: HashMap<String, (u32, EventSource)>,
}

impl Streams {
    fn has(&self, id: &str, number: u32) -> bool {
        self.open.get(id).is_some_and(|(own, _)| *own == number)
    }
}

/// Hears the stream at `path` until [`unsubscribe`] is called with the same id.
pub(crate) fn subscribe(
    id: String,
    path: &str,
    on_job: impl Fn(String) + 'static,
    on_cut: impl Fn(bool) + 'static,
) {
    let Ok(mut source) = EventSource::new(path) else { return on_cut(true) };
    // Of errors `gloo-net` tells only the last one by itself; one after which the browser tries again is an event too.
    let (Ok(jobs), Ok(errors)) = (source.subscribe("job"), source.subscribe("error")) else {
        return on_cut(true);
    };
    let number = OPEN.with_borrow_mut(|streams| {
        streams.last = streams.last.wrapping_add(1);
        streams.open.insert(id.clone(), (streams.last, source));
        streams.last
    });
    spawn_local(async move {
        let mut events = select(jobs, errors);
        while let Some(event) = events.next().await {
            // Closing a stream is an error event too.
            if !OPEN.with_borrow(|streams| streams.has(&id, number)) {
                break;
            }
            let Ok((kind, event)) = event else { continue };
            if kind == "error" {
                on_cut(is_closed(&event));
            } else if let Some(text) = event.data().as_string() {
                on_job(text);
            }
        }
    });
}

/// Whether the browser has given the stream of this event up.
fn is_closed(event: &MessageEvent) -> bool {
    let source = event.target().map(JsCast::unchecked_into::<web_sys::EventSource>);
    source.is_none_or(|source| source.ready_state() == web_sys::EventSource::CLOSED)
}

/// Closes the stream of this id.
pub(crate) fn unsubscribe(id: &str) {
    let over = OPEN.with_borrow_mut(|streams| streams.open.remove(id));
    // Its end is an event, which is heard when it is not among the open ones any more.
    drop(over);
}
