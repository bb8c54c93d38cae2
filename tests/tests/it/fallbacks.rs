//! What the frame shows when its program cannot run, or not with all that a browser usually gives it.

use anyhow::{Context, Result};
use serde_json::json;
use tests::{
    browser::Browser,
    page::{composer::Composer, structure},
    run,
    studio::Studio,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const BROKEN: &str = "The studio could not be loaded. Your description is still here";

/// What comes in place of the program.
#[derive(Clone, Copy, Debug)]
enum Program {
    NotFound,
    Page,
    Cut,
    /// All of it, under a wrong type.
    Mistyped,
}

/// Stands between a browser and the edge, and changes one file.
struct Meddler {
    origin: String,
    listener: JoinHandle<()>,
}

impl Meddler {
    async fn start(edge: &str, program: Program) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let edge = edge.to_owned();
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let edge = edge.clone();
                // A browser that hangs up needs no answer.
                tokio::spawn(async move { pass(stream, &edge, program).await.ok() });
            }
        });
        Ok(Self { origin, listener })
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Answers one request of a browser, which must have no body.
async fn pass(stream: TcpStream, edge: &str, program: Program) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? <= 2 {
            break;
        }
    }
    let path = first.split(' ').nth(1).context("no path")?;
    let asked = tests::visitor::client()?.get(format!("{edge}{path}"));
    let answer = asked.header("accept-encoding", "identity").send().await?;
    let mut status = answer.status().as_u16();
    let header = |name| tests::visitor::header(&answer, name).to_owned();
    let (mut media_type, csp) = (header("content-type"), header("content-security-policy"));
    let mut bytes = answer.bytes().await?.to_vec();
    if path.rsplit_once('.').is_some_and(|(_, extension)| extension == "wasm") {
        match program {
            Program::NotFound => (status, bytes) = (404, Vec::new()),
            Program::Page => {
                "text/html".clone_into(&mut media_type);
                bytes = b"<!DOCTYPE html>".to_vec();
            }
            Program::Cut => bytes.truncate(bytes.len() / 2),
            Program::Mistyped => "text/plain".clone_into(&mut media_type),
        }
    }
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-security-policy: {csp}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream.write_all(&bytes).await?)
}

#[test]
fn a_program_that_does_not_come_says_so_and_keeps_the_description() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        for program in [Program::NotFound, Program::Page, Program::Cut, Program::Mistyped] {
            let meddler = Meddler::start(studio.edge.url(), program).await?;
            browser.open(&format!("{}/studio/demo", meddler.origin)).await?;
            // By the keyboard: the notice above it may come at any moment, and moves it.
            Composer(&browser).focus().await?;
            browser.type_text("Still here").await?;
            if matches!(program, Program::Mistyped) {
                // Slower, for it cannot be compiled as it streams; but it runs.
                while browser.eval(structure::RUNS).await? != json!(true) {}
                assert!(
                    !browser.eval("document.body.innerText").await?.to_string().contains(BROKEN)
                );
            } else {
                browser.read(BROKEN).await.with_context(|| format!("{program:?}"))?;
                assert_eq!(browser.count("alert", None).await?, 1, "{program:?}");
                assert_eq!(browser.eval(structure::RUNS).await?, json!(false));
            }
            let kept = Composer(&browser).prompt().await?;
            assert_eq!(kept, "Still here", "{program:?}");
        }
        browser.stop().await
    });
}

#[test]
fn a_browser_without_webassembly_says_so_and_one_without_storage_makes_pictures() {
    run(async {
        let (studio, browser) = (Studio::shared().await?, Browser::start().await?);
        let before = async |script: &str| {
            let script = json!({ "source": script });
            let added = browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await?;
            browser.open(&format!("{}/studio/demo", studio.edge.url())).await?;
            anyhow::Ok(json!({ "identifier": added["identifier"] }))
        };
        let old = before("delete globalThis.WebAssembly").await?;
        browser.read(BROKEN).await?;
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", old).await?;
        let blocked = "for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });";
        before(blocked).await?;
        browser.see("button", "Create").await?;
        browser.click("textbox", "Describe a picture").await?;
        browser.type_text("Nothing is kept").await?;
        browser.click("button", "Create").await?;
        browser.see("image", "Nothing is kept").await?;
        browser.stop().await
    });
}
