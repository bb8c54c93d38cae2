//! The start: what the tab remembers, what the visitor and the page did before the program came.
//!
//! Owns who wins: what was typed before the stored draft, the stored draft before the page's prompt. Must not read any of
//! it: the browser has.

use super::{
    Studio,
    command::{Command, FocusTarget},
    draft::Choices,
    early::Early,
    event::Start,
};
use contract::site::History;

impl Studio {
    pub(super) fn start(&mut self, start: Start, now: u64) {
        let Start { early, stored, agreed, draft, key } = start;
        self.hosted = early.hosted;
        self.device_agreed(agreed);
        if self.site.history != History::Off {
            self.recall(stored, now);
        }
        self.page_look(&early.look);
        if let Some(draft) = draft.filter(|_| self.site.history != History::Off) {
            self.touched = true;
            draft.fill(&mut self.draft, &self.site);
        }
        self.take_over(&early);
        if !early.uploads.is_empty() {
            self.files_added(&early.uploads, now);
        }
        if early.focused {
            // The root of a document that was fetched again has another field: the focus was on the one before.
            self.out.push(Command::Focus(FocusTarget::Prompt { select: false }));
            if let Some((begin, end)) = early.selection {
                self.out.push(Command::Select(begin, end));
            }
            self.prompt_focused(now);
        }
        // What was in the prompt when it was submitted is what is made; what was typed since stays in the prompt.
        if let Some(prompt) = early.submitted {
            let typed = std::mem::replace(&mut self.draft.prompt, prompt);
            self.submit_form(key.clone(), now);
            self.draft.prompt = typed;
        }
        for (at, message) in early.messages.into_iter().enumerate() {
            self.host_message(message, format!("{key}-{at}"), now);
        }
    }

    /// Takes the form over as the visitor has left it.
    fn take_over(&mut self, early: &Early) {
        if early.touched || !early.prompt.is_empty() {
            self.draft.prompt.clone_from(&early.prompt);
        }
        // What stands at the site's default may be what nobody has touched: then the stored choice stays.
        let default = Choices::of(&self.site);
        let before = self.draft.choices;
        let (choices, site) = (&mut self.draft.choices, &self.site);
        if let Some(size) = early.size.filter(|it| *it != default.size) {
            choices.choose_size(site, size);
        }
        if let Some(quality) = early.quality.filter(|it| *it != default.quality) {
            choices.choose_quality(site, quality);
        }
        if let Some(count) = early.count.filter(|it| *it != default.count) {
            choices.choose_count(site, count);
        }
        if let Some(format) = early.format.filter(|it| *it != default.format) {
            choices.choose_format(site, format);
        }
        if early.transparent {
            choices.choose_transparent(site, true);
        }
        self.touched |= early.touched || self.draft.choices != before;
        self.options_open = early.options_open;
        self.refresh_length();
    }
}
