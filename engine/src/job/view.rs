//! A job as visitors see it.
//!
//! Owns the conversion from the record to the wire. Must not show the prefix, the suffix, or text from upstream.

use super::record::{Phase, PictureRecord, PictureStage, Record};
use contract::{
    job::{Cost, Job, JobState, PictureState},
    problem::{Problem, ProblemKind},
    route,
    session::Allowance,
    time::Timestamp,
};

impl Record {
    /// The whole state.
    pub fn view(&self, now: Timestamp) -> Job {
        let (state, at) = match self.phase {
            Phase::Queued => (JobState::Queued, now),
            Phase::Running | Phase::Closing { .. } => (JobState::Running, now),
            Phase::Ended { state, at } => (state, at),
        };
        let failure = self.pictures.iter().find_map(|picture| match picture.stage {
            PictureStage::Failed(kind) => Some(kind),
            _ => None,
        });
        Job {
            id: self.new.id.clone(),
            revision: self.revision,
            state,
            request: self.new.order.clone(),
            model: self.model().to_owned(),
            pictures: (0..)
                .zip(&self.pictures)
                .map(|(index, picture)| self.picture(index, picture))
                .collect(),
            elapsed_ms: at.since(self.created),
            expected_ms: self.new.expected_ms,
            waiting_until: self.waiting_until(),
            allowance: self.booked.filter(|_| state.is_final()).map(|booked| booked.allowance),
            cost: self.new.show_cost.then(|| Cost {
                reserved_usd: self
                    .new
                    .worst_each
                    .checked_mul(u64::from(self.new.order.count))
                    .unwrap_or_default(),
                charged_usd: self.booked.map(|booked| booked.charged),
            }),
            problem: failure.filter(|_| state == JobState::Failed).map(|kind| self.problem(kind)),
        }
    }

    /// The job as the answer to its creation, with the visitor's allowance.
    pub fn created_view(&self, allowance: Allowance, now: Timestamp) -> Job {
        let view = self.view(now);
        Job { allowance: view.allowance.or(Some(allowance)), ..view }
    }

    fn picture(&self, index: u32, picture: &PictureRecord) -> contract::job::Picture {
        let preview = picture.shown_preview();
        let (state, facts, problem) = match picture.stage {
            PictureStage::Waiting | PictureStage::Started if preview.is_some() => {
                (PictureState::Preview, preview, None)
            }
            PictureStage::Waiting | PictureStage::Started => (PictureState::Pending, None, None),
            PictureStage::Ready(facts) => (PictureState::Ready, Some(facts), None),
            PictureStage::Gone(facts) => (PictureState::Gone, Some(facts), None),
            PictureStage::Failed(kind) => (PictureState::Failed, None, Some(self.problem(kind))),
            PictureStage::Cancelled { .. } => (PictureState::Failed, None, None),
        };
        contract::job::Picture {
            index,
            state,
            url: (state == PictureState::Ready).then(|| route::picture(&self.new.id, index)),
            preview_url: preview.map(|_| {
                // Each preview has its own URL, so that a browser does not show an older one from its cache.
                format!("{}?{}", route::preview(&self.new.id, index), picture.previews)
            }),
            media_type: facts.map(|facts| facts.media_type),
            width: facts.map(|facts| facts.width),
            height: facts.map(|facts| facts.height),
            bytes: facts.map(|facts| facts.bytes),
            credentials: facts.is_some_and(|facts| facts.credentials),
            problem,
        }
    }

    /// When the first request is sent again, if every picture that is not over waits because upstream asked to wait.
    fn waiting_until(&self) -> Option<Timestamp> {
        let runs =
            self.pictures.iter().any(|picture| matches!(picture.stage, PictureStage::Started));
        self.pictures.iter().filter_map(|picture| picture.until).min().filter(|_| !runs)
    }

    fn problem(&self, kind: ProblemKind) -> Problem {
        Problem::new(kind, &self.new.request_id)
    }
}
