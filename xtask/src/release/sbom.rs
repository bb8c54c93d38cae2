//! The list of parts (`CycloneDX` 1.5): what is compiled into a release, and what npm installs beside it.
//!
//! Owns its form. It holds no time and no number drawn at random, so that equal releases have equal lists. Must not
//! collect the parts.

use super::{
    NAME,
    packages::{Package, Packages},
};
use anyhow::Result;
use serde_json::{Value, json};

/// The list as JSON.
pub fn text(packages: &Packages) -> Result<String> {
    let crates = packages.crates.iter().map(|it| component(it, "cargo"));
    let npm = packages.bundled.iter().chain(&packages.npm).map(|it| component(it, "npm"));
    let sbom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": NAME, "name": NAME, "version": contract::VERSION,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": crates.chain(npm).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&sbom)? + "\n")
}

fn component(package: &Package, kind: &str) -> Value {
    let Package { name, version, licence, .. } = package;
    let purl = format!("pkg:{kind}/{}@{version}", name.replace('@', "%40"));
    // Older crates write a slash for OR, which SPDX does not know.
    let expression = licence.replace(" / ", " OR ").replace('/', " OR ");
    json!({
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "scope": "required", "licenses": [{ "expression": expression }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_address_and_licence() {
        let package = |name: &str, licence: &str| Package {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            licence: licence.to_owned(),
            sources: None,
        };
        let packages = Packages {
            crates: vec![package("serde", "MIT/Apache-2.0")],
            bundled: vec![package("zip", "MIT")],
            npm: vec![package("@a/b", "MIT")],
            locked: serde_json::Map::new(),
        };
        let written = text(&packages).unwrap();
        let read: Value = serde_json::from_str(&written).unwrap();
        let parts = &read["components"];
        assert_eq!(parts[0]["purl"], "pkg:cargo/serde@1.2.3");
        assert_eq!(parts[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(parts[1]["purl"], "pkg:npm/zip@1.2.3");
        assert_eq!(parts[2]["purl"], "pkg:npm/%40a/b@1.2.3");
        assert_eq!(written, text(&packages).unwrap());
    }
}
