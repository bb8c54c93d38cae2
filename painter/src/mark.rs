//! The word SAMPLE in a corner, so that nobody takes a picture of the sandbox for the model's.
//!
//! Owns a font of five letters, as strokes. Must not be drawn before the grain: it lies on the paper.

use super::{
    canvas::{Canvas, Paper, real},
    colour::oklch,
    detail::flat,
};

/// Strokes on a grid four wide and six high.
type Strokes = &'static [&'static [(f32, f32)]];

const WORD: [Strokes; 6] = [
    // S
    &[&[
        (3.8, 0.8),
        (3.0, 0.0),
        (1.0, 0.0),
        (0.2, 0.8),
        (0.2, 2.1),
        (1.0, 2.9),
        (3.0, 3.1),
        (3.8, 3.9),
        (3.8, 5.2),
        (3.0, 6.0),
        (1.0, 6.0),
        (0.2, 5.2),
    ]],
    // A
    &[&[(0.0, 6.0), (2.0, 0.0), (4.0, 6.0)], &[(0.8, 4.0), (3.2, 4.0)]],
    // M
    &[&[(0.0, 6.0), (0.0, 0.0), (2.0, 3.6), (4.0, 0.0), (4.0, 6.0)]],
    // P
    &[&[(0.2, 6.0), (0.2, 0.0), (2.8, 0.0), (3.8, 0.9), (3.8, 2.4), (2.8, 3.3), (0.2, 3.3)]],
    // L
    &[&[(0.4, 0.0), (0.4, 6.0), (3.6, 6.0)]],
    // E
    &[&[(3.6, 0.0), (0.4, 0.0), (0.4, 6.0), (3.6, 6.0)], &[(0.4, 3.0), (3.0, 3.0)]],
];

/// Stamps the word into the upper right corner: along the lower edge the studio says that a picture is made by AI, and
/// what can be done with it.
pub(super) fn stamp(canvas: &mut Canvas) {
    let (width, _) = canvas.extent();
    let cell = 2.2 * canvas.unit;
    let step = cell * 6.1;
    let long = step * real(WORD.len() - 1) + cell * 4.0;
    let (left, top) = (width - long - 26.0 * canvas.unit, 26.0 * canvas.unit);
    let ink = Paper { shadow: 0.45, ..flat(oklch(0.98, 0.01, 90.0), 5.0 * canvas.unit) };
    for (index, letter) in WORD.iter().enumerate() {
        let x = left + step * real(index);
        let bounds = [x - cell, top - cell, x + cell * 5.0, top + cell * 7.0];
        canvas.shape(bounds, ink, 0.86, |px, py| {
            let (u, v) = ((px - x) / cell, (py - top) / cell);
            let near = letter
                .iter()
                .flat_map(|stroke| stroke.windows(2))
                .map(|pair| distance((u, v), pair[0], pair[1]))
                .fold(f32::INFINITY, f32::min);
            (0.46 - near) * cell
        });
    }
}

/// From a point to a line between two points.
fn distance((x, y): (f32, f32), a: (f32, f32), b: (f32, f32)) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let along = ((x - a.0) * dx + (y - a.1) * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    (x - a.0 - along * dx).hypot(y - a.1 - along * dy)
}
