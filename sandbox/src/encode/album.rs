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
const KEPT: usize = 24;

/// A subject in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) subject: Subject,
    pub(crate) format: Format,
    pub(crate) compression: u8,
}

/// The newest prints, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Album(Mutex<VecDeque<(Print, Bytes)>>);

impl Album {
    /// The bytes of each print, painted at once where they are not there yet.
    pub(crate) async fn pictures(&self, prints: Vec<Print>) -> Vec<Bytes> {
        let begun: Vec<_> = prints
            .into_iter()
            .map(|print| match self.find(&print) {
                Some(bytes) => Ok(bytes),
                None => Err((print.clone(), spawn_blocking(move || make(&print)))),
            })
            .collect();
        let mut pictures = Vec::with_capacity(begun.len());
        for print in begun {
            pictures.push(match print {
                Ok(bytes) => bytes,
                // Painting cannot fail; if it ever does, a picture of no bytes is seen by every test.
                Err((print, task)) => {
                    let bytes = task.await.unwrap_or_default();
                    self.keep(print, bytes.clone());
                    bytes
                }
            });
        }
        pictures
    }

    fn find(&self, print: &Print) -> Option<Bytes> {
        let prints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        prints.iter().find(|(known, _)| known == print).map(|(_, bytes)| bytes.clone())
    }

    fn keep(&self, print: Print, bytes: Bytes) {
        let mut prints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if prints.len() == KEPT {
            prints.pop_front();
        }
        prints.push_back((print, bytes));
    }
}

fn make(print: &Print) -> Bytes {
    encode(&paint(&print.subject), print.format, print.compression).unwrap_or_default().into()
}
