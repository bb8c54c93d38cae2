//! Faults of the cost and usage in a response. The pictures are correct.
//!
//! Owns the JSON members that state a price. Must not charge or record anything.

use super::{Fault, FaultEffect};
use contract::money::Nano;
use serde_json::{Value, json};

const fn row(name: &'static str, does: &'static str, act: FaultEffect) -> Fault {
    Fault::new(name, &[29], does, act).whole()
}

#[rustfmt::skip]
pub(super) const TABLE: &[Fault] = &[
    row("dear", "ten times the price, which is above every worst case: both charged and stated", FaultEffect::Price(10)),
    row("free", "a cost of \"0\", as with the operator's own provider key; nothing is charged", FaultEffect::Price(0)),
    row("no-cost", "no metadata, and so no cost", FaultEffect::Json(|json, _| remove(json, &METADATA))),
    row("no-usage", "no usage, and so no numbers of tokens", FaultEffect::Json(|json, _| remove(json, &["usage"]))),
    row("untold", "neither metadata nor usage", FaultEffect::Json(|json, _| remove(json, &["usage", METADATA[0], METADATA[1]]))),
    row("cost-number", "the cost as a number", FaultEffect::Json(|json, _| rewrite_cost(json, |cost| {
        serde_json::from_str(&cost.to_string()).unwrap_or_default()
    }))),
    row("cost-exponent", "the cost with an exponent: \"2210000e-9\"",
        FaultEffect::Json(|json, _| rewrite_cost(json, |cost| json!(format!("{}e-9", cost.0))))),
    row("cost-garbage", "a cost that is not a number", FaultEffect::Json(|json, _| rewrite_cost(json, |_| json!("about a cent")))),
    row("cost-negative", "a negative cost", FaultEffect::Json(|json, _| rewrite_cost(json, |cost| json!(format!("-{cost}"))))),
    row("cost-null", "a cost of null", FaultEffect::Json(|json, _| rewrite_cost(json, |_| Value::Null))),
    row("cost-huge", "a cost of \"1e30\"", FaultEffect::Json(|json, _| rewrite_cost(json, |_| json!("1e30")))),
    row("tokens-huge", "no cost, and more tokens than a price can be computed for", FaultEffect::Json(|json, _| {
        remove(json, &METADATA);
        if let Some(usage) = json.get_mut("usage").and_then(Value::as_object_mut) {
            usage.insert("output_tokens".into(), json!(u64::MAX));
        }
    })),
];

/// Both spellings of the gateway's metadata member.
const METADATA: [&str; 2] = ["providerMetadata", "provider_metadata"];

fn remove(json: &mut Value, keys: &[&str]) {
    if let Some(members) = json.as_object_mut() {
        members.retain(|key, _| !keys.contains(&key.as_str()));
    }
}

/// Changes the value of the gateway's cost.
fn rewrite_cost(json: &mut Value, change: impl Fn(Nano) -> Value) {
    for key in METADATA {
        let Some(cost) = json.pointer_mut(&format!("/{key}/gateway/cost")) else { continue };
        if let Some(Ok(known)) = cost.as_str().map(str::parse) {
            *cost = change(known);
        }
    }
}
