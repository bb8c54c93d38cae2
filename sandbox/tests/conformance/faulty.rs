//! How the fault tests send a request and read what comes over the wire.

use crate::client::{Reply, ask, body, sandbox, send, send_request};
use sandbox::{Fault, Sandbox};
use serde_json::json;
use std::{io, time::Duration};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Instant, timeout_at},
};

pub(crate) const PATH: &str = "/v1/images/generations";
pub(crate) const KEY: [(&str, &str); 1] = [("authorization", "Bearer vck_canary")];

/// The most that [`read_raw`] reads: more than any picture of the default request.
const MAX_BYTES: usize = 8 << 20;

/// How a connection stood when the test stopped reading.
#[derive(Debug, PartialEq)]
pub(crate) enum ConnectionEnd {
    /// Closed by the sandbox with a FIN.
    Closed,
    /// Closed by the sandbox with an RST.
    Reset,
    /// Not closed before the timeout, or before 8 MB had arrived.
    Open,
}

/// Sends the default request to a sandbox that answers it with this fault. All faults are sent the same request, so
/// that its picture is painted only once per sandbox.
pub(crate) async fn request_with_fault(sandbox: &Sandbox, name: &str) -> io::Result<Reply> {
    sandbox.fail(Some(fault_named(name)));
    let reply = send(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await;
    sandbox.fail(None);
    reply
}

/// Sends the default request and reads raw bytes until the connection ends, 8 MB have arrived, or the timeout.
pub(crate) async fn read_raw(
    sandbox: &Sandbox,
    name: &str,
    timeout: Duration,
) -> (Vec<u8>, ConnectionEnd) {
    let mut stream = send_default_request(sandbox, name).await;
    let mut bytes = Vec::new();
    let end = read_into(&mut stream, &mut bytes, timeout, |read| read.len() > MAX_BYTES).await;
    (bytes, end)
}

/// Sends the default request, reads raw bytes until `enough` is true of them, and then as long again as `quiet`. Only
/// the second time is a fixed one: however slow the machine is, what should arrive has the time to. Fails if the
/// connection ends, or if `enough` never becomes true.
pub(crate) async fn read_raw_until(
    sandbox: &Sandbox,
    name: &str,
    quiet: Duration,
    enough: impl Fn(&[u8]) -> bool,
) -> Vec<u8> {
    let mut stream = send_default_request(sandbox, name).await;
    let mut bytes = Vec::new();
    let end = read_into(&mut stream, &mut bytes, Duration::from_secs(30), &enough).await;
    assert!(enough(&bytes), "{name}: {} bytes, then {end:?}", bytes.len());
    let end = read_into(&mut stream, &mut bytes, quiet, |_| false).await;
    assert_eq!(end, ConnectionEnd::Open, "{name}");
    bytes
}

/// A sandbox that has painted the default request's picture, and that picture's bytes.
pub(crate) async fn sandbox_with_picture() -> (Sandbox, Vec<u8>) {
    let sandbox = sandbox().await;
    let picture = ask(&sandbox, json!({})).await.pictures().remove(0);
    (sandbox, picture)
}

/// Sends the default request to a sandbox that answers it with this fault, and leaves the response unread.
pub(crate) async fn send_default_request(sandbox: &Sandbox, name: &str) -> TcpStream {
    sandbox.fail(Some(fault_named(name)));
    send_request(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await.unwrap()
}

async fn read_into(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    timeout: Duration,
    enough: impl Fn(&[u8]) -> bool,
) -> ConnectionEnd {
    let deadline = Instant::now() + timeout;
    let mut chunk = vec![0; 64 * 1024];
    while !enough(bytes) {
        match timeout_at(deadline, stream.read(&mut chunk)).await {
            Ok(Ok(0)) => return ConnectionEnd::Closed,
            Ok(Ok(read)) => bytes.extend_from_slice(&chunk[..read]),
            Ok(Err(_)) => return ConnectionEnd::Reset,
            Err(_) => break,
        }
    }
    ConnectionEnd::Open
}

fn fault_named(name: &str) -> &'static Fault {
    Fault::named(name).unwrap_or_else(|| panic!("no fault is called {name}"))
}
