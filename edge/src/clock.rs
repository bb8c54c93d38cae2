//! The edge's clock.
//!
//! Owns reading the time, and setting alarms by it. In production the runtime advances the time only at I/O. Must not
//! read the time anywhere else.

use contract::time::Timestamp;
use js_sys::Date;
use wasm_bindgen::JsValue;
use worker::{Result, Storage};

/// Sets an object's alarm. The runtime stores it together with everything else that this turn writes: if storing fails, it
/// resets the object before any response leaves it. `worker`'s own call would do nothing before it is awaited.
pub(crate) fn set_alarm(storage: &Storage, at: Timestamp) -> Result<()> {
    let real = Timestamp(at.0.saturating_sub_signed(offset()));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let date = Date::new(&JsValue::from_f64(real.0 as f64));
    let _ = storage.as_raw().set_alarm(date, JsValue::NULL.into())?;
    Ok(())
}

/// The current time.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds"
    )]
    let real = Date::now() as u64;
    Timestamp(real.saturating_add_signed(offset()))
}

/// How many milliseconds this clock is ahead of the real one: always 0, except in the build for the tests.
#[cfg(not(feature = "clock"))]
#[inline]
const fn offset() -> i64 {
    0
}

#[cfg(feature = "clock")]
use ahead::offset;

/// The clock of the tests, which can be set ahead to the next day, or back to an earlier one, so that tests need not wait.
#[cfg(feature = "clock")]
pub(crate) mod ahead {
    use crate::setup;
    use std::sync::{
        Once,
        atomic::{AtomicI64, Ordering},
    };
    use worker::Env;

    /// The path that sets it. The build refuses to ship a Worker that contains this word.
    pub(crate) const PATH: &str = "/clock:ahead/";
    /// The variable with its initial offset in milliseconds.
    const VARIABLE: &str = "EASEL_CLOCK_AHEAD";

    static MS: AtomicI64 = AtomicI64::new(0);
    static BEGUN: Once = Once::new();

    pub(super) fn offset() -> i64 {
        MS.load(Ordering::Relaxed)
    }

    /// Reads the initial offset from the environment, before the time is read for the first time.
    pub(crate) fn begin(env: &Env) {
        BEGUN.call_once(|| set(&setup::text(env, VARIABLE).unwrap_or_default()));
    }

    /// Sets it this many milliseconds ahead of the real clock; a negative number sets it back.
    pub(crate) fn set(ms: &str) {
        MS.store(ms.parse().unwrap_or_default(), Ordering::Relaxed);
    }
}
