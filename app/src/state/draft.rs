//! What the visitor asks for, as the form holds it.
//!
//! Owns the rules between the choices, the validation of the description, and the request that a draft becomes.

use contract::{
    job::JobRequest,
    money::Nano,
    options::{Background, Format, Quality, Size},
    site::Site,
};

/// A description and the choices beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The description as it was typed.
    pub prompt: String,
    /// The choices.
    pub choices: Choices,
}

/// The choices beside the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choices {
    /// The size of each picture.
    pub size: Size,
    /// The quality of each picture.
    pub quality: Quality,
    /// Pictures to make.
    pub count: u32,
    /// The file format.
    pub format: Format,
    /// Whether the background is to be transparent.
    pub transparent: bool,
}

/// Why a draft cannot be sent, or what else the form has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// There is no description.
    Empty,
    /// The description is longer than the site takes.
    TooLong {
        /// Characters that it has.
        chars: u32,
        /// Characters that it may have.
        max: u32,
    },
    /// Little more fits.
    Near {
        /// Characters that it has.
        chars: u32,
        /// Characters that it may have.
        max: u32,
    },
    /// As many pictures are being made and wait as may.
    OneAtATime,
    /// Fewer pictures are left than are asked for.
    Fewer(u32),
    /// There is no room for another picture to start from.
    TooManyPictures,
    /// What was given is no picture that can be read.
    NoPicture,
    /// The browser's canvas cannot be trusted with a picture.
    CanvasBlocked,
    /// A picture of the wall cannot be had.
    PictureAway,
    /// What a job started from has not outlived a reload.
    PicturesForgotten,
    /// The visitor has cancelled, and so many pictures count all the same.
    Cancelled(u32),
    /// The edge has another release: a reload brings it.
    Updated,
    /// The lazy part of the program did not come.
    PartMissing,
}

impl Note {
    /// Whether nothing is wrong.
    pub(crate) const fn is_calm(self) -> bool {
        matches!(self, Self::Near { .. } | Self::Cancelled(_))
    }

    /// Whether it is about the studio itself: then it is seen wherever the visitor is.
    pub(crate) const fn is_about_the_studio(self) -> bool {
        matches!(self, Self::Updated | Self::PartMissing)
    }

    /// Whether it is about the text in the prompt, which is what `aria-invalid` says.
    pub(crate) const fn is_invalid(self) -> bool {
        matches!(self, Self::Empty | Self::TooLong { .. })
    }
}

impl Choices {
    /// The site's defaults, as the edge renders them.
    pub(crate) fn of(site: &Site) -> Self {
        Self {
            size: site.default_size,
            quality: site.default_quality,
            count: 1,
            format: site.formats.first().copied().unwrap_or(Format::Webp),
            transparent: false,
        }
    }

    /// Chooses a size, if the site offers it.
    pub(crate) fn choose_size(&mut self, site: &Site, chosen: Size) {
        if site.sizes.contains(&chosen) {
            self.size = chosen;
        }
    }

    /// Chooses a quality, if the site offers it.
    pub(crate) fn choose_quality(&mut self, site: &Site, quality: Quality) {
        if site.qualities.contains(&quality) {
            self.quality = quality;
        }
    }

    /// Chooses a number of pictures, if the site offers it.
    pub(crate) fn choose_count(&mut self, site: &Site, count: u32) {
        if (1..=site.max_count).contains(&count) {
            self.count = count;
        }
    }

    /// Chooses a format, if the site offers it. A JPEG has no transparency.
    pub(crate) fn choose_format(&mut self, site: &Site, format: Format) {
        if site.formats.contains(&format) && !(self.transparent && format == Format::Jpeg) {
            self.format = format;
        }
    }

    /// Chooses a transparent background, if the site offers it; then the format is one that has it.
    pub(crate) fn choose_transparent(&mut self, site: &Site, transparent: bool) {
        let other = site.formats.iter().find(|format| **format != Format::Jpeg);
        let offered = site.backgrounds.contains(&Background::Transparent);
        self.transparent = transparent && offered && other.is_some();
        if let (true, Format::Jpeg, Some(other)) = (self.transparent, self.format, other) {
            self.format = *other;
        }
    }
}

impl Draft {
    /// The draft of a visitor who has done nothing yet.
    pub(crate) fn of(site: &Site) -> Self {
        Self { prompt: String::new(), choices: Choices::of(site) }
    }

    /// The body of `POST /v1/jobs`. What the site offers no choice of is left to the edge.
    pub(crate) fn request(&self, site: &Site) -> JobRequest {
        let Choices { size, quality, count, format, transparent } = self.choices;
        JobRequest {
            prompt: self.prompt.trim().to_owned(),
            count: Some(count),
            size: Some(size),
            quality: Some(quality),
            background: transparent.then_some(Background::Transparent),
            format: (site.formats.len() > 1).then_some(format),
            compression: None,
        }
    }
}

