//! The rows of the wall, as what happens in the studio changes them.

use super::*;
use crate::state::virtual_scroll::{Frame, Sight};

const PIXEL: i64 = 64;

/// A frame of a thousand pixels, and a screen of six hundred, which is at the wall's top.
fn measured() -> Event {
    let frame = Frame {
        width: 1000 * PIXEL,
        gap: 12 * PIXEL,
        row: 240 * PIXEL,
        row_large: 360 * PIXEL,
        card: 320 * PIXEL,
        card_most: 544 * PIXEL,
        is_wide: true,
    };
    Event::WallMeasured { frame, sight: Sight { top: -200 * PIXEL, height: 600 * PIXEL } }
}

/// A studio with so many pictures, each of a job of its own.
fn of(count: u32) -> Studio {
    let mut studio = studio();
    studio.apply(measured(), T);
    let ids: Vec<_> = (0..count).map(|at| format!("job{at}")).collect();
    let known = ids.iter().map(|id| Known { id: id.clone(), since: T, gone: 0, changes: false });
    studio.apply(started(Some(Stored { jobs: known.collect(), ..stored(&[]) })), T);
    for id in ids {
        let mut one = job_of(&[PictureState::Ready]);
        (one.id, one.state) = (id.clone(), JobState::Succeeded);
        studio.apply(Event::JobFetched(id, Ok(one)), T);
    }
    studio
}

#[test]
fn the_rows_are_laid_out_anew_only_where_a_tile_comes_goes_or_becomes_another_kind() {
    let mut studio = of(3);
    submit(&mut studio, "a hare", T);
    let revision = studio.virtual_scroll().revision();
    studio.take_dirty();
    for event in [Event::PromptChanged("a".to_owned()), Event::Due(Due::Tick), Event::PromptFocused]
    {
        studio.apply(event, T + 1_000);
    }
    assert_eq!(studio.virtual_scroll().revision(), revision);
    let deleted = studio.order()[2];
    studio.apply(Event::DeletePressed(vec![deleted]), T);
    assert_ne!(studio.virtual_scroll().revision(), revision);
}

#[test]
fn few_of_many_tiles_are_rendered_and_one_that_gets_the_focus_is_among_them() {
    let mut studio = of(60);
    let shown = |studio: &Studio| -> Vec<TileKey> {
        studio.virtual_scroll().shown().iter().map(|shown| shown.key).collect()
    };
    assert_eq!(studio.order().len(), 60);
    assert!(shown(&studio).len() < 30, "{}", shown(&studio).len());
    let last = studio.order()[59];
    assert!(!shown(&studio).contains(&last));
    studio.apply(Event::DeletePressed(vec![last]), T);
    studio.apply(Event::UndoPressed, T);
    assert!(shown(&studio).contains(&last), "the focus goes there");
}
