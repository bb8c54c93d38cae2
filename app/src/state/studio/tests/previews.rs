//! Previews: each is shown once, and none after its picture.

use super::*;
use crate::state::job::Job;

fn with_preview(revision: u64, preview: Option<&str>) -> Box<Job> {
    let mut job = job("ab", revision, JobState::Running);
    for picture in &mut job.pictures {
        picture.preview = preview.map(str::to_owned);
    }
    job
}

fn sharpened(commands: &[Command]) -> Vec<((u32, u32), &str)> {
    let mut shown = Vec::new();
    for command in commands {
        if let Command::Sharpen { place, url, .. } = command {
            shown.push((*place, url.as_str()));
        }
    }
    shown
}

#[test]
fn each_preview_is_shown_once() {
    let mut studio = running();
    let tell = |job: Box<Job>| Event::Seen("ab".to_owned(), Ok(job));
    assert_eq!(sharpened(&studio.apply(tell(with_preview(2, None)), T)), []);
    let first = studio.apply(tell(with_preview(3, Some("p?0"))), T);
    assert_eq!(sharpened(&first), [((1, 0), "p?0")]);
    assert_eq!(sharpened(&studio.apply(tell(with_preview(4, Some("p?0"))), T)), []);
    let second = studio.apply(tell(with_preview(5, Some("p?1"))), T);
    assert_eq!(sharpened(&second), [((1, 0), "p?1")]);
}

#[test]
fn a_reload_in_the_middle_shows_the_newest() {
    let mut studio = studio();
    studio.apply(Event::Started(Some(stored(&["ab"]))), T);
    let seen = Event::Seen("ab".to_owned(), Ok(with_preview(5, Some("p?1"))));
    assert_eq!(sharpened(&studio.apply(seen, T)), [((1, 0), "p?1")]);
}

#[test]
fn a_picture_that_is_ready_needs_none() {
    let mut studio = running();
    let mut job = with_preview(3, Some("p?1"));
    for picture in &mut job.pictures {
        picture.state = PictureState::Ready;
    }
    assert_eq!(sharpened(&studio.apply(Event::Seen("ab".to_owned(), Ok(job)), T)), []);
}
