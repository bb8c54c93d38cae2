//! Decides whether an error message says that the requested model does not exist.
//!
//! Owns the recognition of such sentences. Must not match sentences about other things ("the mask for … was not
//! found").

/// Phrases after a model's name that say that it does not exist.
const PHRASES_AFTER_NAME: &[&str] = &[
    "does not exist",
    "doesn't exist",
    "not found",
    "not be found",
    "cannot be found",
    "no longer available",
    "no longer supported",
    "no longer exists",
    "deprecated",
    "retired",
    "shut down",
    "shutdown",
    "sunset",
    "discontinued",
    "decommissioned",
    "removed",
    "reached its end of life",
    "reached end of life",
    "not a valid model",
];

/// Phrases that say so only at the end of a sentence: "not available in your country" means something else.
const PHRASES_AT_SENTENCE_END: &[&str] = &["not available", "not supported", "not a known model"];

/// Phrases before a model's name that say that it does not exist.
const PHRASES_BEFORE_NAME: &[&str] = &[
    "unknown model",
    "no such model",
    "invalid model",
    "model not found",
    "model does not exist",
    "find model",
    "find the model",
    "find a model",
];

/// Words that may stand between a model's name and such a phrase.
const FILLER_WORDS: &[&str] = &[
    "is",
    "was",
    "are",
    "has",
    "have",
    "had",
    "been",
    "be",
    "could",
    "can",
    "the",
    "a",
    "model",
    "models",
    "id",
    "name",
    "named",
    "called",
    "already",
    "now",
    "currently",
    "requested",
    "publisher",
    "version",
];

/// Prepositions before a model's name: the sentence is then about something that belongs to the model.
const PREPOSITIONS: &[&str] =
    &["for", "of", "with", "by", "in", "on", "to", "from", "using", "under", "through", "via"];

/// How many bytes before a name are searched. Limited, because a text may contain thousands of names.
const MAX_CONTEXT_BYTES: usize = 200;

/// Whether a text says that this model does not exist. The text is in lower case with one space between words, and may
/// write the name with or without the model's maker.
pub(super) fn says_model_gone(text: &str, model: &str) -> bool {
    let name = model.rsplit_once('/').map_or(model, |(_, name)| name).to_ascii_lowercase();
    if name.is_empty() {
        return false;
    }
    text.match_indices(&name).any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let start = before.floor_char_boundary(before.len().saturating_sub(MAX_CONTEXT_BYTES));
        let before = before.get(start..).unwrap_or_default();
        let after = rest.get(name.len()..).unwrap_or_default();
        let after = strip_snapshot_date(after).unwrap_or(after);
        let before = strip_path(before);
        is_whole_name(before, after) && (is_said_after(before, after) || is_said_before(before))
    })
}

/// The text after the date of a snapshot such as `-2026-04-21`; `None` if it does not begin with one.
fn strip_snapshot_date(after: &str) -> Option<&str> {
    let (date, rest) = after.split_at_checked(11)?;
    let is_date = date.bytes().zip(*b"-0000-00-00").all(|(byte, form)| match form {
        b'-' => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some(rest)
}

/// The text before the name's prefix, such as `openai/` or `models/`.
fn strip_path(before: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@');
    if before.ends_with('/') { before.trim_end_matches(is_part) } else { before }
}

/// Whether the match is a complete name, and not a part of another one: `gpt-image-2` is not `gpt-image-2.5-flare`.
fn is_whole_name(before: &str, after: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut next = after.chars();
    let goes_on = match next.next() {
        Some('.' | ':' | '/') => next.next().is_some_and(char::is_alphanumeric),
        Some(c) => joins(c),
        None => false,
    };
    !goes_on && !before.chars().next_back().is_some_and(|c| joins(c) || c == '.')
}

fn is_said_after(before: &str, after: &str) -> bool {
    let sentence = before.rsplit(". ").next().unwrap_or(before);
    let mut words = words_backwards(sentence).filter(|word| !FILLER_WORDS.contains(word));
    if words.next().is_some_and(|word| PREPOSITIONS.contains(&word)) {
        return false;
    }
    // The name may be followed by quotes or a bracket. A colon or a full stop ends the sentence about it.
    let mut rest = after.trim_start_matches(['\'', '"', '`', '”', '’', '»', ')', ']', ' ', '\\']);
    loop {
        if PHRASES_AFTER_NAME.iter().any(|phrase| rest.starts_with(phrase)) || ends_sentence(rest) {
            return true;
        }
        let Some((word, more)) = rest.split_once(' ') else { return false };
        if !FILLER_WORDS.contains(&word) {
            return false;
        }
        rest = more;
    }
}

fn ends_sentence(text: &str) -> bool {
    let mut after = PHRASES_AT_SENTENCE_END.iter().filter_map(|phrase| text.strip_prefix(phrase));
    after.any(|rest| !rest.starts_with(|c: char| c == ' ' || c.is_alphanumeric()))
}

fn is_said_before(before: &str) -> bool {
    let mut rest = before;
    loop {
        rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
        if PHRASES_BEFORE_NAME.iter().any(|phrase| rest.ends_with(phrase)) {
            return true;
        }
        let (more, word) = rest.rsplit_once(' ').unwrap_or(("", rest));
        if more.is_empty() || !FILLER_WORDS.contains(&word) {
            return false;
        }
        rest = more;
    }
}

/// The words of a text, from the last to the first.
fn words_backwards(text: &str) -> impl Iterator<Item = &str> {
    text.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::says_model_gone;

    #[test]
    fn the_model_that_was_asked_is_said_to_be_gone() {
        for text in [
            "the model 'gpt-image-2' does not exist.",
            "the model `openai/gpt-image-2` does not exist or you do not have access to it.",
            "model openai/gpt-image-2 not found",
            "model 'openai/gpt-image-2' has been deprecated. learn more here",
            "gpt-image-2 has been shut down",
            "gpt-image-2 was retired on december 1",
            "gpt-image-2 is no longer available; use gpt-image-2.6-flare",
            "the requested model 'gpt-image-2' could not be found",
            "the model 'gpt-image-2-2026-04-21' does not exist",
            "models/gpt-image-2 is not found for api version v1beta",
            "model gpt-image-2 is not available.",
            "model gpt-image-2 is not supported",
            "unknown model: gpt-image-2",
            "model not found: openai/gpt-image-2",
            "could not find model \"gpt-image-2\"",
            "gpt-image-2.5-flare is slow. the model gpt-image-2 does not exist",
        ] {
            assert!(says_model_gone(text, "openai/gpt-image-2"), "{text}");
            assert!(says_model_gone(text, "gpt-image-2"), "{text}");
        }
    }

    #[test]
    fn what_is_said_of_another_thing_is_not_said_of_it() {
        for text in [
            "",
            "the model does not exist",
            "the model 'gpt-image-2.5-flare' does not exist",
            "the model 'gpt-image-2-mini' does not exist",
            "the model 'my-gpt-image-2' does not exist",
            "the mask for model 'gpt-image-2' does not exist",
            "parameter 'style' does not exist for model 'gpt-image-2'",
            "invalid size for gpt-image-2: value not found in the list",
            "access to gpt-image-2 has been removed",
            "gpt-image-2 rejected the request. the file was not found",
            "size 1x1 is deprecated with gpt-image-2",
            "gpt-image-2 is busy",
            "gpt-image-2 is not available in your country",
            "gpt-image-2 will be shut down on december 1",
        ] {
            assert!(!says_model_gone(text, "openai/gpt-image-2"), "{text}");
        }
        assert!(!says_model_gone("the model '' does not exist", ""));
    }
}
