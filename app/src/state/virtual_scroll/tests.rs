//! The wall's rows as properties: of any pictures, on a frame of any width.

use super::{rows::PIXEL, *};
use contract::options::Size;
use proptest::prelude::*;

fn frame(width: Length) -> Frame {
    let row = if width >= 720 { 240 } else { 144 };
    let row_large = if width >= 720 { 480 } else { width };
    Frame {
        width: width * PIXEL,
        gap: 12 * PIXEL,
        row: row * PIXEL,
        row_large: row_large * PIXEL,
        card: 320 * PIXEL,
        card_most: 544 * PIXEL,
        is_wide: width >= 720,
    }
}

fn picture(serial: u32, index: u32, width: u16, height: u16) -> Item {
    let shape = Shape::Picture(Size { width, height });
    Item { key: TileKey { serial, index }, shape }
}

fn sight(top: Length, height: Length) -> Sight {
    Sight { top: top * PIXEL, height: height * PIXEL }
}

/// A wall of one picture a request, newest first.
fn wall(width: Length, shapes: &[(u16, u16)]) -> VirtualScroll {
    let mut wall = VirtualScroll::default();
    wall.measure(frame(width));
    wall.look(sight(-200, 600));
    wall.hang(items(shapes));
    wall
}

fn items(shapes: &[(u16, u16)]) -> Vec<Item> {
    let numbers = (1..=u32::try_from(shapes.len()).unwrap()).rev();
    numbers
        .zip(shapes)
        .map(|(serial, (width, height))| picture(serial, 0, *width, *height))
        .collect()
}

/// Rows as the numbers of their tiles.
fn rows(wall: &VirtualScroll) -> Vec<usize> {
    wall.rows.iter().map(|row| row.tiles.len()).collect()
}

fn pixels(length: Length) -> Length {
    (length + PIXEL / 2) / PIXEL
}

fn shapes() -> impl Strategy<Value = Vec<(u16, u16)>> {
    let sides = prop::sample::select(vec![512_u16, 1024, 1536, 2048, 4000]);
    prop::collection::vec((sides.clone(), sides), 1..120)
}

/// Where a tile lies: its left side, its row's top, its size.
fn lies(wall: &VirtualScroll, key: TileKey) -> (Length, Length, Length, Option<Length>) {
    let row = &wall.rows[wall.row_of(key).unwrap()];
    let places = &wall.places[row.tiles.clone()];
    let at = places.iter().position(|place| place.key == key).unwrap();
    let left = places[..at].iter().map(|place| place.width + wall.frame.gap).sum();
    (left, row.top, places[at].width, places[at].height)
}

#[test]
fn old_pictures_fill_their_rows_and_the_last_row_keeps_its_height() {
    let wall = wall(1000, &[(1024, 1024); 8]);
    assert_eq!(rows(&wall), [1, 4, 3]);
    let [newest, second, third] = [&wall.rows[0], &wall.rows[1], &wall.rows[2]];
    assert_eq!(pixels(newest.height), 480, "the newest is large");
    assert_eq!(pixels(second.height), 241, "four of 240 and three gaps of 12 are 996");
    assert_eq!((pixels(third.height), third.is_full), (240, false));
}

#[test]
fn the_newest_pictures_are_large_and_share_a_row_on_a_wide_wall_alone() {
    let mut wall = VirtualScroll::default();
    let mut items: Vec<_> = (0..2).map(|index| picture(9, index, 1024, 1024)).collect();
    items.extend((1..=4).rev().map(|serial| picture(serial, 0, 1024, 1024)));
    for (width, expected, height) in [(1000, vec![2, 4], 480), (320, vec![1, 1, 2, 2], 320)] {
        wall.measure(frame(width));
        wall.hang(items.clone());
        assert_eq!(rows(&wall), expected, "{width}");
        assert!((pixels(wall.rows[0].height) - height).abs() <= 1, "{width}");
    }
    // Three pictures are few: all of them are large, and share a row where they fit.
    wall.measure(frame(1000));
    wall.hang(items[3..].to_vec());
    assert_eq!(rows(&wall), [2, 1]);
    assert_eq!(pixels(wall.rows[1].height), 480);
}

