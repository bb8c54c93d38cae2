//! `cargo xtask examples`: paints the pictures that presets name and `public/sites/{id}/` lacks.
//!
//! Owns the order of the work: what is missing, what it may cost, then one picture after another. Must not overwrite a
//! file, must not order a picture twice, and must not spend money unless `--gateway` and `--yes` are given.

use crate::{
    build::sites,
    clock,
    command::Examples,
    console, repo,
    secrets::{self, ProvidedSecrets},
    settings,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use contract::{
    job::Order,
    money::Nano,
    options::{Background, Format, Size},
};
use engine::{
    candidates,
    config::{Config, gateway::Gateway, model::Model, site::Site},
    gateway::{
        request::{self, BodyPart, PictureRequest},
        response_reader::ResponseReader,
    },
    order::upstream_prompt,
    price,
};
use painter::{Subject, encode, paint};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};
use ureq::Agent;

/// The longest side of a sample in pixels: twice a tile's width on a phone.
const SAMPLE_SIDE: u32 = 512;
/// A sample's quality as a file, 0 to 100.
const SAMPLE_COMPRESSION: u8 = 60;
/// The quality of an ordered picture as a file: it stays within what the build accepts.
const ORDERED_COMPRESSION: u8 = 60;
/// How long the gateway may take for one picture.
const SECONDS: u64 = 300;
/// The most bytes of the gateway's answer.
const MOST_ANSWER: u64 = 32 << 20;

/// A picture that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    /// The site and the label of its preset, for sentences.
    name: String,
    file: PathBuf,
    prompt: String,
    order: Order,
    /// The id of the model, and the most that the picture may cost with it.
    model: String,
    worst: Nano,
}

/// Paints what is missing, or orders it at a gateway.
pub async fn run(options: Examples) -> Result<()> {
    let Examples { config, gateway, yes } = options;
    let mut settings = settings::load(config.as_deref())?;
    let key = match &gateway {
        None => None,
        Some(url) => {
            settings.set_gateway(url);
            let name = secrets::gateway_key_name(settings.provider());
            let key = ProvidedSecrets::read().get(name);
            Some(key.with_context(|| {
                format!("--gateway needs {name} in the environment or in edge/.dev.vars")
            })?)
        }
    };
    make(&settings.check()?, &repo::path("public/sites"), key, yes).await
}

/// Does that for a checked configuration and a folder. `key`: the gateway's key, if pictures are ordered.
async fn make(config: &Config, folder: &Path, key: Option<String>, yes: bool) -> Result<()> {
    let missing = missing(config, folder)?;
    suggest(config);
    if missing.is_empty() {
        console::text("Every picture that a preset names is there.");
        return Ok(());
    }
    if key.is_some() {
        let png = missing.iter().find(|one| one.order.format == Format::Png);
        if let Some(one) = png {
            bail!("{}: a whole picture as PNG is too large for the wall; name it .webp", one.name);
        }
        let most = missing.iter().try_fold(Nano::ZERO, |sum, one| sum.checked_add(one.worst));
        let most = most.context("the prices add up to more than a number can hold")?;
        console::text(&format!(
            "{} pictures from {}, for at most {most} USD.",
            missing.len(),
            config.gateway.base_url
        ));
        ensure!(yes, "nothing was ordered: --yes orders them");
    }
    for one in &missing {
        let bytes = match &key {
            None => sample(one)?,
            Some(key) => ordered(&config.gateway, one, key).await.with_context(|| {
                format!("{}: it may have been charged; it is not ordered again", one.name)
            })?,
        };
        // What was paid for is kept, also if the build will refuse it.
        write(&one.file, &bytes)?;
        console::fact("painted", &one.file.display().to_string());
        let name = one.file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        sites::check(name, &bytes).with_context(|| one.file.display().to_string())?;
    }
    Ok(())
}

