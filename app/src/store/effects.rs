//! Commands, carried out.
//!
//! Owns which call of the edge goes with which command, and which event its answer becomes.

use super::Store;
use crate::{
    browser::{
        challenge, clock, events, form, host, net,
        net::{Answer, Call},
        page, pictures, storage,
    },
    state::{
        draft::Note,
        job::{Job, Opened},
        json,
        studio::{Command, EdgeTime, Event, Studio},
        trouble::Trouble,
    },
    texts::{self, TextKey},
};
use contract::route;
use leptos::prelude::*;

/// The header of an answer tells the second in which it was written.
const HEADER_MS: u64 = 999;

impl Store {
    pub(super) fn run(self, command: Command) {
        match command {
            Command::Check => {
                if let Some(own) = self.studio.with_untracked(Studio::challenge) {
                    let told = Box::new(move |token| self.send(Event::Checked(token)));
                    challenge::begin(&own.script, own.site_key, told);
                }
            }
            Command::Open { old, challenge } => self.open(old, challenge),
            Command::Post { serial, token, key, body, pictures } => {
                let call = Call {
                    method: Some("POST"),
                    path: route::JOBS.to_owned(),
                    token: Some(token),
                    key: Some(key),
                    body: Some(body),
                    pictures,
                };
                let then = move |answer| self.send(Event::Made(serial, self.job(answer)));
                net::call(&call, Box::new(then));
            }
            Command::Ask(id) => {
                let call = Call { path: route::job(&id), ..Call::default() };
                let then = move |answer| self.send(Event::Seen(id, self.job(answer)));
                net::call(&call, Box::new(then));
            }
            Command::Cancel(id) => {
                let path = [&route::job(&id), "?if=running"].concat();
                let call = Call { method: Some("DELETE"), path, ..Call::default() };
                let then = move |answer| match self.job(answer) {
                    Ok(job) => self.send(Event::Seen(id, Ok(job))),
                    Err(trouble) => self.send(Event::CancelFailed(id, trouble)),
                };
                net::call(&call, Box::new(then));
            }
            Command::Forget(id) => {
                let call =
                    Call { method: Some("DELETE"), path: route::job(&id), ..Call::default() };
                // Time forgets what this does not.
                net::call(&call, Box::new(|_| {}));
            }
            Command::Tell(told) => host::tell(&told),
            Command::Hear(id) => self.hear(id),
            Command::Unhear(id) => events::unhear(&id),
            Command::Later(ms, due) => {
                clock::later(ms, Box::new(move || self.send(Event::Due(due))));
            }
            Command::Remember(stored) => {
                let site = self.studio.with_untracked(|studio| studio.site().to_owned());
                storage::remember(&site, &stored.to_text());
            }
            Command::Say(said) => page::say(&texts::said(said)),
            Command::Note(note) => {
                page::note(
                    &note.map(texts::note).unwrap_or_default(),
                    note.is_some_and(Note::is_calm),
                );
            }
            Command::Prompt(text) => form::go_to_prompt(text.as_deref()),
            Command::Take(id, url) => pictures::take(id, &url.unwrap_or_default()),
            Command::LetGo(id) => pictures::let_go(id),
            Command::Show(ids) => {
                pictures::show(&ids);
                self.estimate();
            }
            Command::Change(size) => pictures::change(size),
            Command::Sharpen { place, url, prompt } => {
                pictures::sharpen(place, &url, &texts::fill(TextKey::Preview, &prompt, ""));
            }
        }
    }

    fn open(self, token: Option<String>, challenge: Option<String>) {
        let mut body = String::from("{\"site\":");
        json::write_text(&mut body, &self.studio.with_untracked(|studio| studio.site().to_owned()));
        if let Some(challenge) = challenge {
            body.push_str(",\"challenge\":");
            json::write_text(&mut body, &challenge);
        }
        body.push('}');
        let path = route::SESSIONS.to_owned();
        let call = Call { method: Some("POST"), path, token, body: Some(body), ..Call::default() };
        let then = move |answer: Answer| {
            let sent = answer.sent;
            let opened = self.learn(answer, Opened::read);
            if let Some(at) = opened.as_ref().ok().and_then(|opened| opened.told_at) {
                self.send(Event::EdgeTime(EdgeTime { at: at.0, within: 0, sent }));
            }
            self.send(Event::Opened(opened));
        };
        net::call(&call, Box::new(then));
    }

    fn hear(self, id: String) {
        let (path, heard, cut) = (route::events(&id), id.clone(), id.clone());
        let on_job = move |text: String| {
            if let Some(job) = Job::read(&text) {
                self.send(Event::Heard(heard.clone(), job));
            }
        };
        events::hear(id, &path, on_job, move |over| self.send(Event::Cut(cut.clone(), over)));
    }

    fn job(self, answer: Answer) -> Result<Box<Job>, Trouble> {
        self.learn(answer, Job::read)
    }

    /// What an answer tells, and the time of the edge's clock in it. What is not the edge's own answer has another clock, and
    /// whatever its status is, nothing is known by it.
    fn learn<T>(self, answer: Answer, read: impl Fn(&str) -> Option<T>) -> Result<T, Trouble> {
        let Answer { told, date, sent } = answer;
        let told = told.and_then(|text| read(&text).ok_or(Trouble::Unreadable));
        let own = matches!(
            told,
            Ok(_) | Err(Trouble::Problem { .. } | Trouble::Rate(_) | Trouble::Refusals { .. })
        );
        if let Some(at) = date.filter(|_| own) {
            self.send(Event::EdgeTime(EdgeTime { at, within: HEADER_MS, sent }));
        }
        told
    }
}
