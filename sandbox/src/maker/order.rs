//! An order that the model's maker accepts (gateway.md §8.1), with every `auto` resolved.
//!
//! Owns the maker's rules and its words for breaking them. Must not know the gateway.

use crate::{errors::Upstream, paint::Subject, tokens};
use contract::options::{Background, Format, Quality, Size};
use std::str::FromStr;

/// The longest prompt, in Unicode scalar values.
const LONGEST_PROMPT: usize = 32_000;

/// The most pictures of one request.
const MOST: u64 = 10;

/// What somebody asks for, in the maker's own words.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    pub(crate) prompt: String,
    pub(crate) count: u64,
    pub(crate) size: Option<String>,
    pub(crate) quality: Option<String>,
    pub(crate) background: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) compression: Option<i64>,
}

/// What is to be painted.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) prompt: String,
    pub(crate) count: u32,
    pub(crate) size: Size,
    pub(crate) quality: Quality,
    pub(crate) transparent: bool,
    pub(crate) format: Format,
    /// 0 to 100; 100 is the best.
    pub(crate) compression: u8,
    /// Tokens of one picture.
    pub(crate) picture_tokens: u64,
}

impl Order {
    /// Applies the maker's rules.
    pub(crate) fn place(wishes: Wishes) -> Result<Self, Upstream> {
        check_prompt(&wishes.prompt)?;
        let count = u32::try_from(wishes.count).ok().filter(|_| wishes.count <= MOST);
        let count = count.ok_or_else(|| {
            let message = format!(
                "Invalid 'n': integer above maximum value. Expected a value <= {MOST}, but got {} instead.",
                wishes.count
            );
            Upstream::invalid("n", "integer_above_max_value", message)
        })?;
        let sizes = ["1024x1024", "1024x1536", "1536x1024", "auto"];
        let size = word("size", wishes.size.as_deref(), &sizes, tokens::SIZES[0])?;
        // What `auto` comes to is not documented: the dearest, so that nobody reserves too little for it.
        let qualities = ["low", "medium", "high", "auto"];
        let quality = word("quality", wishes.quality.as_deref(), &qualities, Quality::High)?;
        let backgrounds = ["transparent", "opaque", "auto"];
        let background =
            word("background", wishes.background.as_deref(), &backgrounds, Background::Auto)?;
        let formats = ["png", "webp", "jpeg"];
        let format = word("output_format", wishes.format.as_deref(), &formats, Format::Png)?;
        let transparent = background == Background::Transparent;
        if transparent && format == Format::Jpeg {
            let message =
                "Transparent background is not supported for JPEG output format.".to_owned();
            return Err(Upstream::invalid("background", "invalid_value", message));
        }
        let compression = compression(wishes.compression, format)?;
        let picture_tokens = tokens::of_picture(size, quality).unwrap_or_default();
        let prompt = wishes.prompt;
        Ok(Self { prompt, count, size, quality, transparent, format, compression, picture_tokens })
    }

    /// What one of its pictures shows.
    pub(crate) fn subject(&self, index: u32) -> Subject {
        let Self { size, quality, transparent, .. } = *self;
        Subject { prompt: self.prompt.clone(), index, size, quality, transparent }
    }
}

fn check_prompt(prompt: &str) -> Result<(), Upstream> {
    let length = prompt.chars().count();
    let (code, message) = match length {
        0 => (
            "empty_string",
            "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead."
                .to_owned(),
        ),
        1..=LONGEST_PROMPT => return Ok(()),
        _ => (
            "string_above_max_length",
            format!(
                "Invalid 'prompt': string too long. Expected a string with maximum length {LONGEST_PROMPT}, but got a \
                 string with length {length} instead."
            ),
        ),
    };
    Err(Upstream::invalid("prompt", code, message))
}

/// One of the words that the maker knows; `auto`, or no word at all, comes to `auto`.
fn word<T: FromStr>(
    param: &'static str,
    found: Option<&str>,
    known: &[&str],
    auto: T,
) -> Result<T, Upstream> {
    let Some(found) = found else { return Ok(auto) };
    if found == "auto" && known.contains(&"auto") {
        return Ok(auto);
    }
    found.parse().ok().filter(|_| known.contains(&found)).ok_or_else(|| {
        let mut words: Vec<String> = known.iter().map(|word| format!("'{word}'")).collect();
        if let Some(last) = words.last_mut() {
            last.insert_str(0, "and ");
        }
        let message =
            format!("Invalid value: '{found}'. Supported values are: {}.", words.join(", "));
        Upstream::invalid(param, "invalid_value", message)
    })
}

fn compression(asked: Option<i64>, format: Format) -> Result<u8, Upstream> {
    let level = asked.unwrap_or(100);
    let message = match u8::try_from(level) {
        Ok(level @ ..=100) if level == 100 || format != Format::Png => return Ok(level),
        Ok(..=100) => "Compression less than 100 is not supported for PNG output format".to_owned(),
        _ => format!(
            "Invalid 'output_compression': expected a value between 0 and 100, but got {level} instead."
        ),
    };
    Err(Upstream::invalid("output_compression", "invalid_value", message))
}
