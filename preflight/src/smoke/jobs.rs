//! A job's life as a visitor meets it: ordered, found finished, read again after a reload, cancelled.
//!
//! Owns what each response must say, and how long to wait. Must not repeat anything that upstream said.

use super::answer::Answer;
use contract::{
    job::{Job, JobState, PictureState},
    money::Nano,
    route,
    session::Session,
};
use engine::picture::Inspector;

/// The first look at a job of a sandbox, which paints within seconds.
const SAMPLE_MS: u64 = 4_000;
/// The first look where nobody says how long a picture takes.
const UNKNOWN_MS: u64 = 30_000;
/// The last look: the longest total time of a configuration, and its slack.
pub const LAST_LOOK_MS: u64 = 900_000;

/// When a job is looked at first, in milliseconds after its order: later than it usually takes, so that it has ended
/// without a viewer.
pub fn first_look_ms(sandbox: bool, expected_ms: Option<u64>) -> u64 {
    match (sandbox, expected_ms) {
        (true, _) => SAMPLE_MS,
        (_, None) => UNKNOWN_MS,
        (_, Some(ms)) => (ms.saturating_mul(3) / 2).clamp(SAMPLE_MS, 240_000),
    }
}

/// When a cancelled job is looked at again: later than the other one, which was not cancelled, took.
pub const fn second_look_ms(took_ms: u64) -> u64 {
    took_ms.saturating_mul(3) / 2 + 2_000
}

/// The session that was opened, or why there is none.
pub fn opened(answer: &Answer) -> Result<Session, String> {
    match (answer.status, answer.json()) {
        (201, Some(session)) => Ok(session),
        _ => Err(format!("no session is opened: {}", answer.describe())),
    }
}

/// The job that was ordered, or why there is none.
pub fn ordered(answer: &Answer) -> Result<Job, String> {
    let job = match (answer.status, answer.json::<Job>()) {
        (201, Some(job)) => job,
        (201, None) => return Err("the answer to the order is 201 without a job".to_owned()),
        _ => return Err(format!("the order is refused: {}", answer.describe())),
    };
    let is_id = job.id.len() == 64 && job.id.bytes().all(|it| it.is_ascii_hexdigit());
    if !is_id {
        return Err("the job's id has not 64 hexadecimal digits".to_owned());
    }
    if answer.header("location").as_deref() != Some(route::job(&job.id).as_str()) {
        return Err("the answer to the order does not name the job in Location".to_owned());
    }
    Ok(job)
}

/// What a look at a job finds: the job once it has ended with a picture, `None` while it runs; or what is wrong.
pub fn looked(id: &str, after_ms: u64, answer: &Answer) -> Result<Option<Job>, String> {
    let job = read(id, answer)?;
    let seconds = after_ms / 1000;
    match job.state {
        JobState::Queued if job.waiting_until.is_none() => Err(format!(
            "after {seconds} s without a viewer the job is still queued: nothing has started it"
        )),
        JobState::Queued | JobState::Running if after_ms >= LAST_LOOK_MS => {
            Err(format!("after {seconds} s the job still runs"))
        }
        JobState::Queued | JobState::Running => Ok(None),
        JobState::Succeeded => Ok(Some(job)),
        JobState::Cancelled => Err("the job is cancelled, and nobody cancelled it".to_owned()),
        JobState::Failed => Err(match &job.problem {
            Some(problem) => format!("the job failed: {} ({})", problem.kind, problem.kind.title()),
            None => "the job failed without a problem".to_owned(),
        }),
    }
}

/// What is wrong with the bytes of a job's first picture.
pub fn picture(job: &Job, answer: &Answer) -> Vec<String> {
    let Some(stated) = job.pictures.first().filter(|it| it.state == PictureState::Ready) else {
        return vec!["the job has ended, and its picture is not ready".to_owned()];
    };
    if answer.status != 200 {
        return vec![format!("the picture's bytes: {}", answer.describe())];
    }
    let mut inspector = Inspector::default();
    let facts = inspector.feed(&answer.body).and_then(|()| inspector.finish());
    let Ok(facts) = facts else {
        return vec!["the picture's bytes are no whole picture".to_owned()];
    };
    let own = (Some(facts.media_type), Some(facts.width), Some(facts.height), Some(facts.bytes));
    if own != (stated.media_type, stated.width, stated.height, stated.bytes) {
        return vec!["the picture's bytes are not those that the job describes".to_owned()];
    }
    Vec::new()
}

