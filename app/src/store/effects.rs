//! Commands, carried out.
//!
//! Owns which call of the browser or the edge goes with which command, and which event its answer becomes. Must not
//! decide: a command says everything that is to be done.

use super::StudioStore;
use crate::{
    browser::{
        api::{Answer, Body, Call},
        challenge, clock, device_mark, drop_and_paste, focus, host_frame, job_events,
        lazy_part::Loaded,
        original, previews, random, session_storage,
        uploads::{self, Prepared},
    },
    lazy_part,
    state::{
        Studio,
        command::{Announcement, Command},
        early::Early,
        edge_clock::EdgeTime,
        error::StudioError,
        event::{Event, Start},
        saved_draft::SavedDraft,
        session_storage::Stored,
        uploads::UploadId,
    },
    texts,
};
use contract::{
    frame_messages::FrameMessage,
    job::{Job, JobRequest},
    route,
    session::{Session, SessionRequest, TOKEN_MS},
    site::History,
};
use leptos::{ev, prelude::*};
use serde::{Serialize, de::DeserializeOwned};

/// The header of an answer tells the second in which it was written.
const HEADER_MS: u64 = 999;

impl StudioStore {
    /// Begins: hears what happens outside of the components, recalls what the tab remembers, and carries out what
    /// happened before.
    pub(crate) fn begin(self, early: Early) {
        host_frame::listen_to_page(move |message| {
            self.send(Event::HostMessage { message, key: random::key() });
        });
        drop_and_paste::listen_for_files(
            move |ids| self.send(Event::FilesAdded(ids)),
            move |over| self.send(Event::FilesOver(over)),
        );
        // For as long as the document lives.
        drop(window_event_listener(ev::pagehide, move |_| self.send(Event::PageHidden)));
        let site = self.site();
        let remembers = site.history != History::Off;
        let stored = remembers.then(|| session_storage::session(&site.id)).flatten();
        let draft = remembers.then(|| session_storage::draft(&site.id)).flatten();
        self.send(Event::Started(Box::new(Start {
            early,
            stored: stored.as_deref().and_then(Stored::read),
            agreed: site.history == History::Device && device_mark::is_set(&site.id),
            draft: draft.as_deref().and_then(SavedDraft::read),
            key: random::key(),
        })));
        host_frame::post(&FrameMessage::Ready { version: contract::VERSION.to_owned() });
    }

    pub(super) fn run(self, command: Command) {
        match command {
            Command::Challenge => {
                if let Some(own) = self.ask(Studio::challenge).flatten() {
                    challenge::begin(own.script, own.site_key, move |token| {
                        self.send(Event::ChallengeEnded(token));
                    });
                }
            }
            Command::OpenSession { old, challenge } => self.open_session(old.as_deref(), challenge),
            Command::PostJob { serial, token, key, request, uploads } => {
                self.post_job(serial, &token, &key, &request, &uploads);
            }
            Command::FetchJob(id) => Call::get(&route::job(&id)).send(move |answer| {
                let job = self.learn(answer);
                self.send(Event::JobFetched(id, job));
            }),
            Command::CancelJob(id) => {
                let call = Call::delete(&route::job(&id)).query("if", "running");
                call.send(move |answer| match self.learn(answer) {
                    Ok(job) => self.send(Event::JobFetched(id, Ok(job))),
                    Err(error) => self.send(Event::CancelFailed(id, error)),
                });
            }
            // Time forgets what this does not.
            Command::DeleteJob(id) => Call::delete(&route::job(&id)).send(|_| {}),
            Command::Subscribe(id) => self.subscribe(id),
            Command::Unsubscribe(id) => job_events::unsubscribe(&id),
            Command::After(ms, due) => {
                clock::later(ms, Box::new(move || self.send(Event::Due(due))));
            }
            Command::SaveSession(stored) => {
                session_storage::save_session(&self.site().id, &stored.to_text());
            }
            Command::SaveDraft(draft) => {
                session_storage::save_draft(&self.site().id, &draft.to_text());
            }
            Command::Announce(announcement) => self.announce(announcement),
            command => self.run_in_document(command),
        }
    }

