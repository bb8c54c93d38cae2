//! The public types in JSON, as `contract` derives it.
//!
//! Owns the list of their members once more; a test compares both. Must not add to them.

use super::{FromJson, Json, ToJson, Wrong, reads, write, writes};
use contract::{
    health::{Breaker, Health, Status},
    job::{Cost, Job, JobRequest, JobState, Order, Picture, PictureState},
    money::Nano,
    operator::{Books, DayOfSite, Switch},
    options::{Background, Format, MediaType, Quality, Size},
    problem::{Problem, ProblemKind},
    session::{Allowance, Session, SessionRequest},
    site::{CallToAction, Challenge, Estimate, History, Preset, Site},
    time::{Day, Timestamp},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// Types that are one text on the wire.
macro_rules! texts {
    ($($type:ident),+ $(,)?) => { $(
        impl FromJson for $type {
            fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
                let text = json.text()?;
                text.parse().map_err(|_| Wrong::value(text, stringify!($type)))
            }
        }

        impl ToJson for $type {
            fn to_json(&self, out: &mut String) {
                // None of them holds anything to escape.
                let _ = write!(out, "\"{self}\"");
            }
        }
    )+ };
}

texts!(Nano, Timestamp, Day, Size, Quality, Format, Background, MediaType, History);
texts!(ProblemKind, JobState, PictureState, Breaker, Status);

reads!(strict JobRequest { prompt, count, size, quality, background, format, compression });
reads!(Order { prompt, count, size, quality, background, format, compression });
writes!(Order { prompt, count, size, quality, background, format, compression });
writes!(Job {
    id,
    revision,
    state,
    request,
    model,
    pictures,
    elapsed_ms,
    expected_ms,
    waiting_until,
    allowance,
    cost,
    problem,
});
writes!(Picture {
    index,
    state,
    url,
    preview_url,
    media_type,
    width,
    height,
    bytes,
    credentials,
    problem,
});
writes!(Cost { reserved_usd, charged_usd });
writes!(Problem {
    uri as "type",
    kind,
    title,
    status,
    detail,
    retry_after_seconds if some,
    resets_at if some,
    request_id,
});

reads!(strict SessionRequest { site, challenge });
writes!(Session { token, expires_at, allowance });
reads!(Allowance { remaining, limit, resets_at });
writes!(Allowance { remaining, limit, resets_at });

writes!(Site {
    id,
    sizes,
    default_size,
    qualities,
    default_quality,
    max_inputs,
    max_input_side,
    formats,
    backgrounds,
    max_count,
    max_prompt_chars,
    presets,
    texts,
    challenge,
    history,
    choose,
    show_cost,
    estimates if some,
    call_to_action,
    privacy_url,
    report_url,
    retention_minutes,
    sandbox,
});
reads!(strict Preset { label, prompt });
writes!(Preset { label, prompt });
writes!(Challenge { provider, site_key, script });
writes!(Estimate { size, quality, expected_ms, usd });
reads!(strict CallToAction { label, url });
writes!(CallToAction { label, url });

writes!(Health { status, version, sandbox, breaker, warnings });
writes!(Books { days, switches, warnings });
reads!(DayOfSite {
    day,
    site,
    pictures,
    refusals,
    reserved_usd,
    charged_usd,
    refunded_usd,
    unknown_usd,
});
writes!(DayOfSite {
    day,
    site,
    pictures,
    refusals,
    reserved_usd,
    charged_usd,
    refunded_usd,
    unknown_usd,
});
writes!(Switch { site, open });

impl FromJson for Switch {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let object = json.object()?;
        object.only(&["site", "open"])?;
        // It may be null, and may not be missing.
        let Some(site) = object.optional("site")? else {
            return Err(Wrong::new("missing field `site`"));
        };
        Ok(Self { site, open: object.field("open")? })
    }
}

impl FromJson for BTreeMap<String, String> {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let members = json.object()?.members().iter();
        members.map(|(name, json)| Ok((name.to_string(), String::from_json(json)?))).collect()
    }
}

impl ToJson for BTreeMap<String, String> {
    fn to_json(&self, out: &mut String) {
        out.push('{');
        for (name, value) in self {
            write::member(out, name, value);
        }
        out.push('}');
    }
}
