//! Thumbnails: small copies of the wall's pictures, so that a long wall decodes and holds little.
//!
//! Owns their bytes until the studio releases them, and when one is made: one after the other, when the browser is idle. A
//! picture of which none can be made stays as it is.

use super::{clock, image_worker, image_worker::Painted, original, previews};
use js_sys::Promise;
use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Url};

/// The most pixels of the longer side, on coarse and on fine screens.
const LONGER: u32 = 512;
const LONGER_FINE: u32 = 768;

/// How long a picture is seen before its copy is begun: until then it appears. In milliseconds.
const SEEN_MS: u32 = 900;

/// A thumbnail, and the object URL that shows it.
struct Thumbnail {
    blob: Blob,
    shown: String,
}

/// A picture that waits for its turn.
struct Job {
    url: String,
    then: Box<dyn FnOnce(Option<String>)>,
}

thread_local! {
    /// By the path of the picture.
    static MADE: RefCell<HashMap<String, Thumbnail>> = RefCell::default();
    static QUEUE: RefCell<VecDeque<Job>> = RefCell::default();
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Makes a thumbnail of the picture at this path, and tells the object URL that shows it.
pub(crate) fn make(url: String, then: impl FnOnce(Option<String>) + 'static) {
    let job = Job { url, then: Box::new(then) };
    clock::later(SEEN_MS, Box::new(|| enqueue(job)));
}

/// The thumbnail of the picture at this path, which is made if there is none.
pub(super) async fn of(url: String) -> Option<(Blob, String)> {
    let made = Promise::new(&mut |resolve, _| {
        let (url, then) = (url.clone(), resolve);
        // A promise's own function does not throw.
        let then = Box::new(move |_| drop(then.call0(&JsValue::UNDEFINED)));
        enqueue(Job { url, then });
    });
    // It is never rejected.
    drop(JsFuture::from(made).await);
    MADE.with_borrow(|all| all.get(&url).map(|made| (made.blob.clone(), made.shown.clone())))
}

fn enqueue(job: Job) {
    QUEUE.with_borrow_mut(|queue| queue.push_back(job));
    if !BUSY.replace(true) {
        spawn_local(async {
            while let Some(Job { url, then }) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
                if !MADE.with_borrow(|all| all.contains_key(&url)) {
                    add(url.clone()).await;
                }
                then(MADE.with_borrow(|all| all.get(&url).map(|made| made.shown.clone())));
            }
            BUSY.set(false);
        });
    }
}

async fn add(url: String) {
    clock::idle().await;
    let Ok(file) = original::file(&url, false).await else { return };
    let dense = web_sys::window().is_some_and(|window| window.device_pixel_ratio() > 1.0);
    let longer = if dense { LONGER_FINE } else { LONGER };
    let Painted::Anew(blob) = image_worker::thumbnail(&file, longer).await else { return };
    let Ok(shown) = Url::create_object_url_with_blob(&blob) else { return };
    // It is decoded before it is shown: there is no moment without a picture.
    if previews::is_decoded(&shown).await {
        MADE.with_borrow_mut(|all| drop(all.insert(url, Thumbnail { blob, shown })));
    } else {
        revoke(&shown);
    }
}

/// Lets go of a thumbnail, by the object URL that shows it.
pub(crate) fn release(shown: &str) {
    MADE.with_borrow_mut(|all| all.retain(|_, made| made.shown != shown));
    revoke(shown);
}

fn revoke(url: &str) {
    // Fails only for what is no text.
    drop(Url::revoke_object_url(url));
}
