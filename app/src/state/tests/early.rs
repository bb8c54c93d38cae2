//! What happened before the program came.

use super::*;
use crate::state::early::Early;
use contract::frame_messages::{Look, PageMessage};
use saved_draft::SavedDraft;

fn start(early: Early, draft: Option<SavedDraft>) -> (Studio, Vec<Command>) {
    let mut studio = studio();
    let key = "e".to_owned();
    let start = Start { early, draft, key, ..Start::default() };
    let commands = studio.apply(Event::Started(Box::new(start)), T);
    (studio, commands)
}

fn draft() -> SavedDraft {
    SavedDraft::read(r#"[["prompt","a stored fox"],["quality","high"],["count","2"]]"#).unwrap()
}

fn typed(prompt: &str) -> Early {
    Early { prompt: prompt.to_owned(), touched: true, ..Early::default() }
}

fn page(prompt: &str) -> Look {
    Look { prompt: prompt.to_owned(), ..Look::default() }
}

#[test]
fn what_was_typed_wins_over_the_draft_and_the_draft_over_the_page() {
    let prompt = |early: Early, draft| start(early, draft).0.draft().prompt.clone();
    let all = Early { look: page("a hare"), ..typed("a fox") };
    assert_eq!(prompt(all, Some(draft())), "a fox");
    let page_only = Early { look: page("a hare"), hosted: true, ..Early::default() };
    assert_eq!(prompt(page_only.clone(), Some(draft())), "a stored fox");
    assert_eq!(prompt(page_only, None), "a hare");
    assert_eq!(prompt(typed(""), Some(draft())), "", "what was emptied stays empty");
    assert_eq!(prompt(Early::default(), None), "");
}

#[test]
fn a_choice_that_was_made_wins_over_the_draft_and_a_default_does_not() {
    let own = site();
    let default = Early {
        size: Some(own.default_size),
        quality: Some(own.default_quality),
        count: Some(1),
        ..Early::default()
    };
    let choices = start(default.clone(), Some(draft())).0.draft().choices;
    assert_eq!((choices.quality, choices.count), (Quality::High, 2));
    let made = Early { quality: Some(Quality::Low), count: Some(3), ..default };
    let choices = start(made, Some(draft())).0.draft().choices;
    assert_eq!((choices.quality, choices.count), (Quality::Low, 3));
}

#[test]
fn an_early_submit_makes_what_was_in_the_prompt_then_and_keeps_what_was_typed_since() {
    let early = Early { submitted: Some("a fox".to_owned()), ..typed("a fox in sno") };
    let (mut studio, commands) = start(early, None);
    assert!(commands.contains(&open(None)), "{commands:?}");
    assert_eq!(studio.draft().prompt, "a fox in sno");
    let commands = studio.apply(opened("t"), T);
    let sent: Vec<_> = commands
        .iter()
        .filter_map(|it| match it {
            Command::PostJob { key, request, .. } => Some((key.as_str(), request.prompt.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(sent, [("e", "a fox")]);
}

#[test]
fn pictures_that_were_given_early_are_sent_with_it() {
    let uploads = vec![UploadId(1), UploadId(2)];
    let early = Early { uploads, submitted: Some("pink".to_owned()), ..typed("pink") };
    let (mut studio, commands) = start(early, None);
    assert!(commands.contains(&Command::PrepareUpload(UploadId(2), None)), "{commands:?}");
    studio.apply(opened("t"), T);
    for id in [1, 2] {
        let commands =
            studio.apply(Event::UploadReady { id: UploadId(id), url: "blob:".to_owned() }, T);
        let posts = commands.iter().any(|it| matches!(it, Command::PostJob { .. }));
        assert_eq!(posts, id == 2, "{commands:?}");
    }
}

#[test]
fn messages_of_the_page_are_carried_out_in_their_order_each_under_a_key_of_its_own() {
    let generate = |prompt: &str| PageMessage::Generate { prompt: Some(prompt.to_owned()) };
    let messages = vec![PageMessage::Set(page("a hare")), generate("one"), generate("two")];
    let (mut studio, commands) = start(Early { hosted: true, messages, ..Early::default() }, None);
    assert!(commands.contains(&Command::ApplyLook(page("a hare"))), "{commands:?}");
    let commands = studio.apply(opened("t"), T);
    assert_eq!(studio.running_count(), 2);
    let key = commands.iter().find_map(|it| match it {
        Command::PostJob { key, .. } => Some(key.clone()),
        _ => None,
    });
    assert_eq!(key.as_deref(), Some("e-1"));
    assert_eq!(studio.progress(2, T), Some(Progress::Queued), "the site allows one at once");
}

#[test]
fn focus_and_selection_come_back_to_the_prompt() {
    let early = Early { focused: true, selection: Some((3, 7)), ..typed("a red fox") };
    let (studio, commands) = start(early, None);
    assert!(commands.contains(&Command::Select(3, 7)), "{commands:?}");
    assert!(commands.contains(&open(None)), "who is in the prompt wants a session");
    assert_eq!(studio.note(), None);
    let (studio, _) = start(typed(&"é".repeat(28)), None);
    assert!(studio.note().is_some(), "without another key");
}
