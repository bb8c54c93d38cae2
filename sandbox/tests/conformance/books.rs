//! The books: the record, for tests, of the requests that reached the gateway.

use crate::client::{PROMPT, ask, body, sandbox, sandbox_with, send};
use contract::money::Nano;
use sandbox::{Sandbox, Settings};
use serde_json::json;
use std::time::Duration;
use tokio::{join, net::TcpStream, time::timeout};

#[tokio::test]
async fn a_call_is_booked_as_it_was_received() {
    let sandbox = sandbox().await;
    let headers = [("authorization", "Bearer vck_test"), ("x-visitor", "203.0.113.7")];
    let body = body(&json!({ "n": 2 }));
    let path = "/v1/images/generations?x=1";
    let reply = send(sandbox.address(), "POST", path, &headers, &body).await.unwrap();
    let call = sandbox.books().calls().remove(0);
    assert_eq!((call.number, call.method.as_str(), call.path.as_str()), (0, "POST", path));
    assert_eq!(call.header("x-visitor"), Some("203.0.113.7"));
    assert_eq!(call.body, body);
    assert_eq!(call.json().unwrap()["prompt"], PROMPT);
    assert_eq!((call.status, call.charged), (Some(200), Nano(2 * 272 * 8_000 + 17 * 2_000)));
    assert_eq!(call.pictures, reply.pictures(), "the bytes that were sent");
    assert!(call.completed_after.is_some() && call.closed_after.is_none());
    assert!(call.at.0 > 1_700_000_000_000);
}

#[tokio::test]
async fn held_answers_wait_for_their_release() {
    let sandbox = sandbox().await;
    // The second request finds its picture in the cache, so that only the hold can delay its response.
    ask(&sandbox, json!({})).await;
    sandbox.hold();
    let books = sandbox.books();
    let watch = async {
        books.until(|calls| calls.get(1).is_some_and(|call| call.charged != Nano::ZERO)).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(books.calls()[1].status, None);
        sandbox.release();
    };
    let (reply, ()) = join!(ask(&sandbox, json!({})), watch);
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_client_that_stops_reading_is_noticed_when_it_leaves() {
    let sandbox = sandbox().await;
    let more = json!({ "n": 10, "quality": "low" });
    let headers = [("authorization", "Bearer vck_test")];
    let path = "/v1/images/generations";
    let stream =
        crate::client::send_request(sandbox.address(), "POST", path, &headers, &body(&more))
            .await
            .unwrap();
    let books = sandbox.books();
    books.until(|calls| calls.first().is_some_and(|call| call.status.is_some())).await;
    drop(stream);
    let gone = books.until(|calls| calls[0].closed_after.is_some());
    timeout(Duration::from_secs(1), gone).await.expect("noticed within a second");
}

#[tokio::test]
async fn only_the_newest_calls_are_remembered_and_all_are_counted() {
    let sandbox = sandbox_with(Settings { remembered: 1, ..Settings::for_tests() }).await;
    ask(&sandbox, json!({})).await;
    ask(&sandbox, json!({ "n": 0 })).await;
    let books = sandbox.books();
    assert_eq!((books.count(), books.calls().len(), books.calls()[0].number), (2, 1, 1));
    assert_eq!(books.charged(), Nano(2_210_000));
}

#[tokio::test]
async fn a_dropped_sandbox_stops_listening_and_its_port_can_be_taken_again() {
    let first = sandbox().await;
    let address = first.address();
    assert_eq!(first.url(), format!("http://{address}/v1"));
    drop(first);
    // The listener's task is only aborted: its socket closes when the runtime next polls the task.
    let closed = async { while TcpStream::connect(address).await.is_ok() {} };
    timeout(Duration::from_secs(30), closed).await.expect("the port is closed");
    let again = Sandbox::start(Settings { port: address.port(), ..Settings::for_tests() }).await;
    assert_eq!(again.unwrap().address(), address);
}
