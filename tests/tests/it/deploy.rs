//! A deploy's rehearsal with the real wrangler, up to what only an account could refuse. The account is on loopback.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::{
    host::{File, Host},
    run,
};
use xtask::{deploy, repo};

/// The committed configuration for a site in the world.
fn for_the_world() -> Result<String> {
    let local = r#""http://localhost:8787""#;
    let file = deploy::file()?;
    assert!(file.contains(local), "the committed site is for this machine");
    Ok(file.replace(local, r#""https://www.example.com""#))
}

/// Rehearses with an account that has these secrets; what the account was asked for, and how it ended.
async fn rehearse(secrets: &[&str]) -> Result<(Vec<String>, Result<()>)> {
    let list: Vec<Value> =
        secrets.iter().map(|name| json!({ "name": name, "type": "secret_text" })).collect();
    let answer = json!({ "success": true, "errors": [], "messages": [], "result": list });
    let path = "/client/v4/accounts/0123/workers/scripts/easel/secrets";
    let media_type = "application/json";
    let account =
        Host::start(vec![File { media_type, ..File::page(path, answer.to_string()) }]).await?;
    let home = repo::path("target/xtask/test-wrangler").display().to_string();
    let environment = [
        ("CLOUDFLARE_API_BASE_URL", format!("{}/client/v4", account.origin("127.0.0.1"))),
        ("CLOUDFLARE_API_TOKEN", "not-a-token".to_owned()),
        ("CLOUDFLARE_ACCOUNT_ID", "0123".to_owned()),
        // It neither looks for a newer version nor reports anything.
        ("WRANGLER_HIDE_BANNER", "true".to_owned()),
        ("WRANGLER_SEND_ERROR_REPORTS", "false".to_owned()),
        ("WRANGLER_LOG_PATH", format!("{home}/logs")),
        ("XDG_CONFIG_HOME", home),
    ];
    let today = "2026-11-02".parse().ok().context("no day")?;
    let outcome = deploy::rehearse(for_the_world()?, today, &environment).await;
    let asked = account.asked().into_iter().map(|(line, _)| line).collect();
    Ok((asked, outcome))
}

#[test]
fn the_real_wrangler_rehearses_a_deploy_of_this_clone() {
    run(async {
        let all = ["AI_GATEWAY_API_KEY", "EASEL_SIGNING_KEY", "EASEL_OPERATOR_TOKEN"];
        let (asked, outcome) = rehearse(&all).await?;
        outcome?;
        assert_eq!(asked, ["GET /client/v4/accounts/0123/workers/scripts/easel/secrets"]);
        let (_, outcome) = rehearse(&all[1..]).await?;
        let reason = outcome.err().map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(reason.contains("AI_GATEWAY_API_KEY is missing in the account"), "{reason}");
        Ok(())
    });
}
