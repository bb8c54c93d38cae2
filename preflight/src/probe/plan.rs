//! Which requests are sent, in which order, and what each may cost.
//!
//! Owns the list: first what can make no picture, then refusals, then pictures from the cheapest on. A refusal that
//! would be a picture if the gateway were lenient has that picture's worst case, although it is expected to be free.
//! Must not say what the answer is: the sandbox knows.

use super::{
    is_vercel, no_model,
    step::{Body, Credential, Step},
};
use anyhow::Result;
use base64::{Engine, prelude::BASE64_STANDARD};
use contract::{
    job::Order,
    money::Nano,
    options::{Background, Format, MediaType, Quality, Size},
    time::Day,
};
use engine::{
    config::{Config, model::Model},
    gateway::{
        catalogue,
        dialect::Dialect,
        request::{self, BodyPart, PictureRequest},
    },
    picture::upload::Upload,
    price,
};
use serde_json::{Value, json};

/// A picture to edit: a red disc before a pale wall.
pub(super) const PICTURE: &[u8] = include_bytes!("picture.png");
const UPLOAD: Upload =
    Upload { media_type: MediaType::Png, width: 256, height: 256, bytes: PICTURE.len() as u64 };
const PROMPT: &str = "A red balloon on a wooden table.";
const JSON: &str = "application/json";
/// In place of a visitor's hash.
const VISITOR: [u8; 32] = [0xEA; 32];
/// A language model, and more than an answer of it to such a prompt costs.
const LANGUAGE_MODEL: (&str, Nano) = ("openai/gpt-5-mini", Nano(10_000_000));
const SIZES: [Size; 3] = [
    Size { width: 1024, height: 1024 },
    Size { width: 1024, height: 1536 },
    Size { width: 1536, height: 1024 },
];

/// The cheapest picture of a model.
#[derive(Clone, Copy)]
struct Cheapest<'a> {
    dialect: &'a Dialect,
    model: &'a Model,
    quality: Quality,
    size: Size,
}

/// All requests, in order.
pub(super) fn steps(config: &Config, today: Day) -> Result<Vec<Step>> {
    let dialect = config.gateway.dialect;
    let living = config.models.iter().filter(|model| !model.is_over(today));
    let mut models: Vec<Cheapest> =
        living.filter_map(|model| Cheapest::of(dialect, model)).collect();
    models.sort_by_key(|one| one.worst(1, &[]));
    let Some(&first) = models.first() else { return no_model() };
    let mut all = first.free();
    all.extend(first.refusals());
    let mut paid: Vec<Step> = models.iter().map(Cheapest::as_the_edge_orders).collect();
    paid.extend(first.paid());
    paid.sort_by_key(|step| step.worst);
    all.extend(paid);
    Ok(all)
}

impl<'a> Cheapest<'a> {
    fn of(dialect: &'a Dialect, model: &'a Model) -> Option<Self> {
        let kinds = Quality::ALL.iter().flat_map(|&quality| SIZES.map(|size| (quality, size)));
        let priced = kinds.filter_map(|(quality, size)| {
            Some((model.worst(quality, size)?, Self { dialect, model, quality, size }))
        });
        priced.min_by_key(|(worst, _)| *worst).map(|(_, one)| one)
    }

    fn order(&self) -> Order {
        let formats = self.model.formats.as_deref().unwrap_or(&[Format::Webp]);
        let format = formats.iter().copied().find(|format| *format == Format::Webp);
        let format = format.or_else(|| formats.first().copied()).unwrap_or(Format::Webp);
        Order {
            prompt: PROMPT.to_owned(),
            count: 1,
            size: self.size,
            quality: self.quality,
            background: Background::Opaque,
            format,
            compression: (format != Format::Png).then_some(60),
        }
    }

    /// The worst case of that many such pictures; more than any sum if it cannot be computed.
    fn worst(&self, count: u64, uploads: &[Upload]) -> Nano {
        let one = price::worst(self.model, self.dialect, &self.order(), PROMPT, uploads);
        one.and_then(|one| one.checked_mul(count)).unwrap_or(Nano(u64::MAX))
    }

    /// The same if the gateway chooses the size.
    fn any_size(&self) -> Nano {
        let sizes = SIZES.map(|size| Self { size, ..*self });
        let priced = sizes.iter().filter(|one| one.model.worst(one.quality, one.size).is_some());
        priced.map(|one| one.worst(1, &[])).max().unwrap_or(Nano(u64::MAX))
    }