/// The session that was renewed, or what is wrong.
pub fn renewed(before: &Session, answer: &Answer) -> Result<Session, String> {
    let session = opened(answer).map_err(|reason| format!("after the reload {reason}"))?;
    if session.expires_at < before.expires_at {
        return Err("the renewed session ends before the first one".to_owned());
    }
    Ok(session)
}

/// What is wrong with the answer to the first order, sent again under its key with the renewed session. A key belongs to
/// a visitor: a session of another visitor would order anew, and pay.
pub fn repeated(first: &Job, answer: &Answer) -> Vec<String> {
    match (answer.status, answer.json::<Job>()) {
        (200, Some(job)) if job.id == first.id => Vec::new(),
        (201, Some(_)) => vec![
            "the first order, sent again with the renewed session, is a new job: the session is another visitor's"
                .to_owned(),
        ],
        _ => vec![format!("the first order, sent again with the renewed session: {}", answer.describe())],
    }
}

/// What is wrong with a job that is read again.
pub fn same(before: &Job, answer: &Answer) -> Vec<String> {
    let job = match read(&before.id, answer) {
        Ok(job) => job,
        Err(reason) => return vec![format!("after the reload {reason}")],
    };
    let mut found = Vec::new();
    if job.state != before.state {
        found.push(format!("after the reload the job is {}, and was {}", job.state, before.state));
    }
    if (&job.pictures, &job.request, &job.model)
        != (&before.pictures, &before.request, &before.model)
    {
        found.push("after the reload the job describes another order or other pictures".to_owned());
    }
    if job.revision < before.revision {
        found.push("after the reload the job's revision is lower than it was".to_owned());
    }
    found
}

/// What is wrong with bytes that are read again.
pub fn same_bytes(before: &Answer, again: &Answer) -> Vec<String> {
    match again.status {
        200 if again.body == before.body => Vec::new(),
        200 => vec!["after the reload the picture has other bytes".to_owned()],
        _ => vec![format!("after the reload the picture's bytes: {}", again.describe())],
    }
}

/// The job in the answer to a cancel, or what is wrong.
pub fn cancelled(id: &str, answer: &Answer) -> Result<Job, String> {
    let job = read(id, answer).map_err(|reason| format!("the answer to the cancel: {reason}"))?;
    match (job.state, &job.problem) {
        (JobState::Cancelled, None) => Ok(job),
        (JobState::Cancelled, Some(_)) => Err("the cancelled job has a problem".to_owned()),
        (state, _) => Err(format!("the answer to the cancel says that the job is {state}")),
    }
}

/// What is wrong with a cancelled job that is looked at later. `bytes`: what its picture answers.
pub fn stays_cancelled(cancelled: &Job, answer: &Answer, bytes: &Answer) -> Vec<String> {
    let job = match read(&cancelled.id, answer) {
        Ok(job) => job,
        Err(reason) => return vec![format!("after the cancel {reason}")],
    };
    let mut found = Vec::new();
    if job.state != JobState::Cancelled {
        found.push(format!(
            "the cancel was confirmed, and later the job is {}: it ran on",
            job.state
        ));
    }
    let is_ready = |job: &Job| job.pictures.iter().any(|it| it.state == PictureState::Ready);
    if !is_ready(cancelled) && (is_ready(&job) || bytes.status == 200) {
        found.push("the cancel was confirmed, and later there is a picture".to_owned());
    }
    if let Some(cost) = job.cost
        && let Some(charged) = cost.charged_usd
        && charged != Nano::ZERO
        && charged != cost.reserved_usd
    {
        found.push(format!(
            "the cancelled job was charged {charged} USD, which is neither nothing nor its reservation: it ran to its end"
        ));
    }
    found
}

fn read(id: &str, answer: &Answer) -> Result<Job, String> {
    match (answer.status, answer.json::<Job>()) {
        (200, Some(job)) if job.id == id => Ok(job),
        (200, Some(_)) => Err("the response is about another job".to_owned()),
        (200, None) => Err("the response is 200 without a job".to_owned()),
        _ => Err(format!("the job cannot be read: {}", answer.describe())),
    }
}

#[cfg(test)]
mod tests;
