//! The comparison of a gateway with the sandbox, for a program that sends its requests.
//!
//! Owns the JSON between that program and `preflight::probe`. Must not decide anything.

use contract::time::Day;
use preflight::{
    probe::{Answer, Line, Probe, Turn, dollars, file_name, sandbox_base},
    settings::Settings,
};
use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// A comparison that is going on.
#[wasm_bindgen]
pub struct GatewayProbe {
    probe: Probe,
    gateway: String,
    sandbox_base: &'static str,
    today: Day,
    total_ms: u64,
}

/// A response's head.
#[derive(Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

#[wasm_bindgen]
impl GatewayProbe {
    /// For the gateway of a configuration, or another one, for at most a sum in dollars. An error is one sentence.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: &str,
        wrangler: bool,
        gateway: Option<String>,
        max_usd: &str,
        today: &str,
        key: &str,
    ) -> Result<GatewayProbe, String> {
        let read = if wrangler { Settings::from_wrangler } else { Settings::from_object };
        let sentence = |error: anyhow::Error| format!("{error:#}");
        let mut settings = read(text).map_err(sentence)?;
        if let Some(url) = gateway {
            settings.set_gateway(&url);
        }
        let config = settings.check().map_err(sentence)?;
        let today: Day = today.parse().map_err(|_| format!("`{today}` is no day"))?;
        let probe = Probe::new(&config, today, dollars(max_usd)?, key).map_err(sentence)?;
        let sandbox_base = sandbox_base(config.gateway.dialect);
        let (gateway, total_ms) = (config.gateway.base_url, config.gateway.total_ms);
        Ok(Self { probe, gateway, sandbox_base, today, total_ms })
    }

    /// `{gateway, sandbox_base, total_ms}`: where the requests are sent, and how long each may take.
    pub fn facts(&self) -> String {
        let Self { gateway, sandbox_base, total_ms, .. } = self;
        json!({ "gateway": gateway, "sandbox_base": sandbox_base, "total_ms": total_ms })
            .to_string()
    }

    /// The name of the fixture's file, the first or a later one of the day.
    pub fn file_name(&self, number: u32) -> String {
        file_name(self.today, number)
    }

    /// `{send: {method, path, headers, key, body}}`, `{say: [label, text]}`, or `{over: {lines, failure}}`. `key` says
    /// whether the request has the gateway's key, and `body` whether it has a body.
    pub fn turn(&mut self) -> String {
        let turn = match self.probe.turn() {
            Turn::Send(step) => json!({ "send": {
                "method": step.method(), "path": step.path(), "headers": step.headers(),
                "key": step.needs_key(), "body": step.body().is_some(),
            } }),
            Turn::Say(line) => json!({ "say": pair(&line) }),
            Turn::Over => {
                let lines: Vec<Value> = self.probe.summary().iter().map(pair).collect();
                json!({ "over": { "lines": lines, "failure": self.probe.failure() } })
            }
        };
        turn.to_string()
    }

    /// The bytes of the body of the request that `turn` told to send.
    pub fn body(&mut self) -> Vec<u8> {
        match self.probe.turn() {
            Turn::Send(step) => step.body().unwrap_or_default(),
            Turn::Say(_) | Turn::Over => Vec::new(),
        }
    }

    /// Compares two answers to that request, each as the JSON `{status, headers: [[name, value]]}` and its body's
    /// bytes. Without a whole answer of the gateway its head is absent. The lines to print as JSON.
    pub fn answered(
        &mut self,
        sandbox: &str,
        sandbox_body: Vec<u8>,
        gateway: Option<String>,
        gateway_body: Vec<u8>,
    ) -> Result<String, String> {
        let expected = answer(sandbox, sandbox_body)?;
        let seen = gateway.map(|head| answer(&head, gateway_body)).transpose()?;
        let lines = self.probe.answered(&expected, seen.as_ref());
        Ok(lines.iter().map(pair).collect::<Value>().to_string())
    }

    /// What is kept. It fails rather than hold the key.
    pub fn fixture(&self) -> Result<String, String> {
        self.probe.fixture().map_err(|error| format!("{error:#}"))
    }
}

fn pair(line: &Line) -> Value {
    json!([line.label, line.text])
}

fn answer(head: &str, body: Vec<u8>) -> Result<Answer, String> {
    let Head { status, headers } =
        serde_json::from_str(head).map_err(|_| "this is no head of an answer".to_owned())?;
    Ok(Answer { status, headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = include_str!("../../edge/wrangler.jsonc");
    const KEY: &str = "vck_a_key_of_a_test";

    fn probe(gateway: &str, max_usd: &str, key: &str) -> Result<GatewayProbe, String> {
        GatewayProbe::new(COMMITTED, true, Some(gateway.to_owned()), max_usd, "2026-11-30", key)
    }

    #[test]
    fn a_program_walks_through_it_by_json() {
        let mut probe = probe("http://127.0.0.1:1/v1", "0", KEY).unwrap();
        assert_eq!(probe.file_name(1), "2026-11-30-gateway.json");
        let facts: Value = serde_json::from_str(&probe.facts()).unwrap();
        assert_eq!(
            (&facts["gateway"], &facts["sandbox_base"]),
            (&json!("http://127.0.0.1:1/v1"), &json!("/v1"))
        );
        let head =
            json!({ "status": 200, "headers": [["content-type", "application/json"]] }).to_string();
        let (mut sent, mut said) = (0, 0);
        let over = loop {
            let turn: Value = serde_json::from_str(&probe.turn()).unwrap();
            if let Some(send) = turn.get("send") {
                assert_eq!(send["body"], !probe.body().is_empty(), "{send}");
                assert!(!turn.to_string().contains(KEY), "{turn}");
                let lines =
                    probe.answered(&head, b"{}".to_vec(), Some(head.clone()), b"{}".to_vec());
                assert!(lines.unwrap().starts_with("[[\"same\","));
                sent += 1;
            } else if turn.get("say").is_some() {
                said += 1;
            } else {
                break turn["over"].clone();
            }
        };
        assert!(sent > 10 && said > 10, "{sent} {said}");
        assert_eq!(over["failure"], Value::Null);
        assert!(!probe.fixture().unwrap().contains(KEY));
    }

    #[test]
    fn what_cannot_be_probed_is_a_sentence() {
        let good = "https://gateway.example/v1";
        for (gateway, max_usd, key, word) in [
            ("http://gateway.example/v1", "0.2", KEY, "https://"),
            (good, "much", KEY, "no sum"),
            (good, "-1", KEY, "no sum"),
            (good, "0.2", "short", "12 characters"),
        ] {
            let sentence = probe(gateway, max_usd, key).err().unwrap();
            assert!(sentence.contains(word), "{sentence}");
        }
        let mut good = probe(good, "0", KEY).unwrap();
        assert!(good.answered("{", Vec::new(), None, Vec::new()).is_err());
    }
}
