//! The edge's clock.
//!
//! Owns the only reading of time, and the alarms that are set by it. In production it stands still between I/O.

use contract::time::Timestamp;
use js_sys::Date;
use wasm_bindgen::JsValue;
use worker::{Result, Storage};

/// Sets an object's alarm. The runtime takes it in this turn, together with what else the turn writes: a failure resets the
/// object before anybody outside hears of either. `worker`'s own call would do nothing before it is awaited.
pub(crate) fn set_alarm(storage: &Storage, at: Timestamp) -> Result<()> {
    let real = Timestamp(at.0.saturating_sub_signed(offset()));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let date = Date::new(&JsValue::from_f64(real.0 as f64));
    let _ = storage.as_raw().set_alarm(date, JsValue::NULL.into())?;
    Ok(())
}

/// Now.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds"
    )]
    let real = Date::now() as u64;
    Timestamp(real.saturating_add_signed(offset()))
}

/// Milliseconds that this clock is ahead of the real one: none, but in the build for the tests.
#[cfg(not(feature = "clock"))]
#[inline]
const fn offset() -> i64 {
    0
}

#[cfg(feature = "clock")]
use ahead::offset;

/// The clock of the tests, which is set ahead so that nobody waits for a day to come, or back to a day that is over.
#[cfg(feature = "clock")]
pub(crate) mod ahead {
    use crate::setup;
    use std::sync::{
        Once,
        atomic::{AtomicI64, Ordering},
    };
    use worker::Env;

    /// The path that sets it; the build refuses to ship a Worker that holds this word.
    pub(crate) const PATH: &str = "/clock:ahead/";
    /// The variable that says where it begins.
    const VARIABLE: &str = "EASEL_CLOCK_AHEAD";

    static MS: AtomicI64 = AtomicI64::new(0);
    static BEGUN: Once = Once::new();

    pub(super) fn offset() -> i64 {
        MS.load(Ordering::Relaxed)
    }

    /// Takes what the environment says, before anything asks for the time.
    pub(crate) fn begin(env: &Env) {
        BEGUN.call_once(|| set(&setup::text(env, VARIABLE).unwrap_or_default()));
    }

    /// Sets it so many milliseconds ahead of the real clock, or behind it.
    pub(crate) fn set(ms: &str) {
        MS.store(ms.parse().unwrap_or_default(), Ordering::Relaxed);
    }
}
