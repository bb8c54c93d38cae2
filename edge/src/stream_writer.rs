//! A writer to a client's stream, which is closed even if this program is lost.
//!
//! Owns the writer and a timer that closes the stream when nothing was written for a while. Both are the runtime's own: they
//! outlive this instance of the program, which a panic anywhere in it ends. Must not know what is written.

use crate::clock;
use contract::time::Timestamp;
use js_sys::{Function, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{WorkerGlobalScope, WritableStream, WritableStreamDefaultWriter};

/// A timer younger than this is not set anew: one for each write would cost more than the write.
const YOUNG_MS: u64 = 3_000;

/// The writer, and the timer that runs.
pub(crate) struct StreamWriter {
    writer: WritableStreamDefaultWriter,
    close: Function,
    silence_ms: i32,
    /// The timer that runs, and when it was set.
    timer: Cell<Option<(i32, Timestamp)>>,
}

impl StreamWriter {
    /// Closes `stream` once nothing has been written for so long, or a little less.
    pub(crate) fn new(stream: &WritableStream, silence_ms: i32) -> Result<Self, JsValue> {
        let writer = stream.get_writer()?;
        let close: Function = Reflect::get(&writer, &"close".into())?.unchecked_into();
        Ok(Self { close: close.bind0(&writer), writer, silence_ms, timer: Cell::new(None) })
    }

    /// Writes a piece, as fast as it is taken. An error: nobody takes it any more.
    pub(crate) async fn write(&self, bytes: &JsValue) -> Result<(), JsValue> {
        let now = clock::now();
        if self.timer.get().is_none_or(|(_, set)| now.since(set) > YOUNG_MS) {
            self.stop_timer();
            let (scope, close) = (scope(), &self.close);
            let timer = scope
                .set_timeout_with_callback_and_timeout_and_arguments_0(close, self.silence_ms)?;
            self.timer.set(Some((timer, now)));
        }
        JsFuture::from(self.writer.write_with_chunk(bytes)).await?;
        Ok(())
    }

    /// Closes it. Short of a length that was said it fails, and so does the client's read.
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

/// One that is not closed was left.
impl Drop for StreamWriter {
    fn drop(&mut self) {
        self.stop_timer();
    }
}

fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}
