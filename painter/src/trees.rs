//! Pines: tiers of triangles on a ridge, of the same paper as the ridge.
//!
//! Owns where they stand and how they look. Must not know the ridge's colours: it is given them.

use super::{
    canvas::{Canvas, Paper, real, whole},
    detail::Point,
    ridge::Ridge,
    seed::SplitMix,
};

/// Some pines on a ridge.
#[derive(Debug)]
pub(super) struct Grove(Vec<Pine>);

#[derive(Debug, Clone, Copy)]
struct Pine {
    foot: Point,
    tall: f32,
    half: f32,
}

impl Grove {
    /// `count` pines of up to `tall` pixels, in clumps.
    pub(super) fn plant(ridge: &Ridge, count: usize, tall: f32, random: &mut SplitMix) -> Self {
        let width = real(ridge.edge.len());
        let clumps: Vec<f32> = (0..=count / 5).map(|_| random.unit()).collect();
        let pines = (0..count).map(|_| {
            // The sum of two random numbers is near the clump's middle more often than at its edge.
            let off = (random.unit() + random.unit() - 1.0) * 0.17;
            let x = ((random.pick(&clumps) + off).rem_euclid(1.0)) * width;
            let tall = tall * random.between(0.5, 1.0);
            let y = ridge.edge[whole(x, ridge.edge.len() - 1)] + tall * 0.05;
            Pine { foot: (x, y), tall, half: tall * random.between(0.17, 0.23) }
        });
        Self(pines.collect())
    }

    /// Draws every pine in this paper's colour at its foot.
    pub(super) fn draw(&self, canvas: &mut Canvas, paper: Paper, top: f32) {
        let height = canvas.extent().1;
        for pine in &self.0 {
            let share = ((pine.foot.1 - top) / (height - top).max(1.0)).clamp(0.0, 1.0);
            let colour = paper.top.mix(paper.bottom, share);
            pine.draw(canvas, Paper { top: colour, bottom: colour, ..paper });
        }
    }
}

impl Pine {
    fn draw(self, canvas: &mut Canvas, paper: Paper) {
        let Self { foot: (x, y), tall, half } = self;
        // Apex, base and half width of each tier, from the tip down, in parts of the tree.
        let tiers =
            [(0.0, 0.36, 0.46), (0.17, 0.60, 0.72), (0.38, 1.0, 1.0)].map(|(apex, base, wide)| {
                let (apex, base) = (y - tall * (1.0 - apex), y - tall * (1.0 - base));
                let (run, rise) = (half * wide, base - apex);
                let length = run.hypot(rise);
                (apex, base, run / length, rise / length)
            });
        let bounds = [x - half, y - tall, x + half, y];
        canvas.shape(bounds, paper, 1.0, |px, py| {
            let off = (px - x).abs();
            tiers
                .iter()
                .map(|(apex, base, run, rise)| {
                    // Above a sharp tip its sides seem near for long: the last term is for the shadow.
                    (base - py).min((py - apex) * run - off * rise).min(py - apex)
                })
                .fold(f32::NEG_INFINITY, f32::max)
        });
    }
}