impl Draft {
    /// Whether this is what it asks for. Where one of both leaves a choice to the edge, that choice does not count.
    pub(crate) fn asks_for(&self, site: &Site, asked: &JobRequest) -> bool {
        let own = self.request(site);
        let see_through =
            |request: &JobRequest| request.background == Some(Background::Transparent);
        (&own.prompt, own.count, own.size, own.quality)
            == (&asked.prompt, asked.count, asked.size, asked.quality)
            && see_through(&own) == see_through(asked)
            && own.format.zip(asked.format).is_none_or(|(own, asked)| own == asked)
    }
}

/// About what these choices will cost, where the site shows it.
pub(crate) fn estimate(site: &Site, choices: &Choices) -> Option<Nano> {
    let estimates = site.estimates.as_deref()?;
    let own = estimates.iter().find(|it| it.size == choices.size && it.quality == choices.quality);
    own?.usd?.checked_mul(choices.count.into())
}

/// Whether a description is longer than `max` Unicode scalar values after trimming.
pub(crate) fn too_long(prompt: &str, max: u32) -> Option<Note> {
    length(prompt, max).filter(|note| !note.is_calm())
}

/// The same, or that it is nearly so long: then there is a tenth left, or less.
pub(crate) fn length(prompt: &str, max: u32) -> Option<Note> {
    let chars = u32::try_from(prompt.trim().chars().count()).unwrap_or(u32::MAX);
    let Some(room) = max.checked_sub(chars) else { return Some(Note::TooLong { chars, max }) };
    (room <= max / 10).then_some(Note::Near { chars, max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::site;

    #[test]
    fn a_request_names_what_was_chosen_and_leaves_the_rest_to_the_edge() {
        let site = Site { formats: vec![Format::Webp, Format::Png], ..site() };
        let mut draft =
            Draft { prompt: "  a \"red\" fox\nin 😀 snow ".to_owned(), ..Draft::of(&site) };
        draft.choices.count = 2;
        let request = draft.request(&site);
        assert_eq!(request.prompt, "a \"red\" fox\nin 😀 snow");
        assert_eq!((request.count, request.format), (Some(2), Some(Format::Webp)));
        assert_eq!((request.background, request.compression), (None, None));
        let one = Site { formats: vec![Format::Webp], ..site };
        assert_eq!(draft.request(&one).format, None, "the form has no such choice");
    }

    #[test]
    fn a_jpeg_is_never_transparent() {
        let formats = vec![Format::Jpeg, Format::Png];
        let backgrounds = vec![Background::Auto, Background::Transparent];
        let site = Site { formats, backgrounds, ..site() };
        let mut choices = Choices::of(&site);
        assert_eq!(choices.format, Format::Jpeg);
        choices.choose_transparent(&site, true);
        assert_eq!((choices.format, choices.transparent), (Format::Png, true));
        choices.choose_format(&site, Format::Jpeg);
        assert_eq!(choices.format, Format::Png);
        choices.choose_transparent(&site, false);
        choices.choose_format(&site, Format::Jpeg);
        assert_eq!(choices.format, Format::Jpeg);
        let only = Site { formats: vec![Format::Jpeg], ..site };
        choices.choose_transparent(&only, true);
        assert!(!choices.transparent, "nothing that the site offers has it");
    }

    #[test]
    fn what_is_not_on_offer_is_not_chosen() {
        let site = site();
        let before = Choices::of(&site);
        let mut choices = before;
        choices.choose_size(&site, Size { width: 7, height: 7 });
        choices.choose_count(&site, 0);
        choices.choose_count(&site, site.max_count + 1);
        assert_eq!(choices, before);
    }

    #[test]
    fn an_estimate_is_count_times_price() {
        let site = site();
        let price = |quality, count, size| {
            estimate(&site, &Choices { size, quality, count, ..Choices::of(&site) })
        };
        let square = Size { width: 1024, height: 1024 };
        assert_eq!(price(Quality::Medium, 1, square), Some(Nano(11_034_000)));
        assert_eq!(price(Quality::Low, 4, square), Some(Nano(20_104_000)));
        assert_eq!(price(Quality::High, 1, square), None, "its price is hidden");
        assert_eq!(price(Quality::Low, 1, Size { width: 1536, height: 1024 }), None);
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        assert_eq!(too_long("  😀😀  ", 2), None);
        assert_eq!(too_long("😀😀😀", 2), Some(Note::TooLong { chars: 3, max: 2 }));
    }

    #[test]
    fn the_last_tenth_is_counted() {
        let note = |chars| length(&"é".repeat(chars), 30);
        assert_eq!(note(26), None);
        assert_eq!(note(27), Some(Note::Near { chars: 27, max: 30 }));
        assert_eq!(note(30), Some(Note::Near { chars: 30, max: 30 }));
        assert_eq!(note(31), Some(Note::TooLong { chars: 31, max: 30 }));
        assert_eq!(too_long(&"é".repeat(30), 30), None);
    }
}
