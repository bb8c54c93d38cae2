//! Prints that were made before: a test that asks for the same picture twice need not wait twice.
//!
//! Owns a small cache and the way off the runtime's threads. Must not change what is painted.

use super::encode;
use crate::paint::{Subject, paint};
use contract::options::Format;
use hyper::body::Bytes;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::task::spawn_blocking;

/// How many prints are kept: some 60 MB.
const CAPACITY: usize = 24;

/// A subject in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenderRequest {
    pub(crate) subject: Subject,
    pub(crate) format: Format,
    pub(crate) compression: u8,
}

/// The newest prints, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct RenderCache(Mutex<VecDeque<(RenderRequest, Bytes)>>);

impl RenderCache {
    /// The bytes of each print, painted at once where they are not there yet.
    pub(crate) async fn pictures(&self, requests: Vec<RenderRequest>) -> Vec<Bytes> {
        let started: Vec<_> = requests
            .into_iter()
            .map(|request| match self.find(&request) {
                Some(bytes) => Ok(bytes),
                None => Err((request.clone(), spawn_blocking(move || render(&request)))),
            })
            .collect();
        let mut pictures = Vec::with_capacity(started.len());
        for request in started {
            pictures.push(match request {
                Ok(bytes) => bytes,
                // Painting cannot fail; if it ever does, a picture of no bytes is seen by every test.
                Err((request, task)) => {
                    let bytes = task.await.unwrap_or_default();
                    self.insert(request, bytes.clone());
                    bytes
                }
            });
        }
        pictures
    }

    fn find(&self, request: &RenderRequest) -> Option<Bytes> {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().find(|(known, _)| known == request).map(|(_, bytes)| bytes.clone())
    }

    fn insert(&self, request: RenderRequest, bytes: Bytes) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == CAPACITY {
            requests.pop_front();
        }
        requests.push_back((request, bytes));
    }
}

fn render(request: &RenderRequest) -> Bytes {
    encode(&paint(&request.subject), request.format, request.compression).unwrap_or_default().into()
}