    fn wire_model(&self) -> &str {
        self.dialect.model(&self.model.id)
    }

    /// The members that every gateway reads, with some of them replaced, or left out by `null`.
    fn members(&self, changes: &Value) -> Value {
        let mut members = json!({
            "model": self.wire_model(), "prompt": PROMPT, "n": 1, "size": self.size, "quality": self.quality,
        });
        if let (Some(members), Some(changes)) = (members.as_object_mut(), changes.as_object()) {
            for (name, value) in changes {
                match value {
                    Value::Null => drop(members.remove(name)),
                    value => drop(members.insert(name.clone(), value.clone())),
                }
            }
        }
        members
    }

    /// A request about pictures.
    fn post(&self, name: &str, path: &str, body: Body, worst: Nano) -> Step {
        Step {
            name: name.to_owned(),
            method: "POST",
            path: path.to_owned(),
            credential: Credential::Key,
            accept: JSON,
            body,
            worst,
            prices: Some(self.model.prices),
            model: self.wire_model().to_owned(),
        }
    }

    fn generation(&self, name: &str, changes: &Value, worst: Nano) -> Step {
        let body = Body::Json(self.members(changes).to_string());
        self.post(name, request::PATH, body, worst)
    }

    fn edit(&self, name: &str, changes: &Value, worst: Nano) -> Step {
        let body = Body::Json(self.members(changes).to_string());
        self.post(name, request::EDITS_PATH, body, worst)
    }

    fn get(&self, name: &str, path: &str, credential: Credential) -> Step {
        let step = self.post(name, path, Body::Nothing, Nano::ZERO);
        Step { method: "GET", credential, prices: None, ..step }
    }