#[test]
fn no_picture_grows_beyond_its_row_where_a_wide_one_or_a_line_follows() {
    // Three are few: the wide one has a row for itself, and stays as high as the others.
    let wide = wall(1000, &[(1536, 1024), (1024, 1024), (1024, 1536)]);
    assert_eq!(rows(&wide), [1, 2]);
    assert!(wide.rows.iter().all(|row| pixels(row.height) == 480), "{:?}", wide.rows);
    let mut wall = VirtualScroll::default();
    wall.measure(frame(1000));
    let mut items = items(&[(1024, 1024); 4]);
    items[2].shape = Shape::Line;
    items[3].shape = Shape::Line;
    wall.hang(items);
    assert_eq!(rows(&wall), [1, 1, 1, 1]);
    assert_eq!(pixels(wall.rows[1].height), 240, "an older one is not larger than the newest");
}

#[test]
fn a_card_is_as_high_as_the_browser_has_measured_it() {
    let mut wall = VirtualScroll::default();
    wall.measure(frame(1000));
    wall.look(sight(-200, 600));
    let mut items = items(&[(1024, 1024); 5]);
    items[2].shape = Shape::Card;
    items[3].shape = Shape::Line;
    wall.hang(items);
    assert_eq!(rows(&wall), [1, 2, 1, 1]);
    let before = wall.height();
    wall.measure_cards(&[500 * PIXEL, 50 * PIXEL]);
    let line = wall.rows[2].height;
    assert_eq!((pixels(wall.rows[1].height), pixels(line)), (500, 50));
    assert!(wall.height() > before);
}

#[test]
fn a_wall_without_a_width_renders_some_tiles_and_no_rooms() {
    let mut wall = VirtualScroll::default();
    wall.hang(items(&[(1024, 1024); 100]));
    assert_eq!((wall.shown().len(), wall.rooms()), (24, (0, 0)));
    assert!(wall.shown().iter().all(|shown| shown.place.is_none()));
}

#[test]
fn as_many_tiles_are_rendered_of_five_thousand_as_of_five_hundred() {
    let [few, many] = [500, 5_000].map(|count| {
        let mut wall = wall(1000, &vec![(1536, 1024); count]);
        wall.look(sight(3_000, 600));
        assert!(wall.is_long());
        wall.shown().len()
    });
    assert_eq!(few, many);
    assert!(few <= 30, "{few}");
}

#[test]
fn a_tile_far_off_is_rendered_when_it_is_to_be_scrolled_to() {
    let mut wall = wall(1000, &[(1024, 1024); 300]);
    let last = TileKey { serial: 1, index: 0 };
    let has = |wall: &VirtualScroll| wall.shown().iter().any(|shown| shown.key == last);
    assert!(!has(&wall));
    wall.reveal(last);
    assert!(has(&wall));
    assert_eq!(wall.rooms().1, 0);
    wall.look(sight(-200, 600));
    assert!(!has(&wall), "nobody has scrolled there");
}

#[test]
fn what_was_added_while_somebody_looked_below_joins_the_rows_once_nobody_does() {
    let mut wall = wall(1000, &[(1024, 1024); 60]);
    wall.look(sight(1_500, 600));
    let before = rows(&wall);
    wall.hang(items(&[(1024, 1024); 61]));
    assert_eq!(rows(&wall)[1..], before[..], "each old row is as it was");
    wall.look(sight(-200, 600));
    wall.hang(items(&[(1024, 1024); 62]));
    assert_eq!(rows(&wall)[..4], [1, 4, 4, 4]);
}

