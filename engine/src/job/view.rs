//! A job as visitors see it.
//!
//! Owns the way from the record to the wire. Must not show prefix, suffix, or what upstream said.

use super::record::{Phase, PictureRecord, PictureStage, Record};
use contract::{
    job::{Cost, Job, JobState, PictureState},
    problem::{Problem, ProblemKind},
    route,
    session::Allowance,
    time::Timestamp,
};

/// Characters of a prompt that go into a file's name, about.
const FILE_NAME_CHARS: usize = 48;

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

    /// The state that a POST answers with: it says what the visitor has left.
    pub fn created_view(&self, allowance: Allowance, now: Timestamp) -> Job {
        let view = self.view(now);
        Job { allowance: view.allowance.or(Some(allowance)), ..view }
    }

    /// A name for a picture's file: it says what it shows, and that it was made by a machine.
    pub fn file_name(&self, index: usize, extension: &str) -> String {
        let prompt = self.new.order.prompt.to_ascii_lowercase();
        let words =
            prompt.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut name = String::new();
        for word in words.take_while(|word| word.len() <= FILE_NAME_CHARS) {
            if name.len().saturating_add(word.len()) > FILE_NAME_CHARS {
                break;
            }
            name.push_str(word);
            name.push('-');
        }
        if name.is_empty() {
            name.push_str("picture-");
        }
        let number = index.saturating_add(1);
        format!("{name}ai-generated-{number}.{extension}")
    }

    fn picture(&self, index: u32, picture: &PictureRecord) -> contract::job::Picture {
        let preview = picture.shows_preview();
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
                // Each has an address of its own, so that a browser asks for it.
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

    /// While nothing runs because upstream asked for patience: when the first request is sent again.
    fn waiting_until(&self) -> Option<Timestamp> {
        let runs =
            self.pictures.iter().any(|picture| matches!(picture.stage, PictureStage::Started));
        self.pictures.iter().filter_map(|picture| picture.until).min().filter(|_| !runs)
    }

    fn problem(&self, kind: ProblemKind) -> Problem {
        Problem::new(kind, &self.new.request_id)
    }
}
