//! The viewer's zoom and pan.
//!
//! Owns the calculation alone: what a wheel, two fingers, a double click or a key do. Must not know an element; the
//! stage's size and every point come from outside, in CSS pixels.

/// How many times as large as the whole picture it can be.
const NEAREST: f64 = 8.0;
/// What a key, or a part of a double click, multiplies by.
const STEP: f64 = 1.5;
/// How far an arrow key moves what is near.
const ARROW: f64 = 80.0;
/// A finger's way across, from which on it turns the page.
const SWIPE: f64 = 50.0;
/// What a notch of a wheel does, and what the same number means where a trackpad says that two fingers spread.
const WHEEL: f64 = -0.002;
const SPREAD: f64 = -0.01;

/// A point, from the middle of the stage; or a way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Where the picture lies on the stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Zoom {
    /// 1 shows the whole picture.
    pub scale: f64,
    /// Where its middle is.
    pub at: Point,
}

impl Default for Zoom {
    fn default() -> Self {
        Self { scale: 1.0, at: Point::default() }
    }
}

impl Zoom {
    /// Whether a part of the picture is out of sight.
    pub(crate) fn is_near(self) -> bool {
        self.scale > 1.0
    }

    /// Moves the picture, as far as it still covers the stage (`size`: its width and height).
    fn moved(self, by: Point, size: Point) -> Self {
        let room = |side: f64| (side * (self.scale - 1.0) / 2.0).max(0.0);
        let within = |at: f64, side: f64| at.clamp(-room(side), room(side));
        let at = Point { x: within(self.at.x + by.x, size.x), y: within(self.at.y + by.y, size.y) };
        Self { at, ..self }
    }

    /// Goes nearer or further off; what lies under `fixed` stays there.
    fn scaled(self, by: f64, fixed: Point, size: Point) -> Self {
        let scale = (self.scale * by).clamp(1.0, NEAREST);
        let by = scale / self.scale;
        let away = |fixed: f64, at: f64| (fixed - at) * (1.0 - by);
        let way = Point { x: away(fixed.x, self.at.x), y: away(fixed.y, self.at.y) };
        Self { scale, ..self }.moved(way, size)
    }

    /// A wheel turns by `delta`; `spreads`: a trackpad says by it that two fingers spread.
    pub(crate) fn wheel(self, delta: f64, spreads: bool, at: Point, size: Point) -> Self {
        let each = if spreads { SPREAD } else { WHEEL };
        self.scaled((delta * each).exp(), at, size)
    }

    /// A double click goes near, or back.
    pub(crate) fn double_click(self, at: Point, size: Point) -> Self {
        if self.is_near() { Self::default() } else { self.scaled(2.0 * STEP, at, size) }
    }

    /// A key of this name is pressed; `None` if it means nothing here. While the whole picture is seen, arrows turn pages.
    pub(crate) fn key(self, key: &str, size: Point) -> Option<Self> {
        let arrow = |x: f64, y: f64| {
            let by = Point { x: x * ARROW, y: y * ARROW };
            self.is_near().then(|| self.moved(by, size))
        };
        match key {
            "+" | "=" => Some(self.scaled(STEP, Point::default(), size)),
            "-" => Some(self.scaled(1.0 / STEP, Point::default(), size)),
            "0" => Some(Self::default()),
            "ArrowLeft" => arrow(1.0, 0.0),
            "ArrowRight" => arrow(-1.0, 0.0),
            "ArrowUp" => arrow(0.0, 1.0),
            "ArrowDown" => arrow(0.0, -1.0),
            _ => None,
        }
    }
}

/// The fingers, or the pressed mouse, that are on the stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fingers {
    /// Each by the browser's number for it, where it is now.
    down: Vec<(i32, Point)>,
    /// Where the only one began, while it may still turn the page.
    began: Option<Point>,
}

impl Fingers {
    /// One more is down.
    pub(crate) fn pressed(&mut self, id: i32, at: Point, zoom: Zoom) {
        self.down.retain(|(own, _)| *own != id);
        self.down.push((id, at));
        self.began = Some(at).filter(|_| self.down.len() == 1 && !zoom.is_near());
    }

    /// One has moved: alone it moves what is near; what two hold stays between them.
    pub(crate) fn moved(&mut self, id: i32, to: Point, zoom: Zoom, size: Point) -> Zoom {
        let Some(own) = self.down.iter_mut().find(|(own, _)| *own == id) else { return zoom };
        let was = std::mem::replace(&mut own.1, to);
        let other = self.down.iter().find(|(own, _)| *own != id);
        let Some((_, other)) = other else {
            let by = Point { x: to.x - was.x, y: to.y - was.y };
            return if zoom.is_near() { zoom.moved(by, size) } else { zoom };
        };
        let apart = |one: Point| (one.x - other.x).hypot(one.y - other.y).max(1.0);
        let middle = Point { x: f64::midpoint(to.x, other.x), y: f64::midpoint(to.y, other.y) };
        zoom.scaled(apart(to) / apart(was), middle, size)
    }

