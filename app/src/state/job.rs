//! Questions about a job as the edge reports it (`contract::job::Job`).
//!
//! Owns which of its pictures can be shown. Must not change a job, but for the pictures that this device keeps.

use super::{error::StudioError, request::PictureSet};
use contract::{
    job::{Job, JobRequest, Order, Picture, PictureState},
    money::Nano,
    options::Size,
};

/// The size of a request that names none, until its job is known.
pub(crate) const SQUARE: Size = Size { width: 1024, height: 1024 };

/// Whether a picture's bytes can be had. A state that is newer than this program is read as pending: a picture with a
/// path can be shown all the same.
pub(crate) fn is_ready(picture: &Picture) -> bool {
    picture.state == PictureState::Ready
        || (picture.state == PictureState::Pending && picture.url.is_some())
}

/// How many pictures can be had.
pub(crate) fn ready(job: &Job) -> usize {
    job.pictures.iter().filter(|picture| is_ready(picture)).count()
}

/// The picture with this index.
pub(crate) fn picture(job: &Job, index: u32) -> Option<&Picture> {
    job.pictures.get(usize::try_from(index).ok()?)
}

/// The size of a picture, as its bytes say it.
pub(crate) fn size(picture: &Picture) -> Option<Size> {
    let side = |pixels: Option<u32>| pixels.and_then(|pixels| u16::try_from(pixels).ok());
    Some(Size { width: side(picture.width)?, height: side(picture.height)? })
}

/// How many pictures came and what all of them cost together, once that is known: told at the first of them.
pub(crate) fn cost(job: &Job, index: u32) -> Option<(usize, Nano)> {
    let first = (0..).zip(&job.pictures).find(|(_, picture)| is_ready(picture)).map(|(at, _)| at);
    let charged = job.cost.and_then(|cost| cost.charged_usd);
    charged.filter(|usd| first == Some(index) && *usd != Nano::ZERO).map(|usd| (ready(job), usd))
}

/// Why there is a picture less than was asked for.
pub(crate) fn why(job: &Job) -> Option<StudioError> {
    let problem = job.problem.as_ref();
    problem
        .or_else(|| job.pictures.iter().find_map(|picture| picture.problem.as_ref()))
        .map(StudioError::read)
}

/// Puts the pictures that this device keeps in the place of the job's own.
pub(crate) fn keep(job: &mut Job, known: &Job, kept: PictureSet) {
    for (index, (own, known)) in (0..).zip(job.pictures.iter_mut().zip(&known.pictures)) {
        if kept.has(index) {
            own.clone_from(known);
        }
    }
}

/// The request that asks for the same again.
pub(crate) fn request_of(order: &Order) -> JobRequest {
    JobRequest {
        prompt: order.prompt.clone(),
        count: Some(order.count),
        size: Some(order.size),
        quality: Some(order.quality),
        background: Some(order.background),
        format: Some(order.format),
        compression: None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