/// The pictures that a preset names and that are not there, each file once.
fn missing(config: &Config, folder: &Path) -> Result<Vec<Missing>> {
    let mut found: Vec<Missing> = Vec::new();
    for site in &config.sites {
        for preset in &site.presets {
            let Some(name) = &preset.picture else { continue };
            let file = folder.join(&site.id).join(name);
            if file.exists() || found.iter().any(|other| other.file == file) {
                continue;
            }
            let order = order(site, &preset.prompt, name);
            let model = model(config, site, &order)
                .with_context(|| format!("{}: no model makes such a picture", site.id))?;
            let prompt = upstream_prompt(&order, site);
            let worst = price::worst(model, config.gateway.dialect, &order, &prompt, &[])
                .with_context(|| format!("{} has no price", model.id))?;
            found.push(Missing {
                name: format!("{}: {}", site.id, preset.label),
                file,
                prompt,
                order,
                model: model.id.clone(),
                worst,
            });
        }
    }
    Ok(found)
}

/// What a visitor would order with the preset alone, in the format that the file's name says.
fn order(site: &Site, prompt: &str, name: &str) -> Order {
    let format = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("png") => Format::Png,
        Some("jpg" | "jpeg") => Format::Jpeg,
        _ => Format::Webp,
    };
    let automatic = site.backgrounds.contains(&Background::Auto);
    Order {
        prompt: prompt.to_owned(),
        count: 1,
        size: site.default_size,
        quality: site.default_quality,
        background: if automatic { Background::Auto } else { Background::Opaque },
        format,
        compression: (format != Format::Png).then_some(ORDERED_COMPRESSION),
    }
}

fn model<'a>(config: &'a Config, site: &Site, order: &Order) -> Option<&'a Model> {
    let kind = (order.size, order.quality);
    let able = candidates::kind(&config.models, site, kind, clock::today())?;
    Some(able.living.first().copied().unwrap_or(able.last_resort))
}

/// Tells which presets could have a picture.
fn suggest(config: &Config) {
    for site in &config.sites {
        for preset in site.presets.iter().filter(|preset| preset.picture.is_none()) {
            console::text(&format!(
                "{}: “{}” has no picture; with \"picture\": \"{}.webp\" it would get one.",
                site.id,
                preset.label,
                stem(&preset.label)
            ));
        }
    }
}

/// A label as the stem of a file's name.
fn stem(label: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = label.replace('\'', "").chars().map(plain).collect();
    let stem: Vec<&str> = words.split_whitespace().collect();
    if stem.is_empty() { "preset".to_owned() } else { stem.join("-") }
}

/// A picture that the sandbox paints: it costs nothing, and it says that it is a sample.
fn sample(wanted: &Missing) -> Result<Vec<u8>> {
    let Size { width, height } = wanted.order.size;
    let longest = u32::from(width.max(height).max(1));
    let side = |pixels: u16| {
        u16::try_from((u32::from(pixels) * SAMPLE_SIDE).div_ceil(longest)).unwrap_or(pixels)
    };
    let picture = paint(&Subject {
        prompt: wanted.order.prompt.clone(),
        index: 0,
        size: Size { width: side(width), height: side(height) },
        quality: wanted.order.quality,
        transparent: false,
        source: None,
        blur: 0,
    });
    Ok(encode(&picture, wanted.order.format, SAMPLE_COMPRESSION)?)
}

/// One picture of the gateway. Whatever goes wrong, the caller must take it as paid.
async fn ordered(gateway: &Gateway, wanted: &Missing, key: &str) -> Result<Vec<u8>> {
    let request = request::write(&PictureRequest {
        dialect: gateway.dialect,
        model: &wanted.model,
        prompt: &wanted.prompt,
        order: &wanted.order,
        pictures: &[],
        visitor: None,
    });
    let text = |part: &BodyPart| match part {
        BodyPart::Text(text) => text.clone(),
        BodyPart::Picture(_) => String::new(),
    };
    let body: String = request.parts.iter().map(text).collect();
    let url = format!("{}{}", gateway.base_url.trim_end_matches('/'), request.path);
    let (accept, key) = (request.accept, key.to_owned());
    let answer = tokio::task::spawn_blocking(move || post(&url, accept, &key, &body)).await??;
    let (mut reader, mut rest, mut bytes) =
        (ResponseReader::new(gateway.dialect), answer.as_slice(), Vec::new());
    let unreadable = |_| anyhow!("the gateway's answer holds no whole picture");
    while reader.feed(&mut rest, &mut bytes).map_err(unreadable)?.is_some() {}
    reader.finish().map_err(unreadable)?;
    Ok(bytes)
}

