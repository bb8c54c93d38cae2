//! Numbers and dates as the document's language writes them.
//!
//! Owns the browser's formatters. Each is made once: making one takes longer than everything else that an event causes.

use super::{clock, dom::html};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    static DATE: Function = {
        let options = options(&[("dateStyle", "medium".into()), ("timeStyle", "short".into())]);
        Intl::DateTimeFormat::new(&locales(), &options).format()
    };
    static KILOBYTES: Function = bytes_in("kilobyte");
    static MEGABYTES: Function = bytes_in("megabyte");
}

/// Makes the formatters when the browser is idle, one at a time, by writing something with each: they are there when the
/// first picture is opened.
pub(crate) async fn prepare() {
    clock::idle().await;
    date(0);
    for size in [0, 1_000_000] {
        clock::idle().await;
        bytes(size);
    }
}

fn locales() -> Array {
    html().map(|html| Array::of1(&html.lang().into())).unwrap_or_default()
}

fn options(all: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in all {
        // Fails only for what is no object.
        drop(Reflect::set(&options, &(*name).into(), value));
    }
    options
}

fn bytes_in(unit: &str) -> Function {
    let options = options(&[
        ("style", "unit".into()),
        ("unit", unit.into()),
        ("maximumSignificantDigits", 2.into()),
    ]);
    Intl::NumberFormat::new(&locales(), &options).format()
}

fn written(format: &Function, value: f64) -> String {
    let text = format.call1(&JsValue::UNDEFINED, &value.into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Day and minute of a time (milliseconds since 1970) in the visitor's zone.
pub(crate) fn date(ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a date has 52 bits at most")]
    let date = Date::new(&JsValue::from_f64(ms as f64));
    DATE.with(|format| written(format, date.get_time()))
}

/// A file's size.
pub(crate) fn bytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "no file has 52 bits of bytes")]
    let bytes = bytes as f64;
    if bytes < 1e6 {
        KILOBYTES.with(|format| written(format, bytes / 1e3))
    } else {
        MEGABYTES.with(|format| written(format, bytes / 1e6))
    }
}
