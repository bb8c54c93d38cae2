//! Previews, pictures to edit, and when their bytes are deleted.

use super::*;
use crate::picture::upload::Upload;

#[test]
fn a_preview_is_shown_until_something_better_is_there() {
    let mut job = job(2);
    job.start(0, NOW);
    job.start(1, NOW);
    let first = job.arriving(0);
    assert_ne!(first, job.arriving(1));
    job.preview(0, FACTS);
    assert_eq!(job.newest_preview(0), Some((FACTS, first)));
    let shown = |job: &Record| {
        let picture = job.view(NOW).pictures.swap_remove(0);
        (picture.state, picture.preview_url)
    };
    let id = "ab".repeat(32);
    let url = |number| Some(format!("/v1/jobs/{id}/pictures/0/preview?{number}"));
    assert_eq!(shown(&job), (PictureState::Preview, url(1)));
    let second = job.arriving(0);
    assert_ne!(first, second, "what arrives does not overwrite what is shown");
    job.preview(0, FACTS);
    assert_eq!((job.newest_preview(0), job.arriving(0)), (Some((FACTS, second)), first));
    assert_eq!(shown(&job), (PictureState::Preview, url(2)));
    job.ready(0, FACTS, NOW.plus(900));
    assert_eq!(shown(&job), (PictureState::Ready, None));
    assert_eq!((job.original(0), job.newest_preview(0)), (Some((FACTS, first)), None));
    job.preview(1, FACTS);
    assert!(job.expects_bytes(1) && !job.has_unused_bytes());
    job.cancel();
    assert_eq!(job.newest_preview(1), None, "what is over shows no preview");
    assert!(!job.expects_bytes(1) && job.has_unused_bytes());
    assert_eq!(job.ready_slots().collect::<Vec<_>>(), [first]);
}

#[test]
fn what_nobody_can_ask_for_is_left_when_every_picture_is_over() {
    let over = |uploads: Vec<Upload>, outcome: Outcome| {
        let mut job = job(1);
        job.new.uploads = uploads;
        job.start(0, NOW);
        if matches!(outcome, Outcome::Ready(_)) {
            job.ready(0, FACTS, NOW);
        }
        assert!(!job.has_unused_bytes(), "a picture to edit stays while it may be sent again");
        job.over(0, outcome);
        job.has_unused_bytes()
    };
    let upload = Upload { media_type: MediaType::Png, width: 1, height: 1, bytes: 1 };
    assert!(!over(vec![], Outcome::Ready(None)), "there is nothing but the picture");
    assert!(over(vec![], FAILED));
    assert!(over(vec![upload], Outcome::Ready(None)));
    let mut late = job(1);
    late.new.uploads = vec![upload];
    late.lapse();
    assert!(late.has_unused_bytes());
}
