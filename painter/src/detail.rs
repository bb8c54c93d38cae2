//! The small things: sun, moon, stars, clouds, birds, a boat.
//!
//! Owns one drawing each. Must not decide which of them a picture has.

use super::{
    canvas::{Canvas, Paper, real},
    colour::Colour,
    palette::Palette,
    seed::SplitMix,
};

/// A point in pixels.
pub(super) type Point = (f32, f32);

/// A sun: rings of ever lighter paper, and a glow.
pub(super) fn sun(canvas: &mut Canvas, palette: &Palette, at: Point, radius: f32, rings: usize) {
    canvas.glow(at, radius * 5.0, palette.light, 0.42);
    for ring in 0..=rings {
        let share = real(ring) / real(rings.max(1));
        let radius = radius * (1.0 + 0.42 * real(rings - ring));
        let colour = palette.haze().mix(palette.light, 0.35 + 0.65 * share);
        let paper = Paper { shadow: 0.16, ..flat(colour, 20.0 * canvas.unit) };
        let opacity = if ring == rings { 1.0 } else { 0.45 + 0.25 * share };
        disc(canvas, at, radius, paper, opacity);
    }
}

/// A crescent moon in its glow.
pub(super) fn moon(canvas: &mut Canvas, palette: &Palette, at: Point, radius: f32) {
    canvas.glow(at, radius * 6.0, palette.light, 0.30);
    let (x, y) = at;
    let bounds = [x - radius, y - radius, x + radius, y + radius];
    let paper = Paper { shadow: 0.25, ..flat(palette.light, 22.0 * canvas.unit) };
    canvas.shape(bounds, paper, 1.0, |px, py| {
        let full = radius - (px - x).hypot(py - y);
        let bite = radius * 0.86 - (px - x - radius * 0.42).hypot(py - y + radius * 0.16);
        full.min(-bite)
    });
}

/// Stars, fewer and fainter towards the horizon.
pub(super) fn stars(canvas: &mut Canvas, palette: &Palette, count: usize, random: &mut SplitMix) {
    let (width, height) = canvas.extent();
    for _ in 0..count {
        let depth = random.unit() * random.unit();
        let at = (random.unit() * width, depth * height * 0.75);
        let big = random.unit();
        let radius = (0.8 + 2.2 * big * big * big) * canvas.unit;
        disc(
            canvas,
            at,
            radius,
            flat(palette.light, 0.0),
            (0.45 + 0.5 * random.unit()) * (1.0 - 0.6 * depth),
        );
    }
}

/// A cloud: round above, flat below.
pub(super) fn cloud(
    canvas: &mut Canvas,
    colour: Colour,
    at: Point,
    length: f32,
    random: &mut SplitMix,
) {
    let (left, base) = at;
    let puffs: Vec<(f32, f32, f32)> = (0..6)
        .map(|i| {
            let t = (real(i) + 0.5) / 6.0;
            let bulge = (t * std::f32::consts::PI).sin();
            let radius = length * (0.07 + 0.13 * bulge * random.between(0.7, 1.1));
            (left + length * t, base - radius * 0.35, radius)
        })
        .collect();
    let top = puffs.iter().map(|(_, y, radius)| y - radius).fold(base, f32::min);
    let paper = Paper {
        top: colour.lighter(0.02),
        bottom: colour.lighter(-0.03),
        shadow: 0.20,
        reach: 18.0 * canvas.unit,
    };
    let soft = 7.0 * canvas.unit;
    canvas.shape([left, top, left + length, base], paper, 0.94, |x, y| {
        let round = puffs
            .iter()
            .map(|(px, py, radius)| radius - (x - px).hypot(y - py))
            .fold(f32::NEG_INFINITY, f32::max);
        // Where the round meets the flat, the corner is rounded too.
        let (a, b) = (round - soft, base - y - soft);
        if a < 0.0 && b < 0.0 { soft - a.hypot(b) } else { a.min(b) + soft }
    });
}

