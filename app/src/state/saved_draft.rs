//! The draft as the tab stores it: it outlives a reload and a crash.
//!
//! Owns its form, a JSON list of the form's names and values, which tabs of earlier releases have written too.
//! Must not decide when it is stored.

use super::draft::Draft;
use contract::site::Site;
use std::str::FromStr;

/// A stored draft: names of the form's fields with their values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SavedDraft(Vec<(String, String)>);

const PROMPT: &str = "prompt";
const SIZE: &str = "size";
const QUALITY: &str = "quality";
const COUNT: &str = "count";
const FORMAT: &str = "format";
const BACKGROUND: &str = "background";
const TRANSPARENT: &str = "transparent";

impl SavedDraft {
    /// The draft in a stored text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The text that reads back as this.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// This draft, to be stored.
    pub(crate) fn of(draft: &Draft) -> Self {
        let choices = draft.choices;
        let mut list = vec![
            (PROMPT, draft.prompt.clone()),
            (SIZE, choices.size.to_string()),
            (QUALITY, choices.quality.to_string()),
            (COUNT, choices.count.to_string()),
            (FORMAT, choices.format.to_string()),
        ];
        if choices.transparent {
            list.push((BACKGROUND, TRANSPARENT.to_owned()));
        }
        Self(list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The same with another description.
    pub(crate) fn with_prompt(mut self, prompt: String) -> Self {
        self.0.retain(|(name, _)| name != PROMPT);
        self.0.push((PROMPT.to_owned(), prompt));
        self
    }

    /// Puts it into a draft; what the site no longer offers stays as it is.
    pub(crate) fn fill(&self, draft: &mut Draft, site: &Site) {
        let mut transparent = false;
        for (name, value) in &self.0 {
            let choices = &mut draft.choices;
            match name.as_str() {
                PROMPT => draft.prompt.clone_from(value),
                SIZE => with(value, |it| choices.choose_size(site, it)),
                QUALITY => with(value, |it| choices.choose_quality(site, it)),
                COUNT => with(value, |it| choices.choose_count(site, it)),
                FORMAT => with(value, |it| choices.choose_format(site, it)),
                BACKGROUND => transparent = value == TRANSPARENT,
                _ => {}
            }
        }
        draft.choices.choose_transparent(site, transparent);
    }
}

/// Goes on with what a text says, if it says such a thing.
fn with<T: FromStr>(text: &str, then: impl FnOnce(T)) {
    if let Ok(value) = text.parse() {
        then(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::site;
    use contract::options::{Background, Format, Quality};

    #[test]
    fn what_a_tab_of_an_earlier_release_has_stored_is_read() {
        let site = Site {
            formats: vec![Format::Webp, Format::Png],
            backgrounds: vec![Background::Auto, Background::Transparent],
            ..site()
        };
        let other = site.sizes.last().copied().unwrap();
        let text = format!(
            r#"[["prompt","a fox\nin snow"],["size","{other}"],["quality","low"],["count","2"],["format","png"],["background","transparent"]]"#
        );
        let mut draft = Draft::of(&site);
        SavedDraft::read(&text).unwrap().fill(&mut draft, &site);
        assert_eq!((draft.prompt.as_str(), draft.choices.size), ("a fox\nin snow", other));
        assert_eq!((draft.choices.quality, draft.choices.count), (Quality::Low, 2));
        assert_eq!((draft.choices.format, draft.choices.transparent), (Format::Png, true));
        let again = SavedDraft::read(&SavedDraft::of(&draft).to_text()).unwrap();
        let mut other = Draft::of(&site);
        again.fill(&mut other, &site);
        assert_eq!(other, draft);
        // A program that ends writes down what is in the field, and knows nothing else.
        SavedDraft::of(&draft).with_prompt("a hare".to_owned()).fill(&mut other, &site);
        assert_eq!(other, Draft { prompt: "a hare".to_owned(), ..draft });
    }

    #[test]
    fn what_is_no_draft_or_not_on_offer_changes_nothing() {
        for text in ["", "{}", "null", "[1]", r#"[["prompt"]]"#, r#"[["prompt",{}]]"#] {
            assert_eq!(SavedDraft::read(text), None, "{text}");
        }
        let (site, mut draft) = (site(), Draft::of(&site()));
        let saved = r#"[["size","7x7"],["quality","ultra"],["count","99"],["format","avif"]]"#;
        SavedDraft::read(saved).unwrap().fill(&mut draft, &site);
        assert_eq!(draft, Draft::of(&site));
    }
}
