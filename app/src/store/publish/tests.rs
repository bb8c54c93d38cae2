//! Whatever happens in whatever order: the signals say what the state says.

use super::*;
use crate::state::tests::{
    random::{event, with_key},
    site, started,
};
use contract::{document::StudioData, site::Site};
use proptest::prelude::*;

const T: u64 = 1_795_343_000_000;

/// What a signal has.
fn get<T: Clone + Send + Sync + 'static>(signal: RwSignal<T>) -> T {
    signal.get_untracked()
}

/// Everything but the tiles, whose words depend on the time.
fn check(store: StudioStore, studio: &Studio, now: u64) -> Result<(), TestCaseError> {
    let draft = studio.draft();
    prop_assert_eq!(get(store.prompt()), draft.prompt.clone());
    prop_assert_eq!(get(store.choices()), draft.choices);
    prop_assert_eq!(
        (get(store.options_open()), get(store.folded()), get(store.files_over())),
        (studio.options_open(), studio.folded(), studio.files_over())
    );
    prop_assert_eq!(
        (get(store.hosted()), get(store.expanded()), get(store.challenge_open())),
        (studio.is_hosted(), studio.is_expanded(), studio.is_challenge_open())
    );
    prop_assert_eq!(get(store.note()), studio.note());
    prop_assert_eq!(get(store.cancels()), studio.create_cancels());
    prop_assert_eq!(get(store.estimate()), studio.estimate());
    prop_assert_eq!(get(store.references()), studio.references());
    prop_assert_eq!(get(store.allowance()).map(|view| view.left), studio.allowance(now));

    let order = studio.order();
    prop_assert_eq!(get(store.has_picture()), studio.has_picture());
    prop_assert_eq!(get(store.wall_is_empty()), order.is_empty());
    let wall = studio.virtual_scroll();
    prop_assert_eq!(get(store.few()), wall.is_few());
    prop_assert_eq!(get(store.newest()), order.first().map(|key| key.serial));
    let shown = wall.shown();
    prop_assert_eq!(get(store.shown()), shown.iter().map(|shown| shown.key).collect::<Vec<_>>());
    for shown in &shown {
        prop_assert_eq!(get(store.places()).get(&shown.key).copied(), Some(*shown));
    }
    prop_assert_eq!(get(store.rooms()), wall.rooms());
    prop_assert_eq!(get(store.tile_count()), Some(order.len()).filter(|_| wall.is_long()));
    prop_assert_eq!(get(store.selection()), studio.selection());
    prop_assert_eq!(get(store.picked()), studio.picked().clone());
    prop_assert_eq!(get(store.archive()), studio.archive().cloned());
    prop_assert_eq!(get(store.undo_count()), studio.undo_count());
    prop_assert_eq!(get(store.viewer()), studio.viewer_view());
    let known =
        store.parts().tiles.with_value(|tiles| tiles.keys().copied().collect::<HashSet<_>>());
    prop_assert_eq!(known, order.into_iter().collect::<HashSet<_>>(), "one signal for each tile");
    Ok(())
}

/// The tiles of requests that wait for nothing: time does not change them.
fn check_tiles(store: StudioStore, studio: &Studio, now: u64) -> Result<(), TestCaseError> {
    let mut serials: Vec<_> = studio.order().iter().map(|key| key.serial).collect();
    serials.dedup();
    for serial in serials {
        for (key, view) in studio.tiles_of(serial, now) {
            let shown = store.tile(key).get_untracked();
            if view.kind() == crate::state::tile::TileKind::Waiting {
                prop_assert_eq!(shown.kind(), view.kind(), "{:?}", key);
            } else {
                prop_assert_eq!(shown, view, "{:?}", key);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn after_any_events_the_signals_are_the_state(
        events in prop::collection::vec((event(), 0_u64..3_000), 0..90),
        concurrent in 1_u32..3,
    ) {
        let site = Site { concurrent, ..site() };
        let owner = Owner::new();
        let data = StudioData {
            build: String::new(),
            elements: 0,
            site: site.clone(),
            texts: Vec::new(),
            lang: "en".to_owned(),
        };
        let store = owner.with(|| StudioStore::new(&data, String::new()));
        let mut studio = Studio::new(site);
        studio.apply(started(None), T);
        store.publish(&mut studio, T);
        check(store, &studio, T)?;
        let mut now = T;
        for (at, (event, later)) in events.into_iter().enumerate() {
            now += later;
            studio.apply(with_key(event, at), now);
            let published = store.publish(&mut studio, now);
            check(store, &studio, now)?;
            check_tiles(store, &studio, now)?;
            let again = store.publish(&mut studio, now);
            prop_assert_eq!(again, Published::default(), "after {:?}", published);
        }
    }
}
