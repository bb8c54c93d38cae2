//! Canvas work, by `image_worker.js`: uploads, thumbnails, and pictures for the clipboard.
//!
//! Owns the worker, and what it is asked for: which type, how large, how often. It paints one picture after the other, since
//! a phone's memory holds few large ones that are decoded. Must not keep a picture, nor decide what becomes of one that
//! cannot be painted.

use super::boot;
use js_sys::{Array, Function, Promise};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, MessageEvent, RequestCache, RequestInit, Response, Worker};

/// The most bytes of a picture that is sent.
pub(super) const MAX_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";
const WEBP: &str = "image/webp";
/// JPEG, or PNG where a pixel is transparent.
const AS_ITS_PIXELS_NEED: &str = "";

/// How much of a picture a lossy file keeps: of an upload, and of a thumbnail.
const UPLOAD_QUALITY: f64 = 0.9;
const THUMBNAIL_QUALITY: f64 = 0.85;

/// What the worker made of a picture.
pub(super) enum Painted {
    /// This.
    Anew(Blob),
    /// The browser sees no picture in it.
    Unreadable,
    /// There is no worker, or its canvas gives back something else than was painted.
    Impossible,
    /// The worker's file is not served any more: a newer build was deployed.
    PartMissing,
}

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
    /// By a job's number: what its answer is told to.
    static WAITING: RefCell<HashMap<u32, Function>> = RefCell::default();
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// A picture that may be sent: at most `longest` pixels a side, with nothing left of what its file said besides.
pub(super) async fn upload(file: &Blob, longest: u32) -> Painted {
    let mut kind = if file.type_() == JPEG { JPEG } else { AS_ITS_PIXELS_NEED };
    let mut longest = longest;
    loop {
        match paint(file, longest, kind, UPLOAD_QUALITY).await {
            Painted::Anew(blob) if blob.size() > MAX_BYTES && longest > 1 => {
                // Where a browser writes no WebP it writes PNG, and only smaller helps.
                if blob.type_() == PNG && kind != WEBP {
                    kind = WEBP;
                } else {
                    longest = longest.saturating_mul(4) / 5;
                }
            }
            painted => return painted,
        }
    }
}

/// A small copy of a picture, whose longer side has at most so many pixels.
pub(super) async fn thumbnail(file: &Blob, longer: u32) -> Painted {
    paint(file, longer, WEBP, THUMBNAIL_QUALITY).await
}

/// A picture as PNG, which clipboards take.
pub(super) async fn png(file: &Blob) -> Option<Blob> {
    match paint(file, u32::MAX, PNG, 1.0).await {
        Painted::Anew(blob) => Some(blob),
        _ => None,
    }
}

/// Asks the worker for one picture.
async fn paint(file: &Blob, longest: u32, kind: &str, quality: f64) -> Painted {
    let Some(script) = boot::get("image_worker").as_string() else { return Painted::Impossible };
    let Some(worker) = worker(&script) else { return Painted::Impossible };
    let id = LAST.get().wrapping_add(1);
    LAST.set(id);
    let answer = Promise::new(&mut |resolve, _| {
        WAITING.with_borrow_mut(|all| drop(all.insert(id, resolve)));
    });
    let message = Array::of5(&id.into(), file, &longest.into(), &kind.into(), &quality.into());
    if worker.post_message(&message).is_err() {
        WAITING.with_borrow_mut(|all| drop(all.remove(&id)));
        return Painted::Impossible;
    }
    // It is never rejected.
    let answer = JsFuture::from(answer).await.unwrap_or_default();
    match answer.dyn_into() {
        Ok(blob) => Painted::Anew(blob),
        Err(answer) if answer.is_string() => Painted::Unreadable,
        // The worker has ended.
        Err(answer) if answer.is_undefined() && is_gone(&script).await => Painted::PartMissing,
        Err(_) => Painted::Impossible,
    }
}

/// The worker, which is started for the first job, and anew after it has ended.
fn worker(script: &str) -> Option<Worker> {
    if let Some(worker) = WORKER.with_borrow(Clone::clone) {
        return Some(worker);
    }
    let worker = Worker::new(script).ok()?;
    let answered = |event: MessageEvent| {
        let [id, answer] = [0, 1].map(|at| event.data().unchecked_into::<Array>().get(at));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the worker gives back the number that it was given"
        )]
        let id = id.as_f64().unwrap_or_default() as u32;
        if let Some(resolve) = WAITING.with_borrow_mut(|all| all.remove(&id)) {
            tell(&resolve, &answer);
        }
    };
    let ended = |_: Event| {
        if let Some(worker) = WORKER.take() {
            worker.terminate();
        }
        for resolve in WAITING.take().into_values() {
            tell(&resolve, &JsValue::UNDEFINED);
        }
    };
    let answered = Closure::wrap(Box::new(answered) as Box<dyn Fn(MessageEvent)>).into_js_value();
    let ended = Closure::wrap(Box::new(ended) as Box<dyn Fn(Event)>).into_js_value();
    worker.set_onmessage(Some(answered.unchecked_ref()));
    worker.set_onerror(Some(ended.unchecked_ref()));
    WORKER.set(Some(worker.clone()));
    Some(worker)
}

fn tell(resolve: &Function, answer: &JsValue) {
    // A promise's own function does not throw.
    drop(resolve.call1(&JsValue::UNDEFINED, answer));
}

/// Whether the edge serves this release's worker no more: another release has replaced it.
pub(super) async fn worker_is_gone() -> bool {
    match boot::get("image_worker").as_string() {
        Some(script) => is_gone(&script).await,
        None => false,
    }
}

/// Whether the edge serves a file no more.
async fn is_gone(url: &str) -> bool {
    let init = RequestInit::new();
    init.set_method("HEAD");
    init.set_cache(RequestCache::NoStore);
    let Some(window) = web_sys::window() else { return false };
    let answer = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await;
    answer.is_ok_and(|answer| answer.unchecked_into::<Response>().status() == 404)
}
