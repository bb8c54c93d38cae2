//! Motifs: what a picture shows, and how its layers are composed.
//!
//! Owns composition. Must not hold colours or draw shapes itself.

mod sheet;

use super::{
    canvas::{Canvas, Paper, real, whole},
    detail,
    palette::Palette,
    ridge::{self, Ridge},
    seed::SplitMix,
};
use contract::options::Quality;
use sheet::Sheet;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Hills,
    Sea,
    Dunes,
    Mountains,
    Night,
}

/// Words of a prompt that ask for a motif; the earlier line wins.
const WORDS: [(Motif, &[&str]); 5] = [
    (Motif::Night, &["night", "moon", "star", "midnight", "dark", "dream", "space", "aurora"]),
    (
        Motif::Sea,
        &[
            "sea",
            "ocean",
            "beach",
            "boat",
            "ship",
            "wave",
            "island",
            "lighthouse",
            "fish",
            "whale",
            "harbor",
            "harbour",
            "coast",
            "sail",
        ],
    ),
    (Motif::Dunes, &["desert", "dune", "sand", "camel", "sahara", "mars", "canyon"]),
    (Motif::Mountains, &["mountain", "peak", "alps", "snow", "summit", "ski", "winter", "wolf"]),
    (
        Motif::Hills,
        &["hill", "field", "meadow", "forest", "garden", "spring", "tree", "valley", "fox"],
    ),
];

impl Motif {
    /// The motif that the prompt's words select, or a random one.
    pub(super) fn of(prompt: &str, random: &mut SplitMix) -> Self {
        let prompt = prompt.to_lowercase();
        let words: Vec<&str> = prompt.split(|c: char| !c.is_alphabetic()).collect();
        let asked = |known: &&str| {
            words
                .iter()
                .any(|word| word.strip_suffix('s').unwrap_or(word) == *known || word == known)
        };
        let any = random.pick(&[Self::Hills, Self::Sea, Self::Dunes, Self::Mountains, Self::Night]);
        WORDS.iter().find(|(_, known)| known.iter().any(&asked)).map_or(any, |(motif, _)| *motif)
    }

    /// Draws everything but the grain and the mark.
    pub(super) fn draw(
        self,
        canvas: &mut Canvas,
        palette: &Palette,
        quality: Quality,
        random: &mut SplitMix,
    ) {
        let (width, height) = canvas.extent();
        let layers = match quality {
            Quality::Low => 4,
            Quality::Medium => 5,
            Quality::High => 7,
        };
        let detailed = quality != Quality::Low;
        let sheet = Sheet { width, height, unit: canvas.unit, layers, detailed };
        canvas.sky(&palette.sky);
        match self {
            Self::Hills => hills(canvas, palette, &sheet, random),
            Self::Sea => sea(canvas, palette, &sheet, random),
            Self::Dunes => dunes(canvas, palette, &sheet, random),
            Self::Mountains => mountains(canvas, palette, &sheet, random),
            Self::Night => night(canvas, palette, &sheet, random),
        }
    }
}

fn hills(canvas: &mut Canvas, palette: &Palette, sheet: &Sheet, random: &mut SplitMix) {
    let at = sheet.light(random.between(0.27, 0.40), random);
    detail::sun(canvas, palette, at, random.between(62.0, 92.0) * sheet.unit, 2);
    sheet.clouds(canvas, palette, 3, random);
    sheet.birds(canvas, palette, random);
    for index in 0..sheet.layers {
        let base = sheet.base(index, 0.53, 0.91);
        let line = ridge::swells(sheet.columns(), random.between(0.55, 1.15), random);
        let near = index + 2 >= sheet.layers;
        let tall = 40.0 + 24.0 * real(index);
        let count = if near { 14 } else { 9 };
        let wooded = sheet.detailed && index > 0 && random.chance(if near { 0.8 } else { 0.4 });
        let edge = sheet.edge(line, base, 0.062);
        sheet.lay(canvas, palette, index, edge, wooded.then_some((count, tall)), random);
    }
}

fn mountains(canvas: &mut Canvas, palette: &Palette, sheet: &Sheet, random: &mut SplitMix) {
    let at = sheet.light(random.between(0.22, 0.34), random);
    detail::sun(canvas, palette, at, random.between(50.0, 80.0) * sheet.unit, 2);
    sheet.clouds(canvas, palette, 2, random);
    sheet.birds(canvas, palette, random);
    for index in 0..sheet.layers {
        let base = sheet.base(index, 0.50, 0.93);
        let near = index + 1 == sheet.layers;
        let peaks = random.between(2.2, 3.4) + 0.5 * real(index);
        let line = if near {
            ridge::swells(sheet.columns(), 0.8, random)
        } else {
            ridge::crags(sheet.columns(), peaks, random)
        };
        let swing = if near { 0.04 } else { 0.17 - 0.016 * real(index) };
        let edge = sheet.edge(line, base, swing);
        let wooded = sheet.detailed && index + 2 >= sheet.layers;
        let (count, tall) = if near { (26, 170.0) } else { (30, 80.0) };
        if index < 2 {
            snow(canvas, palette, sheet, index, &edge, random);
            continue;
        }
        sheet.lay(canvas, palette, index, edge, wooded.then_some((count, tall)), random);
    }
}