/// A few birds far off.
pub(super) fn birds(
    canvas: &mut Canvas,
    colour: Colour,
    at: Point,
    count: usize,
    random: &mut SplitMix,
) {
    for _ in 0..count {
        let unit = canvas.unit;
        let x = at.0 + random.between(-95.0, 95.0) * unit;
        let y = at.1 + random.between(-42.0, 42.0) * unit;
        let span = random.between(9.0, 17.0) * unit;
        let bounds = [x - span, y - span * 0.6, x + span, y + span * 0.4];
        canvas.shape(bounds, flat(colour, 0.0), 0.85, |px, py| {
            let t = ((px - x) / span).abs();
            let wing = y - span * (0.75 * t * (1.35 - t)) + span * 0.2;
            1.5 * unit * (1.15 - t) - (py - wing).abs()
        });
    }
}

/// A sailing boat whose keel is at a point.
pub(super) fn boat(canvas: &mut Canvas, palette: &Palette, at: Point, tall: f32) {
    let (x, y) = at;
    let reach = 9.0 * canvas.unit;
    let sail = palette.light.lighter(0.02);
    let paper = |colour: Colour| Paper { shadow: 0.22, ..flat(colour, reach) };
    let mast = [(x, y - tall), (x, y - tall * 0.16), (x + tall * 0.46, y - tall * 0.16)];
    let jib = [
        (x - tall * 0.04, y - tall * 0.86),
        (x - tall * 0.32, y - tall * 0.16),
        (x - tall * 0.04, y - tall * 0.16),
    ];
    triangle(canvas, paper(sail), mast);
    triangle(canvas, paper(palette.accent), jib);
    let (half, deep) = (tall * 0.44, tall * 0.14);
    let bounds = [x - half, y - deep, x + half * 1.1, y + deep];
    canvas.shape(bounds, paper(palette.near.lighter(0.05)), 1.0, |px, py| {
        let down = py - (y - deep * 0.9);
        (half - (px - x).abs() - down * 0.7).min(down).min(y + deep - py)
    });
}

/// Bars of light on the water below a sun.
pub(super) fn glitter(
    canvas: &mut Canvas,
    colour: Colour,
    (x, top): Point,
    (wide, tall): (f32, f32),
    random: &mut SplitMix,
) {
    for bar in 0..9 {
        let t = (real(bar) + 0.6) / 9.0;
        let y = top + tall * t.powf(1.35);
        let half = wide * (0.35 + 0.75 * t) * random.between(0.45, 1.0);
        let thick = (1.6 + 3.6 * t) * canvas.unit;
        let x = x + wide * random.between(-0.16, 0.16);
        let bounds = [x - half, y - thick, x + half, y + thick];
        canvas.shape(bounds, flat(colour, 0.0), 0.62, |px, py| {
            thick - ((px - x).abs() - half + thick).max(0.0).hypot(py - y)
        });
    }
}

/// Paper of one colour without a shadow, that may be given one of this reach.
pub(super) const fn flat(colour: Colour, reach: f32) -> Paper {
    Paper { top: colour, bottom: colour, shadow: 0.0, reach }
}

fn disc(canvas: &mut Canvas, (x, y): Point, radius: f32, paper: Paper, opacity: f32) {
    let bounds = [x - radius, y - radius, x + radius, y + radius];
    canvas.shape(bounds, paper, opacity, |px, py| radius - (px - x).hypot(py - y));
}

/// A triangle; its corners may come in either order.
fn triangle(canvas: &mut Canvas, paper: Paper, corners: [Point; 3]) {
    let [a, b, c] = corners;
    let turn = ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).signum();
    let edges = [(a, b), (b, c), (c, a)].map(|(from, to)| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy) * turn;
        (from, dx / length, dy / length)
    });
    let ends = |pick: fn(Point) -> f32, choose: fn(f32, f32) -> f32| {
        choose(choose(pick(a), pick(b)), pick(c))
    };
    let bounds = [
        ends(|p| p.0, f32::min),
        ends(|p| p.1, f32::min),
        ends(|p| p.0, f32::max),
        ends(|p| p.1, f32::max),
    ];
    canvas.shape(bounds, paper, 1.0, |x, y| {
        edges
            .iter()
            .map(|((fx, fy), dx, dy)| dx * (y - fy) - dy * (x - fx))
            .fold(f32::INFINITY, f32::min)
    });
}
