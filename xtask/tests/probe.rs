//! `cargo xtask probe` as a person starts it: what it prints, and its exit code.

use sandbox::{Sandbox, Settings};
use std::{
    fs,
    process::{Command, Output},
};

const KEY: &str = "vck_a_key_that_nobody_gave_out";

async fn probe(words: Vec<String>, key: &'static str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("probe").args(words).env("AI_GATEWAY_API_KEY", key).env("NO_COLOR", "1");
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let Output { status, stdout, stderr } = output.unwrap();
    let said = [stdout, stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    (status.code(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_prints_a_line_a_request_and_says_by_its_exit_code_whether_all_are_the_same() {
    let sandbox = Sandbox::start(Settings::for_tests()).await.unwrap();
    let folder = std::env::temp_dir().join(format!("easel-probe-cli-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let words = |most: &str, url: &str| {
        ["--max-usd", most, "--gateway", url, "--out", folder.to_str().unwrap()]
            .map(str::to_owned)
            .to_vec()
    };
    let (code, said) = probe(words("0", &sandbox.url()), KEY).await;
    assert_eq!(code, Some(0), "{said}");
    for line in ["a wrong key (401)", "malformed JSON (400)", "0 different", "-gateway.json"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains(KEY) && sandbox.books().charged().0 == 0, "{said}");

    // A sandbox without credits is another gateway to whoever expects pictures.
    let poor = Settings { credits: contract::money::Nano::ZERO, ..Settings::for_tests() };
    let poor = Sandbox::start(poor).await.unwrap();
    let (code, said) = probe(words("0.01", &poor.url()), KEY).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("status is 402; the sandbox sends 200") && !said.contains(KEY), "{said}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "each has a fixture of its own");

    let (code, said) = probe(words("0", "http://gateway.example/v1"), KEY).await;
    assert!(code == Some(1) && said.contains("https://"), "{said}");
    let (code, said) = probe(Vec::new(), KEY).await;
    assert!(code == Some(2) && said.contains("--max-usd"), "{said}");
    let (code, said) = probe(vec!["--help".to_owned()], KEY).await;
    assert!(code == Some(0) && said.contains("Compare a real gateway with the sandbox"), "{said}");
    fs::remove_dir_all(folder).unwrap();
}
