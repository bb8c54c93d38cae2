//! Pictures to start from: files that the visitor chose, dropped or pasted, and pictures of the wall. Each has a number.
//!
//! Owns their bytes until the studio releases them, and the way through `image_worker.js`, which paints each anew: smaller,
//! and without the file's metadata. Where that is impossible (no worker, a canvas that returns noise), a picture of the
//! wall is sent as it is, since it has no metadata of the visitor. A visitor's file is not sent: its metadata may name a
//! place. Must not decide how many there may be or when one is sent.

use super::{
    image_worker::{self, MAX_BYTES, Painted},
    original,
};
use crate::state::uploads::UploadId;
use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Event, File, FormData, HtmlInputElement, Url};

/// What is held under a number.
#[derive(Default)]
struct Held {
    /// As it came, until it is prepared.
    file: Option<Blob>,
    /// As it is sent.
    ready: Option<Blob>,
    /// An object URL of that.
    url: Option<String>,
}

/// A picture that waits for its turn.
struct Job {
    id: UploadId,
    source: Option<String>,
    longest: u32,
    then: Box<dyn FnOnce(Prepared)>,
}

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
    static HELD: RefCell<HashMap<u32, Held>> = RefCell::default();
    static QUEUE: RefCell<VecDeque<Job>> = RefCell::default();
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// What came of preparing a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Prepared {
    /// It can be sent; this object URL shows it.
    Ready(String),
    /// It cannot be had, or is none.
    Failed,
    /// There is no canvas, or it cannot be trusted.
    Blocked,
    /// The worker's file is not served any more: a newer build was deployed.
    PartMissing,
}

/// A fresh number.
pub(crate) fn number() -> UploadId {
    let next = LAST.get().wrapping_add(1);
    LAST.set(next);
    UploadId(next)
}

/// Takes files, each under a fresh number.
pub(super) fn add(files: impl IntoIterator<Item = File>) -> Vec<UploadId> {
    files
        .into_iter()
        .map(|file| {
            let id = number();
            let held = Held { file: Some(file.into()), ..Held::default() };
            HELD.with_borrow_mut(|all| all.insert(id.0, held));
            id
        })
        .collect()
}

/// Takes the files that were chosen in the input of this event, which is empty afterwards: the same file can be chosen
/// again.
pub(crate) fn from_event(event: &Event) -> Vec<UploadId> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = input.files();
    let files = files.iter().flat_map(|all| (0..all.length()).filter_map(|at| all.item(at)));
    let ids = add(files);
    input.set_value("");
    ids
}

/// Prepares the picture of this number: the file that was given, or the picture at `source`, at most `longest` pixels a
/// side. One after the other: a phone's memory holds few large pictures that are decoded.
pub(crate) fn prepare(
    id: UploadId,
    source: Option<String>,
    longest: u32,
    then: impl FnOnce(Prepared) + 'static,
) {
    HELD.with_borrow_mut(|all| {
        all.entry(id.0).or_default();
    });
    let job = Job { id, source, longest, then: Box::new(then) };
    QUEUE.with_borrow_mut(|queue| queue.push_back(job));
    if !BUSY.replace(true) {
        spawn_local(async {
            while let Some(job) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
                let prepared = made(job.id, job.source, job.longest).await;
                (job.then)(prepared);
            }
            BUSY.set(false);
        });
    }
}

async fn made(id: UploadId, source: Option<String>, longest: u32) -> Prepared {
    let given = HELD.with_borrow(|all| all.get(&id.0).and_then(|held| held.file.clone()));
    let (file, is_own) = match (given, source) {
        (Some(file), _) => (file, true),
        (None, Some(url)) => match original::file(&url, false).await {
            Ok(file) => (file.into(), false),
            Err(_) => return Prepared::Failed,
        },
        (None, None) => return Prepared::Failed,
    };
    let ready = match image_worker::upload(&file, longest).await {
        Painted::Anew(blob) => blob,
        Painted::Impossible if !is_own && file.size() <= MAX_BYTES => file,
        Painted::Impossible => return Prepared::Blocked,
        Painted::Unreadable => return Prepared::Failed,
        Painted::PartMissing => return Prepared::PartMissing,
    };
    let Ok(url) = Url::create_object_url_with_blob(&ready) else { return Prepared::Failed };
    HELD.with_borrow_mut(|all| {
        if let Some(held) = all.get_mut(&id.0) {
            *held = Held { file: None, ready: Some(ready), url: Some(url.clone()) };
            return Prepared::Ready(url);
        }
        // It was released meanwhile.
        revoke(&url);
        Prepared::Failed
    })
}

/// Forgets a picture.
pub(crate) fn release(id: UploadId) {
    if let Some(Held { url: Some(url), .. }) = HELD.with_borrow_mut(|all| all.remove(&id.0)) {
        revoke(&url);
    }
}

fn revoke(url: &str) {
    // Fails only for what is no text.
    drop(Url::revoke_object_url(url));
}

/// The body of a request with pictures; `None` if one of them is not held any more.
pub(crate) fn form(json: &str, ids: &[UploadId]) -> Option<FormData> {
    let form = FormData::new().ok()?;
    form.append_with_str("request", json).ok()?;
    HELD.with_borrow(|all| {
        for id in ids {
            form.append_with_blob("picture", all.get(&id.0)?.ready.as_ref()?).ok()?;
        }
        Some(form)
    })
}