/// The body of a successful answer. The error repeats nothing that was sent or received.
fn post(url: &str, accept: &str, key: &str, body: &str) -> Result<Vec<u8>> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(SECONDS)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let answer = agent
        .post(url)
        .header("authorization", &format!("Bearer {key}"))
        .header("content-type", "application/json")
        .header("accept", accept)
        .send(body);
    let mut answer = answer.map_err(|_| anyhow!("the gateway did not answer"))?;
    ensure!(answer.status() == 200, "the gateway answered {}", answer.status().as_u16());
    let mut bytes = Vec::new();
    answer.body_mut().as_reader().take(MOST_ANSWER).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that is complete as soon as it has its name.
fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().context("a picture lies in a folder")?;
    fs::create_dir_all(folder)?;
    let unfinished = file.with_added_extension("part");
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sandbox::Sandbox;

    /// The committed configuration with these presets, and the given gateway.
    fn config(presets: &str, gateway: Option<&str>) -> Config {
        let file = crate::deploy::file().unwrap();
        let (before, rest) = file.split_once("\"presets\": [").unwrap();
        let (_, after) = rest.split_once("\n      ]").unwrap();
        let text = format!("{before}\"presets\": [{presets}]{after}");
        let mut settings = settings::Settings::from_wrangler(&text).unwrap();
        if let Some(url) = gateway {
            settings.set_gateway(url);
        }
        settings.check().unwrap()
    }

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("easel-examples-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    const TWO: &str = r#"{ "label": "A", "prompt": "a sea", "picture": "a.webp" },
        { "label": "B", "prompt": "a forest", "picture": "b.png" }, { "label": "C", "prompt": "c" }"#;

    #[tokio::test]
    async fn what_is_missing_is_painted_once_and_nothing_is_overwritten() {
        let (config, folder) = (config(TWO, None), folder("sample"));
        fs::create_dir_all(folder.join("demo")).unwrap();
        fs::write(folder.join("demo/b.png"), b"mine").unwrap();
        make(&config, &folder, None, false).await.unwrap();
        let painted = fs::read(folder.join("demo/a.webp")).unwrap();
        sites::check("a.webp", &painted).unwrap();
        assert_eq!(fs::read(folder.join("demo/b.png")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(folder.join("demo")).unwrap().count(), 2, "C names no picture");
        assert!(missing(&config, &folder).unwrap().is_empty());
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_gateway_is_asked_only_after_the_price_was_accepted_and_never_twice() {
        let sandbox = Sandbox::start(sandbox::Settings::for_tests()).await.unwrap();
        let presets = r#"{ "label": "A", "prompt": "a sea", "picture": "a.webp" },
            { "label": "B", "prompt": "sandbox:refuse", "picture": "b.webp" },
            { "label": "C", "prompt": "a hill", "picture": "c.webp" }"#;
        let (config, folder) = (config(presets, Some(&sandbox.url())), folder("gateway"));
        let key = || Some("a-secret-key".to_owned());
        let error = make(&config, &folder, key(), false).await.unwrap_err();
        assert!(error.to_string().contains("--yes"));
        assert_eq!(sandbox.books().calls().len(), 0);
        let error = make(&config, &folder, key(), true).await.unwrap_err();
        let said = format!("{error:#}");
        assert!(
            said.contains("demo: B: it may have been charged") && !said.contains("a-secret-key")
        );
        let calls = sandbox.books().calls().len();
        assert!(folder.join("demo/a.webp").is_file() && !folder.join("demo/c.webp").exists());
        assert_eq!(calls, 2, "the first one that fails ends the work");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_label_becomes_a_name() {
        for (label, name) in [("Children's book", "childrens-book"), ("日本", "preset")] {
            assert_eq!(stem(label), name);
        }
    }
}
