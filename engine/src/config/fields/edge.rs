//! The fields that hold for the whole edge: the gateway, the alerts and the models.
//!
//! Owns their descriptions. Must not describe a site's fields.

use super::{BACKGROUNDS, FORMATS, Field, Kind};

pub(super) const FIELDS: &[Field] = &[
    Field {
        path: "gateway",
        kind: Kind::Object,
        default: Some("{}"),
        meaning: "The service that makes the pictures, and how long the edge waits for it.",
        example: r#"{"total_seconds": 240}"#,
    },
    Field {
        path: "gateway.provider",
        kind: Kind::Word(&["vercel", "openai"]),
        default: Some(r#""vercel""#),
        meaning: "Whose interface the gateway speaks: that of Vercel's AI Gateway, or OpenAI's own, whose pictures sharpen \
                  while they are made. Each needs its own secret.",
        example: r#""vercel""#,
    },
    Field {
        path: "gateway.base_url",
        kind: Kind::Url,
        default: Some(r#""https://ai-gateway.vercel.sh/v1""#),
        meaning: "The gateway's address, to which paths are appended. With `\"provider\": \"openai\"` the default is \
                  `https://api.openai.com/v1`.",
        example: r#""https://ai-gateway.vercel.sh/v1""#,
    },
    Field {
        path: "gateway.total_seconds",
        kind: Kind::Number(10, 840),
        default: Some("300"),
        meaning: "Seconds that a job may take in all. Vercel's gateway sends nothing until a picture is ready, so this \
                  is also the wait for the first byte. After it the job ends as `interrupted`, spent.",
        example: "240",
    },
    Field {
        path: "gateway.stall_seconds",
        kind: Kind::Number(1, 300),
        default: Some("30"),
        meaning: "Seconds for which a response that has begun may send nothing.",
        example: "30",
    },
    Field {
        path: "alerts",
        kind: Kind::Object,
        default: Some("null"),
        meaning: "A webhook that is told when 50, 80 and 100 % of a cap are spent, when the key is refused, when the \
                  gateway fails, and when a price or a record is not what it should be. `null`: only the log is told.",
        example: r#"{"url": "https://hooks.example.com/easel"}"#,
    },
    Field {
        path: "alerts.url",
        kind: Kind::Url,
        default: None,
        meaning: "Receives `{site, alert, at, text}` by POST. Google Chat, Discord, Telegram and Teams workflows, \
                  recognised by the address's host, get the form that they take.",
        example: r#""https://hooks.example.com/easel""#,
    },
    Field {
        path: "models",
        kind: Kind::Objects,
        default: None,
        meaning: "The models, at least one. An order goes to the first that lives and can make it; the next ones follow \
                  when it is gone.",
        example: r#"[{"id": "openai/gpt-image-2.5-flare",
            "usd_per_million": {"text_in": "5.00", "picture_in": "8.00", "out": "30.00"},
            "worst_usd": {"low": {"1024x1024": "0.007", "1024x1536": "0.006", "1536x1024": "0.006"},
                "medium": {"1024x1024": "0.016", "1024x1536": "0.013", "1536x1024": "0.013"},
                "high": {"1024x1024": "0.061", "1024x1536": "0.048", "1536x1024": "0.048"}}}]"#,
    },
    Field {
        path: "models[].id",
        kind: Kind::Text,
        default: None,
        meaning: "The gateway's id of the model, with its maker.",
        example: r#""openai/gpt-image-2.5-flare""#,
    },
    Field {
        path: "models[].usd_per_million",
        kind: Kind::Object,
        default: None,
        meaning: "What a million tokens cost. A picture is booked at these prices where the gateway states no cost.",
        example: r#"{"text_in": "5.00", "picture_in": "8.00", "out": "30.00"}"#,
    },
    Field {
        path: "models[].usd_per_million.text_in",
        kind: Kind::Usd,
        default: None,
        meaning: "Tokens of the prompt.",
        example: r#""5.00""#,
    },
    Field {
        path: "models[].usd_per_million.text_in_cached",
        kind: Kind::Usd,
        default: Some("null"),
        meaning: "Tokens of a prompt that the provider had in its cache. It changes nothing: the full price is reserved.",
        example: r#""1.25""#,
    },
    Field {
        path: "models[].usd_per_million.picture_in",
        kind: Kind::Usd,
        default: None,
        meaning: "Tokens of pictures to edit.",
        example: r#""8.00""#,
    },
    Field {
        path: "models[].usd_per_million.out",
        kind: Kind::Usd,
        default: None,
        meaning: "Tokens of pictures that are made.",
        example: r#""30.00""#,
    },
    Field {
        path: "models[].worst_usd",
        kind: Kind::UsdByQualityAndSize,
        default: None,
        meaning: "The most that one picture costs, without its prompt. The caps are as good as these figures. A model \
                  is not asked for a quality or size that is missing here; each that a site offers needs one model.",
        example: r#"{"low": {"1024x1024": "0.007", "1024x1536": "0.006", "1536x1024": "0.006"},
            "medium": {"1024x1024": "0.016", "1024x1536": "0.013", "1536x1024": "0.013"},
            "high": {"1024x1024": "0.061", "1024x1536": "0.048", "1536x1024": "0.048"}}"#,
    },
    Field {
        path: "models[].input_picture_tokens",
        kind: Kind::Tokens,
        default: Some("2000"),
        meaning: "The most tokens that one picture to edit has, which are reserved: a number, or a part that grows with \
                  the pixels.",
        example: r#"{"base": 1000, "per_megapixel": 2500}"#,
    },
    Field {
        path: "models[].input_picture_tokens.base",
        kind: Kind::Number(0, u64::MAX),
        default: None,
        meaning: "Tokens of any picture.",
        example: "1000",
    },
    Field {
        path: "models[].input_picture_tokens.per_megapixel",
        kind: Kind::Number(0, u64::MAX),
        default: None,
        meaning: "Further tokens for each million pixels, rounded up.",
        example: "2500",
    },
    Field {
        path: "models[].max_input_side",
        kind: Kind::Number(1, crate::picture::upload::SIDE as u64),
        default: Some("2048"),
        meaning: "The longest side in pixels of a picture to edit. The studio scales pictures to the smallest value of \
                  the living models.",
        example: "1536",
    },
    Field {
        path: "models[].inputs",
        kind: Kind::Number(0, crate::picture::upload::MOST as u64),
        default: Some("4"),
        meaning: "The most pictures to edit in one order; 0 offers no editing.",
        example: "4",
    },
    Field {
        path: "models[].expected_seconds",
        kind: Kind::SecondsByQuality,
        default: Some("{}"),
        meaning: "The time that visitors are told before the site has made a picture with this model. Later it is the \
                  median of the last twenty.",
        example: r#"{"low": 10, "medium": 20, "high": 45}"#,
    },
    Field {
        path: "models[].backgrounds",
        kind: Kind::Words(BACKGROUNDS),
        default: Some("null"),
        meaning: "The backgrounds that it can make; `null` means all.",
        example: r#"["auto", "opaque", "transparent"]"#,
    },
    Field {
        path: "models[].formats",
        kind: Kind::Words(FORMATS),
        default: Some("null"),
        meaning: "The formats that it can make; `null` means all.",
        example: r#"["png", "webp", "jpeg"]"#,
    },
    Field {
        path: "models[].shuts_down",
        kind: Kind::Day,
        default: Some("null"),
        meaning: "The day on which its maker shuts it down. From that day on it is not asked; `check`, `serve`, \
                  `/healthz` and the operator's ledger warn 30 days ahead.",
        example: r#""2026-12-01""#,
    },
];
