//! The time: now, later, and as a clock on the visitor's wall shows it.

use crate::model::digits::digits;
use contract::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Times further off than this are told by their date.
const DAY_MS: u64 = contract::time::DAY_MS;

/// Milliseconds since 1970, by the visitor's clock.
pub(crate) fn now() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the casts saturate, and milliseconds since 1970 fit"
    )]
    let now = js_sys::Date::now() as u64;
    now
}

/// Does something once, after so many milliseconds.
pub(crate) fn later(ms: u32, then: Box<dyn FnOnce()>) {
    let then = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // Fails only for a callback that is no function.
        drop(
            window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), ms),
        );
    }
}

/// `02:00`, or `1 December` where that is more than a day off, in the visitor's zone.
pub(crate) fn local(time: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a date has 52 bits at most")]
    let date = js_sys::Date::new(&JsValue::from_f64(time.0 as f64));
    if time.since(Timestamp(now())) < DAY_MS {
        return [two_digits(date.get_hours()), ":".to_owned(), two_digits(date.get_minutes())]
            .concat();
    }
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "long")] {
        // Fails only for an object that refuses members.
        drop(js_sys::Reflect::set(&options, &name.into(), &value.into()));
    }
    date.to_locale_date_string("en-GB", &options).into()
}

fn two_digits(number: u32) -> String {
    let text = digits(number);
    if number < 10 { ["0", &text].concat() } else { text }
}
