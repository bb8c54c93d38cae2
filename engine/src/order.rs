//! Turns a visitor's request into an order: fills in the site's defaults and checks every field.
//!
//! Owns the rules for a request's fields. Must not know money or limits, or do any I/O.

use crate::{config::site::Site, json};
use contract::{
    job::{JobRequest, Order},
    options::{Background, Format},
};

/// The error of an invalid request: one sentence for the developer who sent it, which repeats no part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid(pub &'static str);

/// Reads the JSON of a request and fills in the site's defaults.
#[cfg(test)]
pub(crate) fn read(json: &str, site: &Site) -> Result<Order, Invalid> {
    check(&request(json)?, site)
}

/// Reads the JSON of a request.
pub fn request(body: &str) -> Result<JobRequest, Invalid> {
    json::read_object(body).map_err(|_| {
        Invalid("The body must be JSON with prompt, and optionally count, size, quality, background, format and compression.")
    })
}

/// The order with the defaults that version 0.1 filled in: the site's first size and quality, PNG if the site offers it,
/// and no compression. The fingerprints that 0.1 stored are those of this order.
pub fn as_0_1(request: &JobRequest, order: &Order, site: &Site) -> Order {
    let png = site.formats.contains(&Format::Png).then_some(Format::Png);
    Order {
        size: request.size.or_else(|| site.sizes.first().copied()).unwrap_or(order.size),
        quality: request
            .quality
            .or_else(|| site.qualities.first().copied())
            .unwrap_or(order.quality),
        format: request.format.or(png).unwrap_or(order.format),
        compression: request.compression,
        ..order.clone()
    }
}

/// Fills in the site's defaults and checks every field.
pub fn check(request: &JobRequest, site: &Site) -> Result<Order, Invalid> {
    let prompt = request.prompt.trim();
    if prompt.is_empty() {
        return Err(Invalid("The prompt is empty."));
    }
    if prompt.chars().count() > site.prompt.max_chars as usize {
        return Err(Invalid("The prompt is longer than this site allows (max_prompt_chars)."));
    }
    let count = request.count.unwrap_or(1);
    if count == 0 || count > site.max_count {
        return Err(Invalid("The count must lie between 1 and the site's max_count."));
    }
    let format = choose(request.format, &site.formats, None)
        .ok_or(Invalid("This site does not offer that format."))?;
    let compression = match format {
        Format::Png => request.compression,
        Format::Webp | Format::Jpeg => request.compression.or(site.compression),
    };
    let order = Order {
        prompt: prompt.to_owned(),
        count,
        size: choose(request.size, &site.sizes, Some(site.default_size))
            .ok_or(Invalid("This site does not offer that size."))?,
        quality: choose(request.quality, &site.qualities, Some(site.default_quality))
            .ok_or(Invalid("This site does not offer that quality."))?,
        background: choose(request.background, &site.backgrounds, Some(Background::Auto))
            .ok_or(Invalid("This site does not offer that background."))?,
        format,
        compression,
    };
    if order.background == Background::Transparent && order.format == Format::Jpeg {
        return Err(Invalid("A jpeg cannot be transparent; ask for png or webp."));
    }
    match order.compression {
        Some(_) if order.format == Format::Png => {
            Err(Invalid("A png takes no compression; ask for webp or jpeg."))
        }
        Some(101..) => Err(Invalid("The compression must lie between 0 and 100.")),
        _ => Ok(order),
    }
}

/// The requested value if the site offers it. Without a request, the preferred value if the site offers it, otherwise the
/// first offered one.
fn choose<T: Copy + PartialEq>(asked: Option<T>, offered: &[T], preferred: Option<T>) -> Option<T> {
    match asked.or(preferred.filter(|value| offered.contains(value))) {
        Some(value) => offered.contains(&value).then_some(value),
        None => offered.first().copied(),
    }
}

