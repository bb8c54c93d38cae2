//! Event streams of jobs.
//!
//! Owns the open ones, and tells when one is cut: the browser opens it again by itself, unless it has given it up.

use std::cell::RefCell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

thread_local! {
    static OPEN: RefCell<Vec<(String, Stream)>> = const { RefCell::new(Vec::new()) };
}

/// An open stream with the closures that it calls.
struct Stream {
    source: EventSource,
    _on_job: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Hears the stream at `path` until [`unhear`] is called with the same id.
pub(crate) fn hear(
    id: String,
    path: &str,
    on_job: impl Fn(String) + 'static,
    on_cut: impl Fn(bool) + 'static,
) {
    let Ok(source) = EventSource::new(path) else { return on_cut(true) };
    let on_job = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            on_job(text);
        }
    });
    let own = source.clone();
    let on_error =
        Closure::<dyn Fn()>::new(move || on_cut(own.ready_state() == EventSource::CLOSED));
    // These fail only for listeners that are no functions.
    drop(source.add_event_listener_with_callback("job", on_job.as_ref().unchecked_ref()));
    drop(source.add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref()));
    let stream = Stream { source, _on_job: on_job, _on_error: on_error };
    OPEN.with_borrow_mut(|open| open.push((id, stream)));
}

/// Closes the stream of this id. Its closures may be running: they are dropped when they are not.
pub(crate) fn unhear(id: &str) {
    let over = OPEN.with_borrow_mut(|open| {
        let at = open.iter().position(|(own, _)| own == id)?;
        Some(open.swap_remove(at))
    });
    if let Some((_, stream)) = over {
        stream.source.close();
        super::clock::later(0, Box::new(move || drop(stream)));
    }
}