/// A far layer whose peaks are white: the whole ridge in snow, and on it the same ridge cut off at the snow line.
fn snow(
    canvas: &mut Canvas,
    palette: &Palette,
    sheet: &Sheet,
    index: usize,
    edge: &[f32],
    random: &mut SplitMix,
) {
    let paper = sheet.paper(palette, index);
    let white = palette.light.mix(palette.far, 0.18).lighter(0.03);
    let ridge = Ridge::new(edge.to_vec(), whole(12.0 * sheet.unit, 64));
    canvas.ridge(&ridge, Paper { top: white, bottom: white, ..paper });
    let line = ridge.top() + sheet.height * random.between(0.055, 0.085);
    let teeth =
        ridge::zigzag(edge.len(), random.between(17.0, 25.0) * sheet.width / sheet.height, random);
    let bare =
        edge.iter().zip(teeth).map(|(edge, tooth)| edge.max(line + tooth * 0.013 * sheet.height));
    let rock = Paper { shadow: 0.10, reach: 9.0 * sheet.unit, ..paper };
    canvas.ridge(&Ridge::new(bare.collect(), 2), rock);
}

fn dunes(canvas: &mut Canvas, palette: &Palette, sheet: &Sheet, random: &mut SplitMix) {
    let at = sheet.light(random.between(0.30, 0.42), random);
    detail::sun(canvas, palette, at, random.between(80.0, 120.0) * sheet.unit, 3);
    sheet.birds(canvas, palette, random);
    for index in 0..sheet.layers {
        let base = sheet.base(index, 0.60, 1.0);
        let count = (2.6 - 0.26 * real(index)).max(0.9);
        let line = ridge::dunes(sheet.columns(), count * random.between(0.85, 1.15), random);
        let edge = sheet.edge(line, base, 0.085 + 0.022 * real(index));
        sheet.lay(canvas, palette, index, edge, None, random);
    }
}

fn night(canvas: &mut Canvas, palette: &Palette, sheet: &Sheet, random: &mut SplitMix) {
    detail::stars(canvas, palette, if sheet.detailed { 170 } else { 80 }, random);
    let at = sheet.light(random.between(0.20, 0.32), random);
    detail::moon(canvas, palette, at, random.between(62.0, 88.0) * sheet.unit);
    for index in 0..sheet.layers {
        let base = sheet.base(index, 0.58, 0.94);
        let far = index < sheet.layers / 2;
        let line = if far {
            ridge::crags(sheet.columns(), random.between(2.8, 4.6), random)
        } else {
            ridge::swells(sheet.columns(), random.between(0.6, 1.1), random)
        };
        let edge = sheet.edge(line, base, if far { 0.13 } else { 0.05 });
        let count = 12 + 4 * index;
        let tall = 34.0 + 24.0 * real(index);
        sheet.lay(canvas, palette, index, edge, (!far).then_some((count, tall)), random);
    }
}

fn sea(canvas: &mut Canvas, palette: &Palette, sheet: &Sheet, random: &mut SplitMix) {
    let horizon = random.between(0.50, 0.57);
    let radius = random.between(88.0, 130.0) * sheet.unit;
    let at = sheet.light(horizon - random.between(0.02, 0.11), random);
    detail::sun(canvas, palette, at, radius, 2);
    sheet.clouds(canvas, palette, 3, random);
    sheet.birds(canvas, palette, random);
    // An island on the horizon, on the side away from the sun, and the still water far out.
    let middle = if at.0 < sheet.width / 2.0 { 0.80 } else { 0.20 };
    let shape = ridge::crags(sheet.columns(), 9.0, random);
    let island = shape
        .into_iter()
        .enumerate()
        .map(|(x, rise)| {
            let off = (real(x) / sheet.width - middle) / 0.26;
            let bulk = (1.0 - off * off).max(0.0);
            sheet.height * (horizon + 0.012 - bulk * (0.075 + 0.035 * rise))
        })
        .collect();
    let land = Paper { shadow: 0.12, ..detail::flat(palette.layer(0.30), 18.0 * sheet.unit) };
    canvas.ridge(&Ridge::new(island, 8), land);
    let flat = sheet.edge(vec![0.0; sheet.columns()], horizon, 0.0);
    sheet.lay(canvas, palette, 0, flat, None, random);
    let (top, tall) = (sheet.height * (horizon + 0.006), sheet.height * 0.14);
    detail::glitter(canvas, palette.light, (at.0, top), (radius, tall), random);
    let afloat = if sheet.detailed { random.pick(&[1usize, 2]) } else { usize::MAX };
    for index in 1..sheet.layers {
        let base = sheet.base(index, horizon + 0.055, 0.97);
        let count = 9.5 - 5.5 * real(index) / real(sheet.layers);
        let line = ridge::waves(sheet.columns(), count * random.between(0.9, 1.1), random);
        let edge = sheet.edge(line, base, 0.016 + 0.007 * real(index));
        if index == afloat {
            let x = sheet.width - at.0 + sheet.width * random.between(-0.08, 0.08);
            let span = 50.0 * sheet.unit;
            let under = &edge[whole(x - span, edge.len() - 1)..whole(x + span, edge.len())];
            // It floats on the highest crest below it.
            let y = under.iter().copied().fold(sheet.height, f32::min) + 7.0 * sheet.unit;
            detail::boat(canvas, palette, (x, y), 120.0 * sheet.unit);
        }
        sheet.lay(canvas, palette, index, edge, None, random);
    }
}
