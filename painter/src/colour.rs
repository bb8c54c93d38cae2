//! Colour in `OKLab`, where equal steps look equal.
//!
//! Owns conversion and mixing. Must not hold a palette.

/// A colour in `OKLab`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    l: f32,
    a: f32,
    b: f32,
}

/// Red, green and blue as the screen has them, from 0 to 1.
pub(super) type Rgb = [f32; 3];

/// A colour by its lightness (0–1), chroma (0–0.3) and hue in degrees.
pub(super) fn oklch(lightness: f32, chroma: f32, hue: f32) -> Colour {
    let (sin, cos) = hue.to_radians().sin_cos();
    Colour { l: lightness, a: chroma * cos, b: chroma * sin }
}

impl Colour {
    /// This at 0, `other` at 1.
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let at = |from: f32, to: f32| from + (to - from) * share;
        Self { l: at(self.l, other.l), a: at(self.a, other.a), b: at(self.b, other.b) }
    }

    /// The same hue, lighter or darker.
    pub(super) fn lighter(self, by: f32) -> Self {
        Self { l: (self.l + by).clamp(0.0, 1.0), ..self }
    }

    /// As the screen has it; what it cannot show is clipped.
    pub(super) fn rgb(self) -> Rgb {
        let Self { l, a, b } = self;
        let cube = |x: f32| x * x * x;
        let long = cube(l + 0.396_337_78 * a + 0.215_803_76 * b);
        let middle = cube(l - 0.105_561_346 * a - 0.063_854_17 * b);
        let short = cube(l - 0.089_484_18 * a - 1.291_485_5 * b);
        [
            4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_94 * short,
            -1.268_438 * long + 2.609_757_4 * middle - 0.341_319_38 * short,
            -0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short,
        ]
        .map(|linear| {
            let linear = linear.clamp(0.0, 1.0);
            if linear <= 0.003_130_8 {
                12.92 * linear
            } else {
                1.055 * linear.powf(1.0 / 2.4) - 0.055
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_red_are_where_they_belong() {
        let close = |colour: Colour, rgb: Rgb| {
            for (found, wanted) in colour.rgb().iter().zip(rgb) {
                assert!((found - wanted).abs() < 0.01, "{:?}", colour.rgb());
            }
        };
        close(oklch(1.0, 0.0, 0.0), [1.0, 1.0, 1.0]);
        close(oklch(0.0, 0.0, 0.0), [0.0, 0.0, 0.0]);
        close(oklch(0.628, 0.2577, 29.23), [1.0, 0.0, 0.0]);
    }
}
