//! The document's shell: what stands round the components.

mod random_sites;

use super::*;

pub(super) fn shell() -> Shell {
    let path = |name: &str| format!("/assets/{name}");
    Shell {
        style: "a{}".to_owned(),
        style_hash: "sha256-s".to_owned(),
        boot: "b()".to_owned(),
        boot_hash: "sha256-b".to_owned(),
        stylesheet: path("studio.css"),
        glue: path("studio.js"),
        wasm: path("studio.wasm"),
        preload: vec![path("more.js")],
        icon: path("icon.svg"),
    }
}

fn site() -> Site {
    serde_json::from_str(include_str!("../../../contract/tests/golden/site.json")).unwrap()
}

const ENGLISH: LanguageFacts<'_> = LanguageFacts { words: "en", lang: "en", from_the_right: false };

/// The document, and its data block.
fn document(site: Site, language: &LanguageFacts<'_>) -> (String, StudioData) {
    let html = render(&shell(), site, language).unwrap();
    let (_, block) = html.split_once("type=\"application/json\">").unwrap();
    let block = block.split_once("</script>").unwrap().0;
    let data = serde_json::from_str(block).unwrap();
    (html, data)
}

#[test]
fn the_first_paint_needs_nothing_but_the_document() {
    let (html, _) = document(site(), &ENGLISH);
    let head = html.split_once("</head>").unwrap().0;
    assert!(head.contains("<style>a{}</style>") && head.contains("<script>b()</script>"));
    assert!(!head.contains("rel=\"stylesheet\""), "nothing holds the first paint up");
    let end = "<link rel=\"stylesheet\" href=\"/assets/studio.css\">\n</body>\n</html>\n";
    assert!(html.ends_with(end), "{html}");
}

#[test]
fn a_studio_of_its_own_page_says_what_it_is() {
    let (html, _) = document(site(), &LanguageFacts { words: "de", lang: "de", ..ENGLISH });
    assert!(html.contains("<title>Ein Bild machen – acme</title>"), "{html}");
    assert!(html.contains("rel=\"icon\" type=\"image/svg+xml\" href=\"/assets/icon.svg\""));
}

#[test]
fn the_data_block_names_the_build_the_elements_and_the_site() {
    let own = Site { texts: [("create".to_owned(), "Paint".to_owned())].into(), ..site() };
    let (html, data) = document(own, &ENGLISH);
    assert_eq!(data.build, BUILD);
    let root = html.split_once("<div id=\"root\">").unwrap().1;
    let root = root.split_once("</div>\n<div id=\"lazy\">").unwrap().0;
    assert_eq!(data.elements, elements(root));
    assert!(data.site.texts.is_empty());
    assert_eq!(data.texts.len(), TextKey::ALL.len());
    assert_eq!(data.texts[TextKey::Create as usize], "Paint");
    assert_ne!(data.texts[TextKey::Cancel as usize], "Paint");
}

#[test]
fn what_an_owner_writes_ends_no_element() {
    let hostile = "</script><!--<i>&\"'";
    let texts =
        ["broken", "viewer", "moment", "create"].map(|key| (key.to_owned(), hostile.to_owned()));
    let (html, data) = document(Site { texts: texts.into(), ..site() }, &ENGLISH);
    assert!(!html.contains("<i>") && !html.contains("<!--<"), "{html}");
    assert!(html.contains("hidden>&lt;/script&gt;&lt;!--&lt;i&gt;&amp;&quot;&#39;</p>"));
    assert_eq!(data.texts[TextKey::Broken as usize], hostile);
    assert_eq!(html.matches("</script>").count(), 2);
}

#[test]
fn a_document_says_its_language_and_its_direction() {
    let arabic = LanguageFacts { lang: "ar", from_the_right: true, ..ENGLISH };
    assert!(document(site(), &arabic).0.contains("<html lang=\"ar\" dir=\"rtl\">"));
    let german = LanguageFacts { words: "de", lang: "de", ..ENGLISH };
    let (html, data) = document(Site { texts: [].into(), ..site() }, &german);
    assert!(html.contains("<html lang=\"de\">"));
    assert_eq!(data.texts[TextKey::Create as usize], "Erstellen");
    let none = LanguageFacts { words: "fr", ..ENGLISH };
    assert_eq!(render(&shell(), site(), &none), Err(DocumentError::Texts));
}

#[test]
fn elements_are_counted_by_their_opening_tags() {
    assert_eq!(elements("<p a=\"b\">x &lt;b <!--c--><br></p><svg><use href=\"#a\"/></svg>"), 4);
    assert_eq!(elements(""), 0);
}