proptest! {
    #[test]
    fn every_tile_has_a_place_and_no_row_is_too_wide(
        width in 200_i64..1_400, shapes in shapes(), card in 0_usize..120,
    ) {
        let mut wall = wall(width, &shapes);
        let mut cards = items(&shapes);
        if let Some(item) = cards.get_mut(card) {
            item.shape = Shape::Card;
        }
        wall.hang(cards.clone());
        let keys: Vec<_> = wall.places.iter().map(|place| place.key).collect();
        prop_assert_eq!(keys, cards.iter().map(|item| item.key).collect::<Vec<_>>());
        let mut end = 0;
        let mut bottom = -wall.frame.gap;
        for row in &wall.rows {
            prop_assert_eq!((row.tiles.start, row.top), (end, bottom + wall.frame.gap));
            let places = &wall.places[row.tiles.clone()];
            let gaps = wall.frame.gap * (Length::try_from(places.len()).unwrap() - 1);
            let taken: Length = places.iter().map(|place| place.width + place.after).sum();
            prop_assert!(places.iter().all(|place| place.width > 0));
            prop_assert!(taken + gaps < wall.frame.width);
            // No tile of the next row would have had room: whichever way browsers round, rows are these.
            prop_assert!(wall.frame.width - taken - gaps < wall.frame.gap);
            (end, bottom) = (row.tiles.end, row.bottom());
        }
        prop_assert_eq!(end, cards.len());
    }

    #[test]
    fn pictures_keep_their_shape(width in 200_i64..1_400, shapes in shapes()) {
        let wall = wall(width, &shapes);
        for (place, (wide, tall)) in wall.places.iter().zip(&shapes) {
            let height = place.height.unwrap();
            let expected = place.width * i64::from(*tall) / i64::from(*wide);
            prop_assert!((height - expected).abs() <= 4, "{} for {}", height, expected);
        }
    }

    #[test]
    fn what_is_rendered_and_the_rooms_are_the_whole_wall_and_cover_the_screen(
        width in 200_i64..1_400, shapes in shapes(), tops in prop::collection::vec(-500_i64..20_000, 1..9),
    ) {
        let mut wall = wall(width, &shapes);
        for top in tops {
            let sight = sight(top, 600);
            wall.look(sight);
            prop_assert!(!wall.needs(sight));
            let rows = &wall.rows[wall.rendered.clone()];
            prop_assert!(!rows.is_empty());
            let (before, after) = wall.rooms();
            let gap = wall.frame.gap;
            let starts = if before > 0 { before + gap } else { 0 };
            prop_assert_eq!(rows[0].top, starts);
            let ends = if after > 0 { after + gap } else { 0 };
            prop_assert_eq!(rows[rows.len() - 1].bottom() + ends, wall.height());
            let first_in_sight = wall.rows.iter().position(|row| row.bottom() > sight.top);
            let last_in_sight = wall.rows.iter().rposition(|row| row.top < sight.top + sight.height);
            for row in first_in_sight.into_iter().chain(last_in_sight) {
                let seen = wall.rows[row].bottom() > sight.top && wall.rows[row].top < sight.top + sight.height;
                prop_assert!(!seen || wall.rendered.contains(&row));
            }
        }
    }

    #[test]
    fn new_pictures_move_nothing_that_is_looked_at(
        width in 200_i64..1_400, shapes in shapes(), more in shapes(), top in 1_i64..20_000,
    ) {
        prop_assume!(shapes.len() > 3);
        let mut wall = wall(width, &shapes);
        let top = top.min(pixels(wall.height()) - 1);
        wall.look(sight(top, 600));
        let (was, anchored) = (wall.sight.top, wall.row_at(wall.sight.top));
        // The newest was large and is not any more: all below its row stays as it is.
        let below: Vec<_> = wall.keys().skip(1).map(|key| (key, lies(&wall, key))).collect();
        let mut all = more.clone();
        all.extend(&shapes);
        wall.hang(items_above(&all, shapes.len()));
        let moved = wall.sight.top - was;
        for (key, (left, top, width, height)) in below {
            let (is_left, is_top, is_width, is_height) = lies(&wall, key);
            prop_assert_eq!((is_left, is_width, is_height), (left, width, height));
            if anchored > 0 {
                prop_assert_eq!(is_top - top, moved);
            }
        }
    }
}

/// Tiles of which the last `old` have the serials that they had.
fn items_above(shapes: &[(u16, u16)], old: usize) -> Vec<Item> {
    let mut all = items(shapes);
    let new = all.len() - old;
    for (at, item) in all.iter_mut().take(new).enumerate() {
        item.key = TileKey { serial: 1_000 - u32::try_from(at).unwrap(), index: 0 };
    }
    for (at, item) in all.iter_mut().skip(new).enumerate() {
        item.key = TileKey { serial: u32::try_from(old - at).unwrap(), index: 0 };
    }
    all
}
