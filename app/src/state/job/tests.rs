//! What the studio reads of a job, also of one from a newer edge; and jobs for the other tests.

use super::*;
use contract::{
    job::{Cost, JobState},
    options::{Background, Format, MediaType, Quality},
    problem::{Problem, ProblemKind},
    session::Allowance,
    time::Timestamp,
};

const SIZE: Size = Size { width: 1536, height: 1024 };

fn picture_of(index: u32, state: PictureState) -> Picture {
    let ready = state == PictureState::Ready;
    Picture {
        index,
        state,
        url: ready.then(|| format!("/v1/jobs/ab/pictures/{index}")),
        preview_url: None,
        media_type: ready.then_some(MediaType::Png),
        width: ready.then_some(1536),
        height: ready.then_some(1024),
        bytes: ready.then_some(1_234_567),
        credentials: ready,
        problem: (state == PictureState::Failed)
            .then(|| Problem::new(ProblemKind::PromptRefused, "r")),
    }
}

/// A job with a picture in each of these states.
pub(crate) fn job_of(states: &[PictureState]) -> Box<Job> {
    let count = u32::try_from(states.len()).unwrap();
    Box::new(Job {
        id: "ab".to_owned(),
        revision: 4,
        state: JobState::Running,
        request: Order {
            prompt: "a \"paper\" lighthouse\n😀".to_owned(),
            count,
            size: SIZE,
            quality: Quality::Medium,
            background: Background::Auto,
            format: Format::Png,
            compression: None,
        },
        model: "openai/gpt-image-1-mini".to_owned(),
        pictures: (0..).zip(states).map(|(index, state)| picture_of(index, *state)).collect(),
        elapsed_ms: 12_000,
        expected_ms: Some(30_000),
        waiting_until: None,
        allowance: Some(Allowance {
            remaining: 7,
            limit: 10,
            resets_at: Timestamp(1_795_343_060_000),
        }),
        cost: Some(Cost { reserved_usd: Nano(33_102_000), charged_usd: Some(Nano(12_345_000)) }),
        problem: None,
    })
}

/// A job with one picture, in the state that goes with the job's.
pub(crate) fn job(id: &str, revision: u64, state: JobState) -> Box<Job> {
    let picture = match state {
        JobState::Succeeded => PictureState::Ready,
        JobState::Failed => PictureState::Failed,
        JobState::Queued | JobState::Running | JobState::Cancelled => PictureState::Pending,
    };
    let mut job = job_of(&[picture]);
    (job.id, job.revision, job.state) = (id.to_owned(), revision, state);
    job
}

#[test]
fn cost_is_told_once_at_the_first_picture_that_came() {
    use PictureState::{Failed, Pending, Ready};
    let mut job = job_of(&[Failed, Pending, Ready, Ready]);
    let told = |job: &Job| [0, 1, 2, 3].map(|index| cost(job, index));
    assert_eq!(told(&job), [None, None, Some((2, Nano(12_345_000))), None]);
    for nothing in [None, Some(Nano::ZERO)] {
        job.cost = Some(Cost { reserved_usd: Nano(1), charged_usd: nothing });
        assert_eq!(told(&job), [None; 4]);
    }
}

#[test]
fn a_job_of_tomorrow_is_read_and_its_paid_pictures_are_shown() {
    let text = include_str!("tomorrow.json");
    let job: Job = serde_json::from_str(text).unwrap();
    assert_eq!(job.state, JobState::Running, "it is asked for until its state is known");
    let [new_state, new_type, new_problem] = job.pictures.as_slice() else { panic!("three") };
    assert!(is_ready(new_state), "it has a path");
    assert!(is_ready(new_type) && new_type.media_type.is_none());
    assert!(!is_ready(new_problem) && new_problem.problem.is_none());
    assert_eq!((ready(&job), why(&job)), (2, None));
}

#[test]
fn a_job_that_fails_for_a_reason_of_tomorrow_has_failed() {
    let mut text = serde_json::to_string(&job("ab", 1, JobState::Failed)).unwrap();
    text = text.replace("prompt-refused", "moon-phase");
    let job: Job = serde_json::from_str(&text).unwrap();
    assert_eq!((job.state, why(&job)), (JobState::Failed, None));
}
