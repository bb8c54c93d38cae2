//! An order that the model's maker accepts, with every `auto` resolved.
//!
//! Owns the maker's rules and its error messages. Must not know the gateway.

use crate::{
    errors::MakerError,
    models::{self, Effort, Model},
    tokens,
};
use contract::options::{Background, Format, Size};
use painter::{InspectedPicture, Source, Subject};
use std::{ops::RangeInclusive, str::FromStr};

/// The longest prompt, in Unicode scalar values.
const MAX_PROMPT_CHARS: usize = 32_000;

/// The most pictures of one request.
const MAX_PICTURES: u64 = 10;

/// The longest edge for models that accept any size, in pixels.
const MAX_EDGE: u32 = 3840;

/// How many pixels a picture may have for models that accept any size.
const PIXEL_RANGE: RangeInclusive<u32> = 655_360..=8_294_400;

/// An order before its values are checked, in the maker's own words.
#[derive(Debug, Default)]
pub(crate) struct OrderRequest {
    pub(crate) prompt: String,
    pub(crate) count: u64,
    pub(crate) size: Option<String>,
    pub(crate) quality: Option<String>,
    pub(crate) background: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) compression: Option<i64>,
    pub(crate) fidelity: Option<String>,
    /// The pictures to edit; empty for a new picture.
    pub(crate) inputs: Vec<InspectedPicture>,
    /// Whether the response is sent as events.
    pub(crate) streams: bool,
    /// The number of partial pictures before the final one.
    pub(crate) partials: u32,
}

/// An order that the maker accepts.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) prompt: String,
    pub(crate) count: u32,
    pub(crate) size: Size,
    pub(crate) effort: Effort,
    pub(crate) transparent: bool,
    pub(crate) format: Format,
    /// 0 to 100, where 100 is the best quality.
    pub(crate) compression: u8,
    /// Output tokens of one picture.
    pub(crate) picture_tokens: u64,
    /// Input tokens of all pictures to edit.
    pub(crate) input_tokens: u64,
    pub(crate) streams: bool,
    pub(crate) partials: u32,
    source: Option<Box<Source>>,
}

impl Order {
    /// Checks a request by the maker's rules for this model. The models in `opaque` refuse a transparent background.
    pub(crate) fn accept(
        order_request: OrderRequest,
        model: &Model,
        opaque: &[String],
    ) -> Result<Self, MakerError> {
        let family = model.family;
        check_prompt(&order_request.prompt)?;
        let count =
            u32::try_from(order_request.count).ok().filter(|_| order_request.count <= MAX_PICTURES);
        let count = count.ok_or_else(|| {
            let message = format!(
                "Invalid 'n': integer above maximum value. Expected a value <= {MAX_PICTURES}, but got {} instead.",
                order_request.count
            );
            MakerError::invalid("n", "integer_above_max_value", message)
        })?;
        let size = if family.accepts_free_sizes() {
            free_size(order_request.size.as_deref())?
        } else {
            let sizes = ["1024x1024", "1024x1536", "1536x1024", "auto"];
            parse_word("size", order_request.size.as_deref(), &sizes, tokens::SIZES[0])?
        };
        // Which quality `auto` selects is not documented. The sandbox selects the most expensive common one, so that a
        // client that reserves too little is found.
        let qualities = family.qualities();
        let effort =
            parse_word("quality", order_request.quality.as_deref(), qualities, Effort::High)?;
        check_fidelity(order_request.fidelity.as_deref(), model)?;
        let backgrounds = ["transparent", "opaque", "auto"];
        let background = parse_word(
            "background",
            order_request.background.as_deref(),
            &backgrounds,
            Background::Auto,
        )?;
        // 2.6 can make GIFs too, and SVG for some customers. The sandbox cannot encode either, and refuses both.
        let formats = ["png", "webp", "jpeg"];
        let format =
            parse_word("output_format", order_request.format.as_deref(), &formats, Format::Png)?;
        let transparent = background == Background::Transparent;
        if transparent && format == Format::Jpeg {
            let message =
                "Transparent background is not supported for JPEG output format.".to_owned();
            return Err(MakerError::invalid("background", "invalid_value", message));
        }
        if transparent && opaque.iter().any(|id| id == model.id) {
            let message = "Transparent background is not supported for this model.".to_owned();
            return Err(MakerError::invalid("background", "invalid_value", message));
        }
        let compression = compression(order_request.compression, format)?;
        let picture_tokens = tokens::of_picture(family, size, effort).unwrap_or_default();
        let of_input =
            |input: &InspectedPicture| tokens::of_input(family, input.width, input.height);
        let input_tokens = order_request.inputs.iter().map(of_input).sum();
        let sources: Vec<Source> =
            order_request.inputs.into_iter().map(|input| input.source).collect();
        let source = Source::mix(&sources).map(Box::new);
        Ok(Self {
            prompt: order_request.prompt,
            count,
            size,
            effort,
            transparent,
            format,
            compression,
            picture_tokens,
            input_tokens,
            streams: order_request.streams,
            partials: if model.sends_partials { order_request.partials } else { 0 },
            source,
        })
    }

