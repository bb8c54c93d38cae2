//! The one request that is sent upstream: everything in it is ours but the prompt.
//!
//! Owns the path and the body. Must not copy anything of the visitor's request, headers included.

use contract::{
    job::Order,
    options::{Background, Format, Quality, Size},
};
use serde::Serialize;

/// Where pictures are made, behind the gateway's base URL.
pub const PATH: &str = "/images/generations";

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    prompt: &'a str,
    n: u8,
    size: Size,
    quality: Quality,
    #[serde(rename = "providerOptions")]
    provider_options: ProviderOptions,
}

/// The gateway ignores `output_format` and `background` beside the prompt: they count only here, in camel case.
#[derive(Serialize)]
struct ProviderOptions {
    openai: OpenAi,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenAi {
    quality: Quality,
    background: Background,
    output_format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_compression: Option<u8>,
}

/// The body that asks for one picture of an order.
pub fn body(model: &str, upstream_prompt: &str, order: &Order) -> String {
    let body = Body {
        model,
        prompt: upstream_prompt,
        n: 1,
        size: order.size,
        quality: order.quality,
        provider_options: ProviderOptions {
            openai: OpenAi {
                quality: order.quality,
                background: order.background,
                output_format: order.format,
                output_compression: order.compression,
            },
        },
    };
    serde_json::to_string(&body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::tests_support::site, order};

    #[test]
    fn the_body_is_what_the_gateway_is_known_to_honour() {
        let order = order::read(
            r#"{"prompt":"a \"cat\"","format":"webp","compression":80,"quality":"high"}"#,
            &site(),
        )
        .unwrap();
        assert_eq!(
            body("openai/gpt-image-1-mini", "In ink: a \"cat\"", &order),
            r#"{"model":"openai/gpt-image-1-mini","prompt":"In ink: a \"cat\"","n":1,"size":"1024x1024","quality":"high","providerOptions":{"openai":{"quality":"high","background":"auto","outputFormat":"webp","outputCompression":80}}}"#
        );
    }
}
