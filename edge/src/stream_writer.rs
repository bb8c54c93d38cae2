//! Writes to a client's stream, and closes it even if the program ends by a panic.
//!
//! Owns the writer, and a timer that closes the stream if nothing is written for some time. Both are objects of the
//! runtime and outlive this instance of the program, which a panic in any request ends. Must not know what is written.

use crate::clock;
use contract::time::Timestamp;
use js_sys::{Function, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{WorkerGlobalScope, WritableStream, WritableStreamDefaultWriter};

/// A timer younger than this is kept: setting a new timer for each write would cost more than the write.
const TIMER_REUSE_MS: u64 = 3_000;

/// A stream's writer, and its current timer.
pub(crate) struct StreamWriter {
    writer: WritableStreamDefaultWriter,
    close: Function,
    idle_ms: i32,
    /// The current timer, and when it was set.
    timer: Cell<Option<(i32, Timestamp)>>,
}

impl StreamWriter {
    /// Wraps `stream`, which is closed after `idle_ms` milliseconds without a write, or up to [`TIMER_REUSE_MS`] earlier.
    pub(crate) fn new(stream: &WritableStream, idle_ms: i32) -> Result<Self, JsValue> {
        let writer = stream.get_writer()?;
        let close: Function = Reflect::get(&writer, &"close".into())?.unchecked_into();
        Ok(Self { close: close.bind0(&writer), writer, idle_ms, timer: Cell::new(None) })
    }

    /// Writes a chunk, and waits until the client has read it. Fails if the client has left.
    pub(crate) async fn write(&self, bytes: &JsValue) -> Result<(), JsValue> {
        let now = clock::now();
        if self.timer.get().is_none_or(|(_, set)| now.since(set) > TIMER_REUSE_MS) {
            self.stop_timer();
            let (scope, close) = (scope(), &self.close);
            let timer =
                scope.set_timeout_with_callback_and_timeout_and_arguments_0(close, self.idle_ms)?;
            self.timer.set(Some((timer, now)));
        }
        JsFuture::from(self.writer.write_with_chunk(bytes)).await?;
        Ok(())
    }

    /// Closes the stream. If fewer bytes were written than the declared length, this fails, and so does the client's read.
    pub(crate) async fn close(&self) -> Result<(), JsValue> {
        self.stop_timer();
        JsFuture::from(self.writer.close()).await?;
        Ok(())
    }

    fn stop_timer(&self) {
        if let Some((timer, _)) = self.timer.take() {
            scope().clear_timeout_with_handle(timer);
        }
    }
}

/// Stops the timer of a stream that was not closed, because the client has left.
impl Drop for StreamWriter {
    fn drop(&mut self) {
        self.stop_timer();
    }
}

fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}
