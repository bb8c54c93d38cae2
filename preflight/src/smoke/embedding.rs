//! Which pages may embed a site's studio: what the edge says of an origin, and what it tells browsers.
//!
//! Owns the judgement of both. Must not list origins: they are the operator's.

use super::{
    answer::Answer,
    headers::{self, Kind},
    policy,
};
use contract::site::SiteForOrigin;

/// An origin that no site lists: names that end in `.invalid` never exist.
pub const UNLISTED: &str = "https://unlisted.invalid";

/// The edge's answers about one origin.
pub struct Answers {
    /// `GET /v1/sites/{site}?origin=ORIGIN`.
    pub site: Answer,
    /// The studio's document, asked for by a frame on a page of that origin.
    pub frame: Answer,
    /// The studio's document on its own.
    pub document: Answer,
}

/// What is wrong for an origin that may embed the studio.
pub fn listed(origin: &str, answers: &Answers) -> Vec<String> {
    let mut found = Vec::new();
    if told(&answers.site) != Some(true) {
        found.push(format!("{origin} is not one of the site's origins (origin_listed)"));
    }
    if answers.frame.status != 200 {
        found.push(format!(
            "the studio in a frame on {origin} answers {}",
            answers.frame.describe()
        ));
    }
    for (place, answer) in [("in a frame", &answers.frame), ("on its own", &answers.document)] {
        if answer.status == 200 && !allows(answer, origin) {
            found.push(format!(
                "the studio's document {place} does not allow {origin} in frame-ancestors"
            ));
        }
    }
    found
}

/// What is wrong for an origin that may not.
pub fn unlisted(origin: &str, secure: bool, answers: &Answers) -> Vec<String> {
    let mut found = Vec::new();
    if told(&answers.site) != Some(false) {
        found.push(format!("{origin} is not refused as one of the site's origins (origin_listed)"));
    }
    if allows(&answers.document, origin) {
        found.push(format!("the studio's document allows {origin} in frame-ancestors"));
    }
    if answers.frame.status == 403 {
        let wrong = headers::judge(Kind::Refusal, secure, &answers.frame);
        found.extend(wrong.into_iter().map(|it| format!("the refusal on {origin}: {it}")));
    } else {
        let what = answers.frame.describe();
        found.push(format!("the studio in a frame on {origin} answers {what}, and not 403"));
    }
    found
}

fn told(answer: &Answer) -> Option<bool> {
    answer.json::<SiteForOrigin>().map(|it| it.origin_listed)
}

fn allows(document: &Answer, origin: &str) -> bool {
    let policy = document.header("content-security-policy").unwrap_or_default();
    policy::ancestors(&policy).is_none_or(|it| it.contains(origin) || it.contains("*"))
}

#[cfg(test)]
mod tests {
    use super::{super::answer::answer, *};
    use serde_json::{Value, json};

    fn site(listed: bool) -> Answer {
        let mut site: Value =
            serde_json::from_str(include_str!("../../../contract/tests/golden/site.json")).unwrap();
        site["origin_listed"] = json!(listed);
        answer(200, &[], &site.to_string())
    }

    fn frame(status: u16, ancestors: &str) -> Answer {
        answer(status, &[("content-security-policy", &format!("frame-ancestors {ancestors}"))], "")
    }

    #[test]
    fn a_listed_origin_is_told_and_framed() {
        let own = "https://acme.example";
        let good = || frame(200, "'self' https://acme.example");
        let answers = Answers { site: site(true), frame: good(), document: good() };
        assert_eq!(listed(own, &answers), Vec::<String>::new());
        for (answers, words) in [
            (Answers { site: site(false), frame: good(), document: good() }, "origin_listed"),
            (Answers { site: site(true), frame: frame(403, "*"), document: good() }, "status 403"),
            (
                Answers { site: site(true), frame: good(), document: frame(200, "'self'") },
                "on its own",
            ),
            (
                Answers { site: answer(500, &[], ""), frame: good(), document: good() },
                "origin_listed",
            ),
        ] {
            let said = listed(own, &answers);
            assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
        }
    }

    #[test]
    fn an_unlisted_origin_is_told_so_and_refused() {
        let told = |answers: &Answers| unlisted(UNLISTED, false, answers).join("\n");
        let open = Answers {
            site: site(true),
            frame: frame(200, "'self'"),
            document: frame(200, "'self' https://unlisted.invalid"),
        };
        let said = told(&open);
        for words in ["origin_listed", "frame-ancestors", "and not 403"] {
            assert!(said.contains(words), "{said}");
        }
        let wide =
            Answers { site: site(false), frame: frame(403, "*"), document: answer(200, &[], "") };
        assert!(told(&wide).contains("allows https://unlisted.invalid"), "{}", told(&wide));
    }
}