    /// Commands that are about the document or the page around it.
    fn run_in_document(self, command: Command) {
        match command {
            Command::PostToPage(message) => host_frame::post(&message),
            Command::HandOver { key, url } => {
                host_frame::hand_over(url, move |ok| self.send(Event::Handed { key, ok }));
            }
            Command::TakeBack => host_frame::take_back(),
            Command::ApplyLook(look) => host_frame::apply_look(&look),
            Command::PrepareUpload(id, url) => {
                let longest = self.site().max_input_side;
                uploads::prepare(id, url, longest, move |prepared| match prepared {
                    Prepared::Ready(url) => self.send(Event::UploadReady { id, url }),
                    Prepared::Failed => self.send(Event::UploadFailed(id)),
                    Prepared::Blocked => self.send(Event::UploadBlocked(id)),
                    Prepared::PartMissing => {
                        self.send(Event::UploadFailed(id));
                        // Last: what it says counts more than that a picture cannot be read.
                        self.send(Event::PartMissing);
                    }
                });
            }
            Command::ReleaseUpload(id) => uploads::release(id),
            Command::DecodePreview { key, url } => {
                let path = url.clone();
                previews::decode(&path, move || self.send(Event::PreviewDecoded { key, url }));
            }
            Command::Refetch { key, url } => {
                original::refetch(url, move |ok| self.send(Event::PictureRefetched(key, ok)));
            }
            Command::Focus(target) => focus::go(target),
            Command::Select(start, end) => focus::set_selection(start, end),
            Command::ScrollTo(serial) => focus::scroll_to_request(serial),
            Command::ScrollToNote => focus::scroll_to_note(),
            Command::LoadLazyPart => lazy_part::load(self, move |loaded| {
                self.send(match loaded {
                    Loaded::Mounted => Event::LazyPartMounted,
                    Loaded::Missing => Event::LazyPartMissing,
                    Loaded::Replaced => Event::PartMissing,
                });
            }),
            command => self.pass_to_lazy_part(command),
        }
    }

    /// Says something to whoever listens. The same text again is another one, which is heard again.
    fn announce(self, announcement: Announcement) {
        let text = texts::announcement(&self.texts(), announcement);
        self.announcement().update(|said| {
            let again = said.as_ref() == Some(&text);
            *said = Some(text).filter(|text| !text.is_empty());
            if let Some(said) = said.as_mut().filter(|_| again) {
                said.push('\u{a0}');
            }
        });
    }

    fn open_session(self, old: Option<&str>, challenge: Option<String>) {
        let request = SessionRequest { site: self.site().id.clone(), challenge };
        let call = Call::post(route::SESSIONS).token(old);
        call.send_body(Body::Json(json(&request)), move |answer| {
            let sent = answer.sent;
            let session = self.learn::<Session>(answer);
            // A token ends a fixed time after it was issued, to the millisecond.
            let issued = session.as_ref().ok().and_then(|it| it.expires_at.0.checked_sub(TOKEN_MS));
            if let Some(at) = issued {
                self.send(Event::EdgeTime(EdgeTime { at, within: 0, sent }));
            }
            self.send(Event::SessionOpened(session));
        });
    }

    fn post_job(
        self,
        serial: u32,
        token: &str,
        key: &str,
        request: &JobRequest,
        uploads: &[UploadId],
    ) {
        let json = json(request);
        let body = if uploads.is_empty() {
            Some(Body::Json(json))
        } else {
            uploads::form(&json, uploads).map(Body::Form)
        };
        let Some(body) = body else {
            return self.send(Event::JobCreated(serial, Err(StudioError::Unreadable)));
        };
        let call = Call::post(route::JOBS).token(Some(token)).key(key);
        call.send_body(body, move |answer| {
            let job = self.learn(answer);
            self.send(Event::JobCreated(serial, job));
        });
    }

    fn subscribe(self, id: String) {
        let (path, own, cut) = (route::events(&id), id.clone(), id.clone());
        let on_job = move |text: String| {
            if let Ok(job) = serde_json::from_str::<Box<Job>>(&text) {
                self.send(Event::JobStreamed(own.clone(), job));
            }
        };
        let on_cut = move |over| self.send(Event::StreamCut(cut.clone(), over));
        job_events::subscribe(id, &path, on_job, on_cut);
    }

    /// What an answer tells, and the time of the edge's clock in it. What is not the edge's own answer has another
    /// clock, and whatever its status is, nothing is known by it.
    fn learn<T: DeserializeOwned>(self, answer: Answer) -> Result<T, StudioError> {
        let Answer { result, date, sent } = answer;
        let told = result
            .and_then(|text| serde_json::from_str(&text).map_err(|_| StudioError::Unreadable));
        let own = match &told {
            Ok(_) => true,
            Err(error) => error.is_the_edges(),
        };
        if let Some(at) = date.filter(|_| own) {
            self.send(Event::EdgeTime(EdgeTime { at, within: HEADER_MS, sent }));
        }
        told
    }
}

/// A request's type as JSON. It has neither maps with other keys than texts nor anything else that JSON cannot hold.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
