//! The Worker and the host render the same document from the same site.

use anyhow::{Context, Result, anyhow};
use app::document::{self, LanguageFacts, Shell};
use contract::site::Site;
use engine::document::language::Language;
use serde_json::json;
use tests::{
    fixtures::{self, EDGES},
    run,
    studio::Setup,
    visitor::client,
};
use xtask::repo;

/// What follows this is the name of the build, in quotes; the host's is another one.
const BUILD: &str = "\"build\":\"";

/// A document with this in place of its build.
fn of_build(html: &str, build: &str) -> Result<String> {
    let (start, rest) = html.split_once(BUILD).context("the document names no build")?;
    let (_, end) = rest.split_once('"').context("its name has no end")?;
    Ok([start, BUILD, build, "\"", end].concat())
}

#[test]
fn the_worker_renders_every_site_byte_for_byte_as_the_host_does() {
    run(async {
        let shell: Shell = serde_json::from_slice(&std::fs::read(repo::path("dist/shell.json"))?)?;
        let verify = "http://127.0.0.1:1/turnstile/v0/siteverify";
        let challenge = json!({ "provider": "turnstile", "site_key": "0x4", "verify_url": verify });
        let mut compared = 0;
        for (edge, (inputs, _, samples)) in EDGES.into_iter().enumerate() {
            let all = fixtures::sites(&challenge);
            let own: Vec<_> = all.into_iter().filter(|fixture| fixture.edge == edge).collect();
            let mut setup =
                Setup::default().secret("TURNSTILE_SECRET_KEY", "0x4AAAAAAACANARYsecret");
            setup.sites = own.iter().map(|fixture| fixture.site.clone()).collect();
            setup.samples = samples;
            setup.models[0]["inputs"] = inputs.into();
            let studio = setup.start().await?;
            let (base, http) = (studio.edge.url(), client()?);
            for fixture in &own {
                let (id, query) = (&fixture.id, fixture.query);
                let get = async |path: String| {
                    let answer = http.get(format!("{base}{path}")).send().await?;
                    anyhow::Ok(answer.error_for_status()?.text().await?)
                };
                let site: Site = serde_json::from_str(&get(format!("/v1/sites/{id}")).await?)?;
                let language = Language::choose(query.strip_prefix("?locale="), None, &site.texts);
                let facts = LanguageFacts {
                    words: language.words,
                    lang: &language.lang,
                    from_the_right: language.from_the_right,
                };
                let host = document::render(&shell, site, &facts)
                    .map_err(|error| anyhow!("{id}: {error}"))?;
                let worker = get(format!("/studio/{id}{query}")).await?;
                assert_ne!(host, worker, "the host's build has another name");
                assert!(of_build(&host, "")? == of_build(&worker, "")?, "{id}{query} differs");
                compared += 1;
            }
            studio.stop().await?;
        }
        assert_eq!(compared, 40);
        Ok(())
    });
}