/// The prompt that is sent upstream, with the site's prefix and suffix.
pub fn upstream_prompt(order: &Order, site: &Site) -> String {
    [site.prompt.prefix.as_str(), &order.prompt, &site.prompt.suffix].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests_support::site;
    use contract::options::Quality;

    fn ask(json: &str) -> Result<Order, Invalid> {
        read(json, &site())
    }

    #[test]
    fn what_is_left_out_takes_the_sites_default() {
        let order = ask(r#"{"prompt":"  a red balloon \n"}"#).unwrap();
        assert_eq!(
            json::text(&order),
            r#"{"prompt":"a red balloon","count":1,"size":"1024x1024","quality":"low","background":"auto","format":"webp","compression":85}"#
        );
        let mut other = site();
        other.formats = vec![Format::Png];
        other.backgrounds = vec![Background::Opaque];
        other.default_size = other.sizes[2];
        other.default_quality = Quality::Medium;
        let order = read(r#"{"prompt":"x"}"#, &other).unwrap();
        assert_eq!(
            (order.format, order.compression, order.background),
            (Format::Png, None, Background::Opaque)
        );
        assert_eq!((order.size, order.quality), (other.sizes[2], Quality::Medium));
        let mut silent = site();
        silent.compression = None;
        assert_eq!(read(r#"{"prompt":"x"}"#, &silent).unwrap().compression, None);
        let asked = ask(r#"{"prompt":"x","format":"jpeg","compression":0}"#).unwrap();
        assert_eq!(asked.compression, Some(0));
    }

    #[test]
    fn a_request_of_0_1_is_told_with_the_defaults_of_0_1() {
        let mut site = site();
        site.default_size = site.sizes[1];
        let old = |json: &str| {
            let request = request(json).unwrap();
            let order = check(&request, &site).unwrap();
            json::text(&as_0_1(&request, &order, &site))
        };
        assert_eq!(
            old(r#"{"prompt":" x "}"#),
            r#"{"prompt":"x","count":1,"size":"1024x1024","quality":"low","background":"auto","format":"png","compression":null}"#
        );
        assert_eq!(
            old(r#"{"prompt":"x","size":"1024x1536","format":"webp","compression":7}"#),
            r#"{"prompt":"x","count":1,"size":"1024x1536","quality":"low","background":"auto","format":"webp","compression":7}"#
        );
    }

    #[test]
    fn every_field_is_checked() {
        for (json, reason) in [
            (r#"{"prompt":" \n"}"#, "empty"),
            (r#"{"prompt":"x","count":0}"#, "count"),
            (r#"{"prompt":"x","count":5}"#, "count"),
            (r#"{"prompt":"x","size":"512x512"}"#, "size"),
            (r#"{"prompt":"x","format":"jpeg","background":"transparent"}"#, "transparent"),
            (r#"{"prompt":"x","format":"png","compression":50}"#, "compression"),
            (r#"{"prompt":"x","format":"webp","compression":101}"#, "compression"),
            (r#"{"prompt":"x","size":"auto"}"#, "JSON"),
            (r#"{"prompt":"x","model":"y"}"#, "JSON"),
            (r#"{"prompt":"x","prompt":"y"}"#, "JSON"),
            (r#"{"prompt":"\ud800"}"#, "JSON"),
            (r#"{"prompt":7}"#, "JSON"),
            (r#"{"prompt":"x"} x"#, "JSON"),
            ("{}", "JSON"),
            ("", "JSON"),
        ] {
            assert!(ask(json).unwrap_err().0.contains(reason), "{json}");
        }
    }

    #[test]
    fn a_prompt_is_counted_in_scalar_values_after_trimming() {
        assert!(ask(&format!(r#"{{"prompt":"  {}  "}}"#, "é".repeat(1000))).is_ok());
        assert!(ask(&format!(r#"{{"prompt":"{}"}}"#, "é".repeat(1001))).is_err());
    }

    #[test]
    fn prefix_and_suffix_go_round_the_trimmed_prompt() {
        let mut site = site();
        site.prompt.prefix = "In ink: ".to_owned();
        site.prompt.suffix = ", no text".to_owned();
        let order = read(r#"{"prompt":" a cat "}"#, &site).unwrap();
        assert_eq!(upstream_prompt(&order, &site), "In ink: a cat, no text");
    }
}
