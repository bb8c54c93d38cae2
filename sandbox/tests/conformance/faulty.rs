//! How the tests of faults ask, and what they see of the wire.

use crate::client::{Reply, ask, body, open, sandbox, send};
use sandbox::{Fault, Sandbox};
use serde_json::json;
use std::{io, time::Duration};
use tokio::{
    io::AsyncReadExt,
    time::{Instant, timeout_at},
};

pub(crate) const PATH: &str = "/v1/images/generations";
pub(crate) const KEY: [(&str, &str); 1] = [("authorization", "Bearer vck_canary")];

/// How a connection came to its end.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    Clean,
    Reset,
    /// Not within the time that a test has.
    Open,
}

/// Lets a fault strike the usual request, whose picture is painted once in a sandbox.
pub(crate) async fn strike(sandbox: &Sandbox, name: &str) -> io::Result<Reply> {
    sandbox.fail(Some(Fault::named(name).unwrap_or_else(|| panic!("no fault {name}"))));
    let reply = send(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await;
    sandbox.fail(None);
    reply
}

/// The bytes that come over the wire, 8 MB at most and for so long.
pub(crate) async fn wire(sandbox: &Sandbox, name: &str, patience: Duration) -> (Vec<u8>, End) {
    sandbox.fail(Some(Fault::named(name).unwrap_or_else(|| panic!("no fault {name}"))));
    let mut stream = open(sandbox.address(), "POST", PATH, &KEY, &body(&json!({}))).await.unwrap();
    let mut bytes = Vec::new();
    let deadline = Instant::now() + patience;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = timeout_at(deadline, stream.read(&mut piece)).await;
        match read {
            Ok(Ok(0)) => return (bytes, End::Clean),
            Ok(Ok(read)) => bytes.extend_from_slice(&piece[..read]),
            Ok(Err(_)) => return (bytes, End::Reset),
            Err(_) => return (bytes, End::Open),
        }
        if bytes.len() > 8 << 20 {
            return (bytes, End::Open);
        }
    }
}

/// A sandbox whose usual picture is painted, and what that picture is.
pub(crate) async fn ready() -> (Sandbox, Vec<u8>) {
    let sandbox = sandbox().await;
    let picture = ask(&sandbox, json!({})).await.pictures().remove(0);
    (sandbox, picture)
}