    /// One is gone. The sign of a way across that turns the page: above 0 it went to the right.
    pub(crate) fn released(&mut self, id: i32, at: Point, zoom: Zoom) -> Option<f64> {
        self.down.retain(|(own, _)| *own != id);
        let began = self.began.take().filter(|_| !zoom.is_near())?;
        let (x, y) = (at.x - began.x, at.y - began.y);
        (x.abs() > SWIPE.max(y.abs())).then(|| x.signum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: Point = Point { x: 400.0, y: 300.0 };
    const MIDDLE: Point = Point { x: 0.0, y: 0.0 };

    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-6
    }

    /// The place of the whole picture that lies under a point of the stage.
    fn under(zoom: Zoom, at: Point) -> Point {
        point((at.x - zoom.at.x) / zoom.scale, (at.y - zoom.at.y) / zoom.scale)
    }

    fn key(zoom: Zoom, key: &str) -> Zoom {
        zoom.key(key, SIZE).unwrap()
    }

    #[test]
    fn a_wheel_goes_near_where_it_points() {
        let at = point(120.0, -40.0);
        let near = Zoom::default().wheel(-400.0, false, at, SIZE);
        assert!(
            near.scale > 2.0 && close(under(near, at).x, at.x) && close(under(near, at).y, at.y)
        );
        let spread = Zoom::default().wheel(-10.0, true, at, SIZE);
        assert!(close(spread.scale, 0.1_f64.exp()));
        assert_eq!(near.wheel(1e6, false, at, SIZE), Zoom::default(), "the whole is the furthest");
        assert!(close(near.wheel(-1e6, false, at, SIZE).scale, NEAREST));
    }

    #[test]
    fn a_double_click_goes_near_and_back() {
        let at = point(-100.0, 100.0);
        let near = Zoom::default().double_click(at, SIZE);
        assert!(close(near.scale, 3.0) && close(under(near, at).x, at.x));
        assert_eq!(near.double_click(at, SIZE), Zoom::default());
    }

    #[test]
    fn keys_go_nearer_move_what_is_near_and_go_back() {
        let near = key(Zoom::default(), "+");
        assert!(close(near.scale, 1.5));
        assert_eq!(key(near, "=").key("-", SIZE), Some(near));
        assert!(close(key(near, "ArrowRight").at.x, -80.0));
        assert!(close(key(near, "ArrowLeft").at.x, 80.0));
        assert!(close(key(near, "ArrowUp").at.y, 75.0), "no further than the picture reaches");
        assert!(close(key(near, "ArrowDown").at.y, -75.0));
        assert_eq!(key(near, "0"), Zoom::default());
        assert_eq!(Zoom::default().key("ArrowLeft", SIZE), None, "it turns the page");
        assert_eq!(near.key("a", SIZE), None);
    }

    #[test]
    fn two_fingers_hold_what_is_between_them() {
        let (mut fingers, whole) = (Fingers::default(), Zoom::default());
        fingers.pressed(1, point(-50.0, 0.0), whole);
        fingers.pressed(2, point(50.0, 0.0), whole);
        let zoom = fingers.moved(2, point(150.0, 0.0), whole, SIZE);
        assert!(close(zoom.scale, 2.0));
        assert_eq!(fingers.released(2, point(150.0, 0.0), zoom), None);
        let moved = fingers.moved(1, point(-40.0, 5.0), zoom, SIZE);
        assert!(close(moved.at.x, zoom.at.x + 10.0) && close(moved.at.y, zoom.at.y + 5.0));
        assert_eq!(
            fingers.released(1, point(300.0, 0.0), moved),
            None,
            "it has moved what is near"
        );
        assert_eq!(fingers.moved(7, MIDDLE, moved, SIZE), moved, "this one never came");
    }

    #[test]
    fn a_finger_across_turns_the_page() {
        let swipe = |to: Point, zoom: Zoom| {
            let mut fingers = Fingers::default();
            fingers.pressed(1, MIDDLE, zoom);
            let zoom = fingers.moved(1, to, zoom, SIZE);
            fingers.released(1, to, zoom)
        };
        let whole = Zoom::default();
        assert_eq!(swipe(point(60.0, 20.0), whole), Some(1.0));
        assert_eq!(swipe(point(-60.0, 20.0), whole), Some(-1.0));
        assert_eq!(swipe(point(-60.0, 70.0), whole), None, "that was down");
        assert_eq!(swipe(point(40.0, 0.0), whole), None, "that was a press");
        assert_eq!(swipe(point(60.0, 0.0), key(whole, "+")), None, "that moved what is near");
    }

    proptest! {
        #[test]
        fn the_picture_covers_the_stage_whatever_is_done(
            acts in prop::collection::vec((0_u8..4, -500.0_f64..500.0, -500.0_f64..500.0), 0..40)
        ) {
            let (mut zoom, mut fingers) = (Zoom::default(), Fingers::default());
            for (act, x, y) in acts {
                let at = point(x, y);
                zoom = match act {
                    0 => zoom.wheel(x, y > 0.0, at, SIZE),
                    1 => zoom.double_click(at, SIZE),
                    2 => {
                        fingers.pressed(i32::from(x > 0.0), at, zoom);
                        fingers.moved(i32::from(y > 0.0), point(y, x), zoom, SIZE)
                    }
                    _ => zoom.key(if x > 0.0 { "ArrowUp" } else { "ArrowLeft" }, SIZE).unwrap_or(zoom),
                };
                prop_assert!((1.0..=NEAREST).contains(&zoom.scale), "{zoom:?}");
                prop_assert!(zoom.at.x.abs() <= SIZE.x * (zoom.scale - 1.0) / 2.0 + 1e-9, "{zoom:?}");
                prop_assert!(zoom.at.y.abs() <= SIZE.y * (zoom.scale - 1.0) / 2.0 + 1e-9, "{zoom:?}");
            }
        }
    }
}
