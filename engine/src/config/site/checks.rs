//! The checks of a site's settings, one rule each.
//!
//! Owns the sentences that say what is wrong. Must not know the order of the settings.

use super::{
    super::{ConfigError, model::Model},
    SiteJson,
};
use crate::origin;

/// The origins in their normal form, each once.
pub(super) fn normal_origins(listed: &[String]) -> Result<Vec<String>, ConfigError> {
    ensure(
        !listed.is_empty(),
        "origins must name at least one page's origin, such as https://example.com",
    )?;
    let mut origins = Vec::with_capacity(listed.len());
    for text in listed {
        let origin = origin::normal(text).map_err(|reason| {
            ConfigError::new(format!(
                "origins: {text} is not an origin: {reason}; write it like https://example.com"
            ))
        })?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

pub(super) fn ensure(holds: bool, sentence: impl Into<String>) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError::new(sentence)) }
}

pub(super) fn within(name: &str, value: u32, least: u32, most: u32) -> Result<(), ConfigError> {
    ensure((least..=most).contains(&value), format!("{name} must lie between {least} and {most}"))
}

/// The default of an option: the configured one, which must be on offer, else the first on offer.
pub(super) fn one_of<T: Copy + PartialEq + std::fmt::Display>(
    name: &str,
    configured: Option<T>,
    offered: &[T],
) -> Result<T, ConfigError> {
    let chosen = configured.or_else(|| offered.first().copied()).filter(|it| offered.contains(it));
    chosen.ok_or_else(|| {
        let given = configured.map_or_else(String::new, |it| it.to_string());
        ConfigError::new(format!("{name}: {given} is not on offer"))
    })
}

/// Checks that for each size at each quality, each format and each background there is a model that can make it. A
/// model may lack some: it is then not asked for them.
pub(super) fn can_be_made(json: &SiteJson, models: &[Model]) -> Result<(), ConfigError> {
    let nobody = |what: String| match models {
        [only] => ConfigError::new(format!("{} has no {what}", only.id)),
        _ => ConfigError::new(format!("no model has {what}")),
    };
    for (&quality, &size) in
        json.qualities.iter().flat_map(|q| json.sizes.iter().map(move |s| (q, s)))
    {
        if models.iter().all(|model| model.worst(quality, size).is_none()) {
            return Err(nobody(format!("worst_usd for {quality} {size}")));
        }
    }
    for format in &json.formats {
        if models.iter().all(|model| lacks(model.formats.as_deref(), format)) {
            return Err(nobody(format!("{format} among its formats")));
        }
    }
    for background in &json.backgrounds {
        if models.iter().all(|model| lacks(model.backgrounds.as_deref(), background)) {
            return Err(nobody(format!("{background} among its backgrounds")));
        }
    }
    Ok(())
}

/// Whether a list leaves something out. No list means that everything is included.
fn lacks<T: PartialEq>(list: Option<&[T]>, it: &T) -> bool {
    list.is_some_and(|all| !all.contains(it))
}

/// Checks a list on offer: it must not be empty, and each entry must be unique.
pub(super) fn each_once<T: PartialEq + std::fmt::Display>(
    name: &str,
    list: &[T],
) -> Result<(), ConfigError> {
    ensure(!list.is_empty(), format!("{name} must offer at least one"))?;
    for (at, item) in list.iter().enumerate() {
        ensure(
            !list.iter().take(at).any(|other| other == item),
            format!("{name}: {item} is listed twice"),
        )?;
    }
    Ok(())
}

/// Whether a name is that of one picture in a folder: it must be able to stand in a path and in a URL as it is.
pub(super) fn is_picture_name(name: &str) -> bool {
    let fits =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    name.len() <= 80
        && stem.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && !name.contains("..")
        && name.bytes().all(fits)
        && matches!(extension, "webp" | "png" | "jpg" | "jpeg")
}
