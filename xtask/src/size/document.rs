//! The frame's document as the built edge serves it.
//!
//! Owns the edge that is started for it: with the shipped configuration, an empty state and no gateway. Must not build
//! anything.

use crate::{
    secrets, settings,
    workerd::{Access, Options, Workerd},
};
use anyhow::{Context, Result, ensure};
use std::time::Duration;
use ureq::Agent;

/// The English document of the first site.
pub(super) async fn served() -> Result<Vec<u8>> {
    let settings = settings::load(None)?;
    let sites = settings.check()?.sites;
    let site = sites.first().context("the configuration has no site")?;
    let state = std::env::temp_dir().join(format!("easel-size-{}", std::process::id()));
    let key = secrets::gateway_key_name(settings.provider());
    let secrets = [(key, "none"), (secrets::SIGNING_KEY, "0123456789abcdef0123456789abcdef")];
    let options = Options {
        port: 0,
        state: state.clone(),
        vars: settings.vars(),
        secrets: secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        access: Access::default(),
        echo: false,
        ledger: None,
    };
    let edge = Workerd::start(options).await?;
    let url = format!("{}/studio/{}?locale=en", edge.url(), site.id);
    let document = tokio::task::spawn_blocking(move || get(&url)).await?;
    let log = edge.log();
    edge.stop().await?;
    // The folder exists only if an object has stored something.
    let _ = std::fs::remove_dir_all(state);
    document.with_context(|| format!("the edge does not serve the document; its log:\n{log}"))
}

fn get(url: &str) -> Result<Vec<u8>> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let mut answer = agent.get(url).header("accept-encoding", "identity").call()?;
    ensure!(answer.status() == 200, "it answers {}", answer.status());
    Ok(answer.body_mut().read_to_vec()?)
}
