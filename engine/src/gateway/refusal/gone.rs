//! Whether a sentence says that the model which was asked for is not there.
//!
//! Owns the reading of such sentences. Must not take one about something else ("the mask for … was not found") for it.

/// What is said of a model that is not there, behind its name.
const BEHIND: &[&str] = &[
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

/// The same, but only where the sentence ends with it: "not available in your country" is about something else.
const AT_THE_END: &[&str] = &["not available", "not supported", "not a known model"];

/// What is said of it before its name.
const BEFORE: &[&str] = &[
    "unknown model",
    "no such model",
    "invalid model",
    "model not found",
    "model does not exist",
    "find model",
    "find the model",
    "find a model",
];

/// Words that may stand between a model's name and what is said of it.
const BETWEEN: &[&str] = &[
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

/// Before these the name stands for something that belongs to the model.
const OF: &[&str] =
    &["for", "of", "with", "by", "in", "on", "to", "from", "using", "under", "through", "via"];

/// What stands further before a name is not read with it: a text may hold thousands of names.
const NEAR: usize = 200;

/// Whether this text, in small letters and with one space between words, says so of the model of this name, which may
/// stand there with its maker or without.
pub(super) fn says(text: &str, model: &str) -> bool {
    let name = model.rsplit_once('/').map_or(model, |(_, name)| name).to_ascii_lowercase();
    if name.is_empty() {
        return false;
    }
    text.match_indices(&name).any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let near = before.floor_char_boundary(before.len().saturating_sub(NEAR));
        let before = before.get(near..).unwrap_or_default();
        let behind = rest.get(name.len()..).unwrap_or_default();
        let behind = snapshot(behind).unwrap_or(behind);
        let before = path(before);
        is_name(before, behind) && (is_said_behind(before, behind) || is_said_before(before))
    })
}

/// What follows the date of a snapshot: `-2026-04-21`.
fn snapshot(behind: &str) -> Option<&str> {
    let (date, rest) = behind.split_at_checked(11)?;
    let is_date = date.bytes().zip(*b"-0000-00-00").all(|(byte, form)| match form {
        b'-' => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some(rest)
}

/// What stands before the whole name, whose makers and folders end here: `openai/`, `models/`.
fn path(before: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@');
    if before.ends_with('/') { before.trim_end_matches(is_part) } else { before }
}

/// Whether the name ends here and does not begin earlier: `gpt-image-2` is not `gpt-image-2.5-flare`.
fn is_name(before: &str, behind: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut next = behind.chars();
    let goes_on = match next.next() {
        Some('.' | ':' | '/') => next.next().is_some_and(char::is_alphanumeric),
        Some(c) => joins(c),
        None => false,
    };
    !goes_on && !before.chars().next_back().is_some_and(|c| joins(c) || c == '.')
}

fn is_said_behind(before: &str, behind: &str) -> bool {
    let sentence = before.rsplit(". ").next().unwrap_or(before);
    let mut words = words_backwards(sentence).filter(|word| !BETWEEN.contains(word));
    if words.next().is_some_and(|word| OF.contains(&word)) {
        return false;
    }
    // Quotes may end the name, and a bracket may stand behind it; a colon or a full stop ends what is said of it.
    let mut rest = behind.trim_start_matches(['\'', '"', '`', '”', '’', '»', ')', ']', ' ', '\\']);
    loop {
        if BEHIND.iter().any(|phrase| rest.starts_with(phrase)) || ends_so(rest) {
            return true;
        }
        let Some((word, more)) = rest.split_once(' ') else { return false };
        if !BETWEEN.contains(&word) {
            return false;
        }
        rest = more;
    }
}

fn ends_so(text: &str) -> bool {
    let mut behind = AT_THE_END.iter().filter_map(|phrase| text.strip_prefix(phrase));
    behind.any(|rest| !rest.starts_with(|c: char| c == ' ' || c.is_alphanumeric()))
}

fn is_said_before(before: &str) -> bool {
    let mut rest = before;
    loop {
        rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
        if BEFORE.iter().any(|phrase| rest.ends_with(phrase)) {
            return true;
        }
        let (more, word) = rest.rsplit_once(' ').unwrap_or(("", rest));
        if more.is_empty() || !BETWEEN.contains(&word) {
            return false;
        }
        rest = more;
    }
}

/// The words of a text, the last one first.
fn words_backwards(text: &str) -> impl Iterator<Item = &str> {
    text.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::says;

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
            assert!(says(text, "openai/gpt-image-2"), "{text}");
            assert!(says(text, "gpt-image-2"), "{text}");
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
            assert!(!says(text, "openai/gpt-image-2"), "{text}");
        }
        assert!(!says("the model '' does not exist", ""));
    }
}
