//! How far a running picture is, honestly: the time that went by against the time that such a picture takes.
//!
//! Owns [`Progress`], and when a wait is announced: twice at most. Must not guess: where the edge knows no time, there is
//! none.

use super::{
    Studio,
    command::Announcement,
    request::{Fate, Request, Running, Sending, Stage, Step, Watch},
};

/// What can be said of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Progress {
    /// Seconds since the start, of about so many.
    Elapsed {
        /// Seconds since the start.
        seconds: u64,
        /// What such a picture has taken here.
        expected: Option<u64>,
    },
    /// The picture service asked for patience: seconds to the next attempt.
    Patience {
        /// Seconds.
        seconds: u64,
    },
    /// The challenge is not passed yet.
    Check,
    /// The edge could not be reached and is asked again.
    Again,
    /// The visitor has cancelled.
    Cancelling,
    /// It waits until another one is done.
    #[default]
    Queued,
}

/// What the wait of a request depends on beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// Whether the challenge is open.
    pub checking: bool,
    /// The visitor's time.
    pub now: u64,
    /// The time at the edge: only that is compared with what the edge has told.
    pub edge: u64,
    /// Milliseconds that such a picture takes on this site, for as long as its job does not say.
    pub expected_ms: Option<u64>,
}

/// After so many seconds a wait is announced, and again once it is longer than usual.
const LONG_SECONDS: u64 = 10;

/// The last announcement of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AnnouncedWait {
    serial: u32,
    longer_than_usual: bool,
}

impl Studio {
    /// Announces how far the newest picture is, when that is due.
    pub(super) fn announce_wait(&mut self, now: u64) {
        let Some(request) = self.requests.iter().find(|request| request.is_running()) else {
            return;
        };
        let (serial, progress) = (request.serial, self.progress_of(request, now));
        let Progress::Elapsed { seconds, expected } = progress else { return };
        let longer_than_usual = expected.is_some_and(|usual| seconds > usual);
        let announced = self.announced.filter(|last| last.serial == serial);
        let is_due = match announced {
            Some(last) => longer_than_usual && !last.longer_than_usual,
            None => longer_than_usual || seconds >= LONG_SECONDS,
        };
        if is_due {
            self.announced = Some(AnnouncedWait { serial, longer_than_usual });
            self.announce(Announcement::Waits(progress));
        }
    }
}

/// What can be said of this request's wait.
pub(crate) fn of(request: &Request, clock: Clock) -> Progress {
    let Clock { checking, now, edge, expected_ms } = clock;
    let expected = |ms: Option<u64>| ms.map(|ms| ms.div_ceil(1000));
    match &request.stage {
        Stage::Running(Running { cancelled: true, cancels: 1.., .. }) => Progress::Again,
        Stage::Sending(Sending { cancelled: true, .. })
        | Stage::Running(Running { cancelled: true, .. }) => Progress::Cancelling,
        Stage::Sending(
            Sending { step: Step::Queued, .. }
            | Sending { step: Step::Pause, fate: Fate::Refused, .. },
        ) => Progress::Queued,
        Stage::Sending(Sending { step: Step::Session, .. }) if checking => Progress::Check,
        Stage::Sending(Sending { tries: 1.., .. })
        | Stage::Running(Running { watch: Watch { lost: true, .. }, .. })
        | Stage::Remembered { .. }
        | Stage::Done(_) => Progress::Again,
        Stage::Sending(Sending { since, .. }) => Progress::Elapsed {
            seconds: now.saturating_sub(*since) / 1000,
            expected: expected(expected_ms),
        },
        Stage::Running(Running { job, seen, .. }) => match job.waiting_until {
            Some(until) if until.0 > edge => {
                // To the nearest second: what is known of the edge's clock is not better.
                Progress::Patience {
                    seconds: (until.0.saturating_sub(edge).saturating_add(500) / 1000).max(1),
                }
            }
            _ => Progress::Elapsed {
                seconds: job.elapsed_ms.saturating_add(now.saturating_sub(*seen)) / 1000,
                expected: expected(job.expected_ms.or(expected_ms)),
            },
        },
        Stage::Failed { .. } => Progress::Elapsed { seconds: 0, expected: None },
    }
}

/// Milliseconds since the start of the first request that is waited for, and what such a picture has taken here.
pub(crate) fn first<'a>(
    mut requests: impl Iterator<Item = &'a Request>,
    now: u64,
) -> Option<(u64, Option<u64>)> {
    requests.find_map(|request| match &request.stage {
        Stage::Sending(Sending { since, card: None, .. }) => {
            Some((now.saturating_sub(*since), None))
        }
        Stage::Running(Running { job, seen, .. }) => {
            Some((job.elapsed_ms.saturating_add(now.saturating_sub(*seen)), job.expected_ms))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::job::tests::job;
    use contract::{
        job::{Job, JobState},
        time::Timestamp,
    };

    fn at(request: &Request, now: u64, edge: u64) -> Progress {
        of(request, Clock { checking: false, now, edge, expected_ms: None })
    }

    fn running(job: Box<Job>, cancelled: bool) -> Request {
        let running = Running { cancelled, ..Running::new(job, 100_000) };
        Request::new(1, Stage::Running(running))
    }

    #[test]
    fn time_goes_on_between_events() {
        let request = running(job("ab", 1, JobState::Running), false);
        let at = |now| at(&request, now, now);
        assert_eq!(at(100_000), Progress::Elapsed { seconds: 12, expected: Some(30) });
        assert_eq!(at(103_900), Progress::Elapsed { seconds: 15, expected: Some(30) });
        // A clock that was set back does not run backwards here.
        assert_eq!(at(50_000), Progress::Elapsed { seconds: 12, expected: Some(30) });
    }

    #[test]
    fn patience_and_cancelling_are_said() {
        let mut waits = job("ab", 1, JobState::Running);
        waits.waiting_until = Some(Timestamp(108_000));
        let when = |now| at(&running(waits.clone(), false), now, now);
        assert_eq!(when(100_500), Progress::Patience { seconds: 8 });
        assert_eq!(when(108_000), Progress::Elapsed { seconds: 20, expected: Some(30) });
        assert_eq!(at(&running(waits, true), 100_500, 100_500), Progress::Cancelling);
    }

    #[test]
    fn a_wait_is_counted_by_the_edges_clock_whatever_the_visitors_says() {
        let mut waits = job("ab", 1, JobState::Running);
        waits.waiting_until = Some(Timestamp(108_000));
        let request = running(waits, false);
        for wrong in [0, 7_200_000] {
            let at = |edge| at(&request, wrong + edge, edge);
            assert_eq!(at(100_000), Progress::Patience { seconds: 8 });
            assert_eq!(at(101_000), Progress::Patience { seconds: 7 });
        }
    }

    #[test]
    fn who_cannot_be_asked_is_said_to_be_asked_again() {
        let mut request = running(job("ab", 1, JobState::Running), false);
        let Stage::Running(own) = &mut request.stage else { panic!("it runs") };
        own.watch.lost = true;
        assert_eq!(at(&request, 100_000, 100_000), Progress::Again);
        let Stage::Running(own) = &mut request.stage else { panic!("it runs") };
        (own.watch.lost, own.cancelled, own.cancels) = (false, true, 1);
        assert_eq!(at(&request, 100_000, 100_000), Progress::Again);
    }
}
