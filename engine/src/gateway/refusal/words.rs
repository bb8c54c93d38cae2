//! What the words of an error say, in the shapes that are known: nested, flat, within a list of attempts, plain text, or
//! none at all.
//!
//! Owns the words that decide something. Must not keep any of them.

use super::super::json::{Frame, Key, Listener, Reader, Role, Unreadable};

/// What was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::gateway) struct Words {
    /// Moderation refused the prompt or the picture.
    pub(in crate::gateway) moderation: bool,
    /// The operator's account is at its end.
    pub(in crate::gateway) account: bool,
    /// There is no such model (any more).
    pub(in crate::gateway) model_gone: bool,
    phrase: Phrase,
}

impl Words {
    /// Reads the beginning of a body, cut anywhere.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut words = Self::default();
        if Reader::default().feed(body, &mut words) == Err(Unreadable::NotJson) {
            words.phrase = Phrase::default();
            words.hear(body);
        }
        words
    }

    /// What becomes of a string at this place. Upstream's code may stand anywhere: gateways wrap their providers'.
    pub(in crate::gateway) fn begins(&mut self, place: &[Frame]) -> Role {
        match place.last() {
            Some(Frame::Object(Key::Code | Key::Type)) => Role::Word,
            Some(Frame::Object(Key::Message | Key::Error)) => {
                self.phrase = Phrase::default();
                Role::Stream
            }
            _ => Role::Passed,
        }
    }

    /// The next run of a message.
    pub(in crate::gateway) fn hear(&mut self, text: &[u8]) {
        self.moderation |= self.phrase.is_in(text);
    }

    /// A word, which means something as a code or a type.
    pub(in crate::gateway) fn word(&mut self, place: &[Frame], word: &[u8]) {
        if !matches!(place.last(), Some(Frame::Object(Key::Code | Key::Type))) {
            return;
        }
        match word {
            b"moderation_blocked"
            | b"content_policy_violation"
            | b"image_generation_user_error" => {
                self.moderation = true;
            }
            b"billing_hard_limit_reached" | b"billing_limit_user_error" | b"insufficient_quota" => {
                self.account = true;
            }
            b"model_not_found" => self.model_gone = true,
            _ => {}
        }
    }
}

impl Listener for Words {
    fn begins(&mut self, place: &[Frame]) -> Role {
        Words::begins(self, place)
    }

    fn text(&mut self, text: &[u8]) -> Result<(), Unreadable> {
        self.hear(text);
        Ok(())
    }

    fn text_ends(&mut self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn word(&mut self, place: &[Frame], word: &[u8]) {
        Words::word(self, place, word);
    }
}

/// By these words moderation says that it was it, where no code does.
const PHRASE: &[u8; 13] = b"safety system";
/// After this many letters of the phrase, how many of them may begin it anew.
const AGAIN: [usize; 13] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0];

/// How much of the phrase was just heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Phrase(usize);

impl Phrase {
    /// Whether the phrase ends in this run, begun in it or before.
    fn is_in(&mut self, text: &[u8]) -> bool {
        text.iter().any(|byte| {
            let letter = byte.to_ascii_lowercase();
            while self.0 != 0 && PHRASE.get(self.0) != Some(&letter) {
                self.0 = AGAIN.get(self.0).copied().unwrap_or(0);
            }
            if PHRASE.get(self.0) == Some(&letter) {
                self.0 = self.0.saturating_add(1);
            }
            self.0 == PHRASE.len()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phrase_is_heard_however_it_is_cut() {
        for (text, heard) in [
            ("by our Safety System.", true),
            ("safety safety system", true),
            ("safety syssafety system", true),
            ("ssafety system", true),
            ("safety  system", false),
            ("safety syste", false),
            ("", false),
        ] {
            for cut in 1..=text.len().max(1) {
                let mut phrase = Phrase::default();
                let found = text.as_bytes().chunks(cut).any(|run| phrase.is_in(run));
                assert_eq!(found, heard, "{text} by {cut}");
            }
        }
    }

    /// `AGAIN` is what its definition says.
    #[test]
    fn the_phrase_begins_anew_where_it_may() {
        for (heard, &again) in AGAIN.iter().enumerate() {
            let longest = (0..heard)
                .rev()
                .find(|&length| PHRASE[..heard].ends_with(&PHRASE[..length]))
                .unwrap_or(0);
            assert_eq!(again, longest, "after {heard}");
        }
    }
}
