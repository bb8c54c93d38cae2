//! `/v1/jobs/{id}/events`: a job's state, told again whenever it changes.
//!
//! Owns the stream to the browser. It lives here and asks the Job for "newer than": a viewer who left costs nothing.

use super::Call;
use crate::{
    body, clock, failure::Failure, js::IdentityTransformStream, objects, reply::Reply,
    stream_writer::StreamWriter,
};
use contract::problem::ProblemKind;
use web_sys::Response;
use worker::Fetcher;

/// After this the browser asks again: no stream outlives a deploy by much.
const LONGEST_MS: u64 = 600_000;
/// Longer than a Job is silent: then this program is lost, and the browser must ask again.
const SILENCE_MS: i32 = 20_000;

/// The stream: the present state at once, then every newer one, until the last.
pub(crate) async fn stream(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let unknown = || Failure::of(ProblemKind::UnknownJob);
    let stub = objects::job(call.env, id).ok_or_else(unknown)?;
    let first = objects::call(&stub, "/view", false).await?;
    match first.status() {
        200 => {}
        404 => return Err(unknown()),
        status => return Err(Failure::Ours(format!("job answered {status}"))),
    }
    let reply =
        Reply::new(200, call.secure)?.header("content-type", "text/event-stream; charset=utf-8")?;
    if call.is_head() {
        return Ok(reply.empty()?);
    }
    let first = State::read(&first).await?;
    let pipe = IdentityTransformStream::identity()?;
    let writer = StreamWriter::new(&pipe.writable(), SILENCE_MS)?;
    let gone = call.request.signal();
    call.context.wait_until(async move {
        // A write fails once the viewer has left; then there is nothing to close either.
        if stream_states(&stub, &writer, first, || gone.aborted()).await.is_ok() {
            let _ = writer.close().await;
        }
    });
    Ok(reply.stream(&pipe.readable())?)
}

/// A job's state as text, and what the Job says of it: this program does not read it.
struct State {
    text: String,
    revision: String,
    last: bool,
}

impl State {
    async fn read(response: &Response) -> Result<Self, Failure> {
        let mark = response.headers().get(objects::REVISION)?.unwrap_or_default();
        let revision = mark.trim_end_matches(objects::LAST).to_owned();
        let last = revision.len() < mark.len();
        Ok(Self { text: body::text(response.text()).await?, revision, last })
    }
}

async fn stream_states(
    stub: &Fetcher,
    writer: &StreamWriter,
    first: State,
    gone: impl Fn() -> bool,
) -> Result<(), Failure> {
    let until = clock::now().plus(LONGEST_MS);
    let mut state = first;
    loop {
        let State { text, revision, last } = &state;
        write_text(writer, &["event: job\nid: ", revision, "\ndata: ", text, "\n\n"].concat())
            .await?;
        if *last {
            return Ok(());
        }
        state = loop {
            if clock::now() >= until || gone() {
                return Ok(());
            }
            let path = ["/view?after=", revision].concat();
            let response = objects::call(stub, &path, false).await?;
            match response.status() {
                200 => break State::read(&response).await?,
                // Nothing new for a while: a comment keeps the connection, and finds out whether it is still there.
                204 => write_text(writer, ":\n\n").await?,
                _ => return Ok(()),
            }
        };
    }
}

async fn write_text(writer: &StreamWriter, text: &str) -> Result<(), Failure> {
    Ok(writer.write(&js_sys::Uint8Array::from(text.as_bytes())).await?)
}
