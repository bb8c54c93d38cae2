//! `cargo xtask smoke` as it is started: its lines, its exit code, and what it never prints.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    thread,
};

const KEY: &str = "vck_SECRET_0123456789";

/// A server that gives one answer to everybody. It ends with the test's process.
#[expect(clippy::disallowed_methods, reason = "the test waits for a program that calls it")]
fn serve(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

/// How the command ends, and what it prints.
fn smoke(words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("smoke").args(words).env("AI_GATEWAY_API_KEY", KEY).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    (output.status.code(), said.concat())
}

fn http(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[test]
fn a_check_that_fails_is_a_line_with_what_to_do_and_exit_code_1() {
    let (code, said) = smoke(&[&serve(http("{}"))]);
    assert_eq!(code, Some(1), "{said}");
    for part in [
        "edge                         failed",
        "- /healthz answers 200, and not as Easel does",
        "next: Look at the address",
        "cancel                       not checked: no edge can be used",
        "secrets                      AI_GATEWAY_API_KEY in 1 responses",
        "1 of 11 checks failed: edge",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said) = smoke(&["http://127.0.0.1:9"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("it cannot be reached"), "{said}");
    assert_eq!(smoke(&["studio.example.com"]).0, Some(2));
}

#[test]
fn a_secret_is_found_by_its_name_and_never_printed() {
    let (code, said) = smoke(&[&serve(http(&format!("{{\"kind\":\"{KEY}\"}}")))]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("- AI_GATEWAY_API_KEY is in the response to GET /healthz"), "{said}");
    assert!(said.contains("next: Close the site now"), "{said}");
    assert!(!said.contains("SECRET"), "{said}");
}
