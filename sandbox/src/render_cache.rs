//! A cache of encoded pictures, so that a test that asks for the same picture twice waits once.
//!
//! Owns the cache, and moves painting to threads where blocking is allowed. Must not change what is painted.

use crate::runtime;
use contract::options::Format;
use hyper::body::Bytes;
use painter::{Subject, encode, paint};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many encoded pictures are kept: about 60 MB.
const CAPACITY: usize = 24;

/// A picture to paint, and how to encode it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenderRequest {
    pub(crate) subject: Subject,
    pub(crate) format: Format,
    pub(crate) compression: u8,
}

/// The newest encoded pictures, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct RenderCache(Mutex<VecDeque<(RenderRequest, Bytes)>>);

impl RenderCache {
    /// The encoded bytes for each request. Those that are not cached are painted in parallel.
    pub(crate) async fn pictures(&self, requests: Vec<RenderRequest>) -> Vec<Bytes> {
        let started: Vec<_> = requests
            .into_iter()
            .map(|request| match self.find(&request) {
                Some(bytes) => Ok(bytes),
                None => Err((request.clone(), runtime::work(move || render(&request)))),
            })
            .collect();
        let mut pictures = Vec::with_capacity(started.len());
        for request in started {
            pictures.push(match request {
                Ok(bytes) => bytes,
                // The task fails only if painting panics. The picture then has no bytes, which every test notices.
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
