//! What `contract` writes is what the studio reads; and jobs for the other tests.

use super::*;
use contract::{
    job as wire,
    options::{Background, Format, MediaType, Quality},
    problem::{Problem, ProblemKind},
    session::Session,
};

const SIZE: Size = Size { width: 1536, height: 1024 };

fn wire_job() -> wire::Job {
    let picture = |index, state, ready: bool| wire::Picture {
        index,
        state,
        url: ready.then(|| format!("/v1/jobs/ab/pictures/{index}")),
        preview_url: (index == 1).then(|| "/v1/jobs/ab/pictures/1/preview?2".to_owned()),
        media_type: ready.then_some(MediaType::Png),
        width: ready.then_some(1536),
        height: ready.then_some(1024),
        bytes: ready.then_some(1_234_567),
        credentials: ready,
        problem: (state == PictureState::Failed)
            .then(|| Problem::new(ProblemKind::PromptRefused, "r")),
    };
    wire::Job {
        id: "ab".to_owned(),
        revision: 4,
        state: JobState::Running,
        request: wire::Order {
            prompt: "a \"paper\" lighthouse\n😀".to_owned(),
            count: 3,
            size: SIZE,
            quality: Quality::Medium,
            background: Background::Auto,
            format: Format::Png,
            compression: None,
        },
        model: "openai/gpt-image-1-mini".to_owned(),
        pictures: vec![
            picture(0, PictureState::Ready, true),
            picture(1, PictureState::Pending, false),
            picture(2, PictureState::Failed, false),
        ],
        elapsed_ms: 12_000,
        expected_ms: Some(30_000),
        waiting_until: Some(Timestamp(1_795_343_999_000)),
        allowance: Some(Allowance {
            remaining: 7,
            limit: 10,
            resets_at: Timestamp(1_795_343_060_000),
        }),
        cost: Some(wire::Cost {
            reserved_usd: Nano(33_102_000),
            charged_usd: Some(Nano(12_345_000)),
        }),
        problem: None,
    }
}

#[test]
fn a_job_is_read_as_the_edge_writes_it() {
    let wire = wire_job();
    let job = Job::read(&serde_json::to_string(&wire).unwrap()).unwrap();
    assert_eq!((job.id.as_str(), job.revision, job.state), ("ab", 4, JobState::Running));
    assert_eq!((job.draft.prompt, job.draft.count), (wire.request.prompt, 3));
    assert_eq!((job.draft.size, job.draft.quality.as_str()), (SIZE, "medium"));
    assert_eq!((job.elapsed_ms, job.expected_ms), (12_000, Some(30_000)));
    assert_eq!((job.allowance, job.charged), (wire.allowance, Some(Nano(12_345_000))));
    assert_eq!(job.waiting_until, wire.waiting_until);
    let states: Vec<_> = job.pictures.iter().map(|picture| picture.state).collect();
    assert_eq!(states, [PictureState::Ready, PictureState::Pending, PictureState::Failed]);
    let [ready, pending, failed] = job.pictures.as_slice() else { panic!("three pictures") };
    assert_eq!((ready.url.as_deref(), ready.size), (Some("/v1/jobs/ab/pictures/0"), Some(SIZE)));
    assert_eq!(pending.preview.as_deref(), Some("/v1/jobs/ab/pictures/1/preview?2"));
    assert_eq!(ready.preview, None);
    assert_eq!(failed.trouble, Some(Trouble::of(ProblemKind::PromptRefused)));
}

#[test]
fn a_session_is_read_as_the_edge_writes_it() {
    let session = Session {
        token: "t".to_owned(),
        // A token lives an hour.
        expires_at: Timestamp(1_795_343_000_500 + 3_600_000),
        allowance: Allowance { remaining: 9, limit: 10, resets_at: Timestamp(0) },
    };
    let text = serde_json::to_string(&session).unwrap();
    let allowance = Some(session.allowance);
    let told_at = Some(Timestamp(1_795_343_000_500));
    assert_eq!(Opened::read(&text), Some(Opened { token: session.token, allowance, told_at }));
}

#[test]
fn cost_is_told_once_at_the_first_picture_that_came() {
    let mut job = Job::read(&serde_json::to_string(&wire_job()).unwrap()).unwrap();
    let mut failed = job.pictures.remove(2);
    std::mem::swap(&mut failed, &mut job.pictures[0]);
    job.pictures.push(failed.clone());
    job.pictures.push(failed);
    // Failed, pending, ready, ready.
    let told = |job: &Job| [0, 1, 2, 3].map(|index| job.cost(index));
    assert_eq!(told(&job), [None, None, Some((2, Nano(12_345_000))), None]);
    for nothing in [None, Some(Nano::ZERO)] {
        job.charged = nothing;
        assert_eq!(told(&job), [None; 4]);
    }
}

#[test]
fn what_is_no_job_is_nothing() {
    for text in ["", "{}", r#"{"id":"ab","revision":1,"state":"running"}"#] {
        assert_eq!(Job::read(text), None, "{text}");
    }
}

/// A job for the tests of others: one picture, in the state that goes with the job's.
pub(crate) fn job(id: &str, revision: u64, state: JobState) -> Box<Job> {
    let mut job = Job::read(&serde_json::to_string(&wire_job()).unwrap()).unwrap();
    let picture = match state {
        JobState::Succeeded => PictureState::Ready,
        JobState::Failed => PictureState::Failed,
        JobState::Queued | JobState::Running | JobState::Cancelled => PictureState::Pending,
    };
    job.pictures.truncate(1);
    for own in &mut job.pictures {
        own.state = picture;
    }
    job.draft.count = 1;
    job.waiting_until = None;
    (job.id, job.revision, job.state) = (id.to_owned(), revision, state);
    job
}