    /// What to paint for one of its pictures.
    pub(crate) fn subject(&self, index: u32) -> Subject {
        let Self { size, effort, transparent, .. } = *self;
        let (quality, source) = (effort.quality(), self.source.clone());
        Subject { prompt: self.prompt.clone(), index, size, quality, transparent, source, blur: 0 }
    }
}

fn check_prompt(prompt: &str) -> Result<(), MakerError> {
    let length = prompt.chars().count();
    let (code, message) = match length {
        0 => (
            "empty_string",
            "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead."
                .to_owned(),
        ),
        1..=MAX_PROMPT_CHARS => return Ok(()),
        _ => (
            "string_above_max_length",
            format!(
                "Invalid 'prompt': string too long. Expected a string with maximum length {MAX_PROMPT_CHARS}, but got a \
                 string with length {length} instead."
            ),
        ),
    };
    Err(MakerError::invalid("prompt", code, message))
}

/// Parses a word that the maker knows. The word `auto`, or a missing value, becomes the value `auto`.
fn parse_word<T: FromStr>(
    param: &'static str,
    found: Option<&str>,
    known: &[&str],
    auto: T,
) -> Result<T, MakerError> {
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
        MakerError::invalid(param, "invalid_value", message)
    })
}

/// Checks a size by the limits of the models that accept any size.
fn free_size(asked: Option<&str>) -> Result<Size, MakerError> {
    let Some(asked) = asked.filter(|asked| *asked != "auto") else { return Ok(tokens::SIZES[0]) };
    // The first sentence was seen word for word. The second ones state the documented limits in the same style.
    let refuse = |why: &str| {
        Err(MakerError::invalid("size", "invalid_value", format!("Invalid size '{asked}'. {why}")))
    };
    let Ok(size) = asked.parse::<Size>() else {
        return refuse("Expected 'auto' or a width and a height, such as '1024x1024'.");
    };
    let (width, height) = (u32::from(size.width), u32::from(size.height));
    let (short, long, pixels) = (width.min(height), width.max(height), width * height);
    if !width.is_multiple_of(16) || !height.is_multiple_of(16) {
        return refuse("Width and height must both be divisible by 16.");
    }
    if long > MAX_EDGE {
        return refuse("The longest edge must be at most 3840 pixels.");
    }
    if long > 3 * short {
        return refuse("The longer edge must be at most 3 times the shorter edge.");
    }
    if !PIXEL_RANGE.contains(&pixels) {
        return refuse("The total number of pixels must be between 655360 and 8294400.");
    }
    Ok(size)
}

/// Checks `input_fidelity`: a model whose fidelity is always high refuses the parameter.
fn check_fidelity(asked: Option<&str>, model: &Model) -> Result<(), MakerError> {
    let known = model.fidelities;
    let Some(asked) = asked.filter(|asked| !known.contains(asked)) else { return Ok(()) };
    let message = if known.is_empty() {
        format!(
            "The model '{}' does not support the 'input_fidelity' parameter.",
            models::without_maker(model.id)
        )
    } else {
        let words: Vec<String> = known.iter().map(|word| format!("'{word}'")).collect();
        format!("Invalid value: '{asked}'. Supported values are: {}.", words.join(" and "))
    };
    Err(MakerError::invalid("input_fidelity", "invalid_value", message))
}

fn compression(asked: Option<i64>, format: Format) -> Result<u8, MakerError> {
    let level = asked.unwrap_or(100);
    let message = match u8::try_from(level) {
        Ok(level @ ..=100) if level == 100 || format != Format::Png => return Ok(level),
        Ok(..=100) => "Compression less than 100 is not supported for PNG output format".to_owned(),
        _ => format!(
            "Invalid 'output_compression': expected a value between 0 and 100, but got {level} instead."
        ),
    };
    Err(MakerError::invalid("output_compression", "invalid_value", message))
}
