//! Previews: each is shown once, and none after its picture.

use super::*;

fn with_preview(revision: u64, preview: Option<&str>) -> Box<Job> {
    let mut job = job("ab", revision, JobState::Running);
    for picture in &mut job.pictures {
        picture.preview_url = preview.map(str::to_owned);
    }
    job
}

fn sharpened(commands: &[Command]) -> Vec<(TileKey, &str)> {
    let mut shown = Vec::new();
    for command in commands {
        if let Command::DecodePreview { key, url } = command {
            shown.push((*key, url.as_str()));
        }
    }
    shown
}

#[test]
fn each_preview_is_shown_once() {
    let mut studio = running();
    let tell = |job: Box<Job>| Event::JobFetched("ab".to_owned(), Ok(job));
    assert_eq!(sharpened(&studio.apply(tell(with_preview(2, None)), T)), []);
    let first = studio.apply(tell(with_preview(3, Some("p?0"))), T);
    assert_eq!(sharpened(&first), [(key(1, 0), "p?0")]);
    assert_eq!(sharpened(&studio.apply(tell(with_preview(4, Some("p?0"))), T)), []);
    let second = studio.apply(tell(with_preview(5, Some("p?1"))), T);
    assert_eq!(sharpened(&second), [(key(1, 0), "p?1")]);
}

#[test]
fn a_reload_in_the_middle_shows_the_newest() {
    let mut studio = studio();
    studio.apply(started(Some(stored(&["ab"]))), T);
    let seen = Event::JobFetched("ab".to_owned(), Ok(with_preview(5, Some("p?1"))));
    assert_eq!(sharpened(&studio.apply(seen, T)), [(key(1, 0), "p?1")]);
}

#[test]
fn a_picture_that_is_ready_needs_none() {
    let mut studio = running();
    let mut job = with_preview(3, Some("p?1"));
    for picture in &mut job.pictures {
        picture.state = PictureState::Ready;
    }
    assert_eq!(sharpened(&studio.apply(Event::JobFetched("ab".to_owned(), Ok(job)), T)), []);
}

#[test]
fn a_decoded_preview_lies_there_until_the_picture_has_developed() {
    let mut studio = running();
    let tell = |job: Box<Job>| Event::JobFetched("ab".to_owned(), Ok(job));
    let previews = |studio: &Studio| studio.wall(T)[0].1.previews.clone();
    let decoded = |url: &str| Event::PreviewDecoded { key: key(1, 0), url: url.to_owned() };
    studio.apply(tell(with_preview(3, Some("p?0"))), T);
    studio.apply(decoded("p?0"), T);
    studio.apply(tell(with_preview(4, Some("p?1"))), T);
    studio.apply(decoded("p?0"), T);
    assert_eq!(previews(&studio), ["p?0"], "what is older than the newest comes too late");
    studio.apply(decoded("p?1"), T);
    assert_eq!(previews(&studio), ["p?0", "p?1"]);
    studio.apply(fetched(5, JobState::Succeeded), T);
    assert_eq!(previews(&studio), ["p?0", "p?1"], "the picture appears over them");
    studio.apply(Event::PictureDeveloped(key(1, 0)), T);
    assert_eq!(previews(&studio), Vec::<String>::new());
    studio.apply(decoded("p?1"), T);
    assert_eq!(previews(&studio), Vec::<String>::new(), "a picture that is there needs none");
}
