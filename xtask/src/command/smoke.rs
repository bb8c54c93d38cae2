//! The options of `smoke`.
//!
//! Owns their words. Must not call an edge.

use crate::deploy::address::Address;
use clap::{Args, builder::NonEmptyStringValueParser};
use contract::money::Nano;

/// The options of `smoke`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Smoke {
    /// Address of the edge: `https://studio.example.com`
    #[arg(value_name = "URL", value_parser = Address::read)]
    pub url: Address,
    /// The site to order on [default: demo, or the first one]
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub site: Option<String>,
    /// A page's origin that the site lists: it must be allowed to embed the studio
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub origin: Option<String>,
    /// The most that may be spent, in US dollars; needed unless the pictures are samples
    #[arg(long, value_name = "USD", value_parser = usd)]
    pub max_usd: Option<Nano>,
}

fn origin(text: &str) -> Result<String, String> {
    engine::origin::normal(text).map_err(|reason| format!("`{text}` is no origin: {reason}."))
}

fn usd(text: &str) -> Result<Nano, String> {
    text.parse().map_err(|_| format!("`{text}` is no amount in US dollars, such as 0.05."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{CommandLine, Task};
    use clap::Parser;

    fn read(line: &str) -> Result<Task, String> {
        let words = std::iter::once("cargo xtask").chain(line.split_whitespace());
        let read = CommandLine::try_parse_from(words);
        read.map(|it| it.task).map_err(|error| error.to_string())
    }

    #[test]
    fn smoke_takes_an_address_and_a_sum() {
        let url = Address::read("https://studio.example.com").unwrap();
        let plain = Smoke { url, site: None, origin: None, max_usd: None };
        assert_eq!(read("smoke https://studio.example.com/"), Ok(Task::Smoke(plain.clone())));
        let line = "smoke https://studio.example.com --site acme --origin https://Acme.example/ --max-usd 0.05";
        let full = Smoke {
            site: Some("acme".into()),
            origin: Some("https://acme.example".into()),
            max_usd: "0.05".parse().ok(),
            ..plain
        };
        assert_eq!(read(line), Ok(Task::Smoke(full)));
        for (line, words) in [
            ("smoke", "<URL>"),
            ("smoke http://studio.example.com", "https://"),
            ("smoke https://a.example --origin a.example", "is no origin"),
            ("smoke https://a.example --max-usd cheap", "0.05"),
            ("smoke https://a.example --site", "--site <ID>"),
        ] {
            let refusal = read(line).unwrap_err();
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
