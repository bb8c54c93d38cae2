//! What the proxy does with the files of the build, which a browser asks for before any call: the document, the
//! program's JavaScript and wasm, and the parts that come later.
//!
//! Owns these rules, several of which may be active at a time. Must not touch the calls of the studio's interface.

use super::{Body, Broken, whole};
use http_body_util::BodyExt;
use hyper::{
    Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue},
};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// `/studio/{site}`.
    Document,
    /// The program's JavaScript.
    Glue,
    /// The program's wasm.
    Program,
    /// The wasm of the part that comes after the first picture.
    Part,
    /// A script that is imported beside the program or later.
    Script,
    /// A stylesheet.
    Stylesheet,
}

/// What comes in place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Nothing: 404, as after a deploy.
    NotFound,
    /// The page of a captive portal, with status 200.
    Page,
    /// Its first half.
    Half,
    /// All of it, under a wrong type.
    Mistyped,
}

/// Changes the text of a file.
type Change = Arc<dyn Fn(String) -> String + Send + Sync>;

/// Holds every answer of one kind until it is opened or dropped.
#[derive(Debug)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// Lets pass what was held and what comes from now on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }
}

#[derive(Default)]
pub(super) struct Rules {
    gates: Mutex<Vec<(File, watch::Receiver<bool>)>>,
    instead: Mutex<Vec<(File, Instead)>>,
    changes: Mutex<Vec<(File, Change)>>,
}

fn locked<T>(list: &Mutex<Vec<T>>) -> std::sync::MutexGuard<'_, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rules {
    pub(super) fn gate(&self, file: File) -> Gate {
        let (sender, receiver) = watch::channel(false);
        locked(&self.gates).push((file, receiver));
        Gate(sender)
    }

    pub(super) fn instead(&self, file: File, instead: Instead) {
        locked(&self.instead).push((file, instead));
    }

    pub(super) fn change(
        &self,
        file: File,
        change: impl Fn(String) -> String + Send + Sync + 'static,
    ) {
        locked(&self.changes).push((file, Arc::new(change)));
    }

    pub(super) fn clear(&self) {
        locked(&self.instead).clear();
        locked(&self.changes).clear();
    }

    /// Whether this file's text is changed: then the edge must not compress it.
    pub(super) fn reads(&self, method: &Method, path: &str) -> bool {
        let file = File::of(method, path);
        file.is_some_and(|file| locked(&self.changes).iter().any(|(of, _)| *of == file))
    }

    /// Applies the rules to the edge's answer.
    pub(super) async fn apply(
        &self,
        method: &Method,
        path: &str,
        answer: Response<Body>,
    ) -> Result<Response<Body>, Broken> {
        let Some(file) = File::of(method, path) else { return Ok(answer) };
        let gates: Vec<_> = locked(&self.gates)
            .iter()
            .filter(|(of, _)| *of == file)
            .map(|(_, gate)| gate.clone())
            .collect();
        for mut gate in gates {
            // A dropped gate is open.
            drop(gate.wait_for(|open| *open).await);
        }
        let instead = locked(&self.instead).iter().find(|(of, _)| *of == file).map(|(_, it)| *it);
        let changes: Vec<Change> = locked(&self.changes)
            .iter()
            .filter(|(of, _)| *of == file)
            .map(|(_, change)| Arc::clone(change))
            .collect();
        if instead.is_none() && changes.is_empty() {
            return Ok(answer);
        }
        let (mut head, body) = answer.into_parts();
        let mut bytes = body.collect().await?.to_bytes();
        match instead {
            Some(Instead::NotFound) => {
                head.status = StatusCode::NOT_FOUND;
                // As all answers of the edge that are no file: a browser would keep this one otherwise.
                head.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                bytes = bytes.slice(..0);
            }
            Some(Instead::Page) => return Ok(super::page(200)),
            Some(Instead::Half) => {
                // A browser keeps nothing whose end did not come.
                head.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                bytes = bytes.slice(..bytes.len() / 2);
            }
            Some(Instead::Mistyped) => {
                head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            }
            None => {}
        }
        if !changes.is_empty() {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes = changes.iter().fold(text, |text, change| change(text)).into();
        }
        head.headers.remove(CONTENT_LENGTH);
        Ok(Response::from_parts(head, whole(bytes)))
    }
}

impl File {
    fn of(method: &Method, path: &str) -> Option<Self> {
        if *method != Method::GET && *method != Method::HEAD {
            return None;
        }
        if path.starts_with("/studio/") {
            return Some(Self::Document);
        }
        let name = path.strip_prefix("/assets/")?;
        match name.rsplit_once('.')?.1 {
            "wasm" if name.starts_with("studio-") => Some(Self::Program),
            "wasm" => Some(Self::Part),
            "js" if name.starts_with("studio-") => Some(Self::Glue),
            "js" => Some(Self::Script),
            "css" => Some(Self::Stylesheet),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_names() {
        for (path, file) in [
            ("/studio/demo", Some(File::Document)),
            ("/assets/studio-0123.js", Some(File::Glue)),
            ("/assets/studio-0123.wasm", Some(File::Program)),
            ("/assets/lazy-0123.wasm", Some(File::Part)),
            ("/assets/zip-0123.js", Some(File::Script)),
            ("/assets/studio-0123.css", Some(File::Stylesheet)),
            ("/v1/jobs/a", None),
        ] {
            assert_eq!(File::of(&Method::GET, path), file, "{path}");
        }
        assert_eq!(File::of(&Method::POST, "/studio/demo"), None);
    }
}
