//! The checks that order nothing: documents, files, errors, and who may embed.
//!
//! Owns which responses are fetched. Must not judge one.

use super::{
    Checked, Client, about, challenge,
    client::{Call, unpacked},
    none, status,
};
use anyhow::Result;
use contract::{route, site::Site};
use preflight::smoke::{
    answer::Answer,
    embedding::{self, Answers, UNLISTED},
    errors,
    headers::{self, Kind},
    links,
};
use std::collections::{BTreeMap, BTreeSet};

/// The files that no document of ours needs to name.
const ALWAYS: [&str; 3] = ["/easel.js", "/easel.d.ts", "/custom-elements.json"];

/// The files that texts name, each with the path of a text that names it.
pub(super) type Named = BTreeMap<String, String>;

/// Who may embed the site's studio.
pub(super) async fn embedding(client: &Client, site: &Site, listed: Option<&str>) -> Checked<()> {
    let mut found =
        embedding::unlisted(UNLISTED, client.secure(), &answers(client, site, UNLISTED).await?);
    let mut said = "another origin is refused".to_owned();
    if let Some(origin) = listed {
        found.extend(embedding::listed(origin, &answers(client, site, origin).await?));
        said = format!("{origin} is allowed, {said}");
    }
    none(found)?;
    Ok((said, ()))
}

async fn answers(client: &Client, site: &Site, origin: &str) -> Result<Answers> {
    let path = route::studio(&site.id);
    let asked = |destination: &str| Call {
        method: "GET",
        path: &path,
        headers: vec![
            ("accept", "text/html".to_owned()),
            ("sec-fetch-dest", destination.to_owned()),
            ("referer", format!("{origin}/")),
        ],
        body: None,
    };
    Ok(Answers {
        site: client.get(&format!("{}?origin={origin}", route::site(&site.id))).await?,
        frame: client.send(asked("iframe")).await?,
        document: client.send(asked("document")).await?,
    })
}

/// Every kind of document, and the free responses in JSON.
pub(super) async fn documents(client: &Client, site: &Site) -> Checked<Named> {
    let own = client.get("/").await?;
    let (mut found, mut named) = (Vec::new(), Named::new());
    let mut count = 0;
    let mut judge = |path: &str, expected: u16, kind: Kind<'_>, answer: &Answer| {
        count += 1;
        found.extend(status(path, expected, answer));
        found.extend(about(path, headers::judge(kind, client.secure(), answer)));
        for file in links::files(&answer.text()) {
            named.entry(file).or_insert_with(|| path.to_owned());
        }
    };
    judge("/", 200, Kind::OwnersPage, &own);
    let studio = route::studio(&site.id);
    judge(&studio, 200, Kind::Frame(challenge(site)), &client.get(&studio).await?);
    let mut pages = links::pages(&own.text());
    pages.insert("/statements.html".to_owned());
    for path in pages.iter().filter(|path| extension(path) == "html") {
        judge(path, 200, Kind::Page, &client.get(path).await?);
    }
    let unknown = Call {
        method: "GET",
        path: "/studio/no-such-site",
        headers: vec![("accept", "text/html".to_owned())],
        body: None,
    };
    judge("/studio/no-such-site", 404, Kind::Refusal, &client.send(unknown).await?);
    for path in ["/healthz".to_owned(), route::site(&site.id)] {
        judge(&path, 200, Kind::Json, &client.get(&path).await?);
    }
    for path in pages.into_iter().filter(|path| path.ends_with("/easel.js")) {
        named.insert(path, "/".to_owned());
    }
    none(found)?;
    Ok((format!("{count} documents"), named))
}

/// Every file that a document names, and every file that those name, both as it is and compressed.
pub(super) async fn files(
    client: &Client,
    site: &Site,
    mut named: Named,
) -> Checked<BTreeSet<String>> {
    named.extend(ALWAYS.map(|path| (path.to_owned(), "every release".to_owned())));
    // A preset's picture is a path of this edge; nothing else in its place is asked for.
    let presets = site.presets.iter().filter_map(|preset| preset.picture.as_deref());
    let presets = presets.flat_map(links::files);
    named.extend(presets.map(|path| (path, route::site(&site.id))));
    let (mut found, mut fetched) = (Vec::new(), BTreeSet::new());
    while let Some((path, by)) = named.pop_first() {
        if !fetched.insert(path.clone()) {
            continue;
        }
        let plain = fetch(client, &path, "identity").await?;
        if plain.status != 200 {
            found.push(format!("{path}, which {by} names: {}", plain.describe()));
            continue;
        }
        found.extend(about(&path, headers::judge(Kind::File(&path), client.secure(), &plain)));
        let is_text = ["js", "css", "json", "ts"].contains(&extension(&path));
        if is_text {
            let next = links::files(&plain.text());
            named.extend(next.into_iter().map(|file| (file, path.clone())));
        }
        // A browser gets the compressed copy, which is a file of its own.
        if is_text || ["wasm", "svg"].contains(&extension(&path)) {
            let packed = fetch(client, &path, "br").await?;
            let coding = packed.header("content-encoding");
            let same = match coding.as_deref() {
                Some("br") => unpacked(&packed.body) == plain.body,
                _ => packed.body == plain.body,
            };
            if !same {
                found.push(format!("{path}: its compressed copy is another file"));
            }
        }
    }
    none(found)?;
    Ok((format!("{} files", fetched.len()), fetched))
}

async fn fetch(client: &Client, path: &str, coding: &str) -> Result<Answer> {
    let headers = vec![("accept-encoding", coding.to_owned())];
    client.send(Call { method: "GET", path, headers, body: None }).await
}

/// The errors that cost nothing.
pub(super) async fn errors(client: &Client, site: &Site) -> Checked<()> {
    let (mut found, all) = (Vec::new(), errors::all(&site.id));
    for request in &all {
        let answer = client.send(Call {
            method: request.method,
            path: &request.path,
            headers: request.headers.clone(),
            body: request.body.clone(),
        });
        let what = format!("{} {}", request.method, request.path);
        found.extend(about(&what, errors::judge(request, client.secure(), &answer.await?)));
    }
    none(found)?;
    Ok((format!("{} refusals", all.len()), ()))
}

/// What follows the last dot of a path.
fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}