    /// What can make no picture: lists, and requests without a key, a model, a prompt or a picture.
    fn free(&self) -> Vec<Step> {
        let (nothing, vercel) = (Nano::ZERO, is_vercel(self.dialect));
        let reading = if vercel { Credential::Nothing } else { Credential::Key };
        let one = |model: &str| format!("{}/{model}", catalogue::MODELS);
        let unknown = self.dialect.model("openai/gpt-image-0-nobody");
        let mut all = vec![
            self.get("the list of models", catalogue::MODELS, reading),
            self.get("one model", &one(self.wire_model()), reading),
            self.get("one model that does not exist", &one(unknown), reading),
        ];
        if let Some(credits) = self.dialect.credits {
            all.push(self.get("the credits", credits, Credential::Key));
            all.push(self.get("the credits with a wrong key", credits, Credential::Wrong));
        }
        let plain = self.generation("", &json!({}), nothing);
        for (name, credential) in
            [("a wrong key", Credential::Wrong), ("no key", Credential::Nothing)]
        {
            all.push(Step { name: name.to_owned(), credential, ..plain.clone() });
        }
        all.push(self.get("a path that does not exist", "/nothing", Credential::Nothing));
        all.push(self.get("the wrong method", request::PATH, Credential::Key));
        let malformed = Body::Json(r#"{"model": "#.to_owned());
        all.push(self.post("malformed JSON", request::PATH, malformed, nothing));
        // A provider of its own models may have one by default.
        let no_model =
            json!({ "model": null, "prompt": if vercel { json!(PROMPT) } else { Value::Null } });
        all.push(self.generation("no model", &no_model, nothing));
        all.push(self.generation("no prompt", &json!({ "prompt": null }), nothing));
        all.push(self.generation("a prompt that is a number", &json!({ "prompt": 5 }), nothing));
        all.push(self.generation("no picture at all", &json!({ "n": 0 }), nothing));
        let unknown = Step {
            model: unknown.to_owned(),
            ..self.generation("a model that does not exist", &json!({ "model": unknown }), nothing)
        };
        all.push(unknown);
        let file = json!({ "images": [{ "file_id": "file-nobody" }] });
        all.push(self.edit("an edit of an uploaded file", &file, nothing));
        let address = json!({ "images": [{ "image_url": "ftp://127.0.0.1/none.png" }] });
        all.push(self.edit("an edit of an address that is not https", &address, nothing));
        all
    }

    /// What a gateway refuses, and what a lenient one could make a picture of.
    fn refusals(&self) -> Vec<Step> {
        let (one, any) = (self.worst(1, &[]), self.any_size());
        let mut all = vec![
            self.generation("an empty prompt", &json!({ "prompt": "" }), one),
            self.generation("a size that no model has", &json!({ "size": "512x512" }), any),
            self.edit("an edit without a picture", &json!({ "images": [] }), any),
        ];
        let text = BASE64_STANDARD.encode("no picture");
        let broken =
            json!({ "images": [{ "image_url": format!("data:image/png;base64,{text}") }] });
        let worst = self.worst(1, &[UPLOAD]);
        all.push(self.edit("an edit of something that is no picture", &broken, worst));
        if is_vercel(self.dialect) {
            let options = |options: Value| json!({ "providerOptions": { "openai": options } });
            let transparent =
                options(json!({ "background": "transparent", "outputFormat": "jpeg" }));
            all.push(self.generation("a transparent JPEG", &transparent, one));
            let format = options(json!({ "outputFormat": "bmp" }));
            all.push(self.generation("an option with an unknown value", &format, one));
            for (name, filter) in [
                ("no provider by that name", json!({ "only": ["nobody"] })),
                ("no provider without retention", json!({ "zeroDataRetention": true })),
            ] {
                let filter = json!({ "providerOptions": { "gateway": filter } });
                all.push(self.generation(name, &filter, one));
            }
            let message = json!([{ "role": "user", "content": PROMPT }]);
            let chat = json!({ "model": self.wire_model(), "messages": message });
            let chat = Body::Json(chat.to_string());
            all.push(self.post("a chat with a picture model", "/chat/completions", chat, any));
            let (model, worst) = LANGUAGE_MODEL;
            let language = self.generation("a language model", &json!({ "model": model }), worst);
            all.push(Step { prices: None, model: model.to_owned(), ..language });
        } else {
            let transparent = json!({ "background": "transparent", "output_format": "jpeg" });
            all.push(self.generation("a transparent JPEG", &transparent, one));
            let unknown = json!({ "providerOptions": {} });
            all.push(self.generation("an unknown parameter", &unknown, one));
            let streamed = json!({ "n": 2, "stream": true });
            all.push(self.generation("a stream of two pictures", &streamed, self.worst(2, &[])));
        }
        all.push(self.generation(
            "more than ten pictures",
            &json!({ "n": 11 }),
            self.worst(11, &[]),
        ));
        all
    }

    /// One picture, by the request that the edge writes.
    fn as_the_edge_orders(&self) -> Step {
        let name = format!("a picture by {}", self.model.id);
        self.written(&name, &[])
    }

    /// The requests that cost money besides.
    fn paid(&self) -> Vec<Step> {
        let two = self.generation("two pictures", &json!({ "n": 2 }), self.worst(2, &[]));
        let one = self.worst(1, &[]);
        let mut all = vec![two];
        if is_vercel(self.dialect) {
            let options = json!({ "output_format": "jpeg", "response_format": "b64_json" });
            all.push(self.generation("a picture with options at top level", &options, one));
        } else {
            all.push(self.generation("a picture without a stream", &json!({}), one));
        }
        let standard = Self { quality: Quality::Medium, ..*self };
        if self.quality == Quality::Low && self.model.worst(Quality::Medium, self.size).is_some() {
            all.push(standard.written("a picture of medium quality", &[]));
        }
        if self.model.inputs > 0 {
            all.push(self.written("an edit", &[UPLOAD]));
            let fields = vec![
                ("model", self.wire_model().to_owned()),
                ("prompt", PROMPT.to_owned()),
                ("n", "1".to_owned()),
                ("size", self.size.to_string()),
                ("quality", self.quality.to_string()),
            ];
            let (form, worst) = (Body::Form(fields, PICTURE), self.worst(1, &[UPLOAD]));
            all.push(self.post("an edit as a form", request::EDITS_PATH, form, worst));
        }
        all
    }

    fn written(&self, name: &str, uploads: &[Upload]) -> Step {
        let written = request::write(&PictureRequest {
            dialect: self.dialect,
            model: &self.model.id,
            prompt: PROMPT,
            order: &self.order(),
            pictures: uploads,
            visitor: Some(VISITOR),
        });
        let part = |part: &BodyPart| match part {
            BodyPart::Text(text) => text.clone(),
            BodyPart::Picture(_) => BASE64_STANDARD.encode(PICTURE),
        };
        let body = Body::Json(written.parts.iter().map(part).collect());
        let step = self.post(name, written.path, body, self.worst(1, uploads));
        Step { accept: written.accept, ..step }
    }
}
