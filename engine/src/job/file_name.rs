//! The name of a picture's file: what it shows, in the visitor's own script, and that a machine made it.
//!
//! Owns what of a prompt stands in a name. Must not let anything into it that a file system or a header reads as its own.

use super::record::Record;

/// About how many characters of a prompt go into a file's name.
const MAX_CHARS: usize = 48;

impl Record {
    /// The parameters of `Content-Disposition` that name the file: for programs that read ASCII alone, and, where that
    /// loses letters, for all others.
    pub fn file_name(&self, index: usize, extension: &str) -> String {
        let prompt = &self.new.order.prompt;
        let end = format!("-ai-generated-{}.{extension}", index.saturating_add(1));
        let ascii = words(prompt, |char| char.is_ascii_alphanumeric());
        let own = words(prompt, is_of_a_word);
        let name = |words: &str| [if words.is_empty() { "picture" } else { words }, &end].concat();
        let plain = ["filename=\"", &name(&ascii), "\""].concat();
        if own == ascii {
            return plain;
        }
        let plain_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let encode = |byte: u8| {
            if plain_byte(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        };
        let encoded: String = name(&own).bytes().map(encode).collect();
        [&plain, "; filename*=UTF-8''", &encoded].concat()
    }
}

/// Letters, digits, and the signs without which a word of some scripts cannot be written. No sign that changes the direction
/// of the text: it could show another ending than the file has.
fn is_of_a_word(char: char) -> bool {
    let mark = matches!(char,
        '\u{300}'..='\u{36f}' // accents
        | '\u{5b0}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' // Hebrew and Arabic vowels
        | '\u{900}'..='\u{963}' | '\u{966}'..='\u{109f}' // the vowels of India, Thailand, Tibet and Burma
        | '\u{200c}' | '\u{200d}'); // what joins letters, or keeps them apart
    mark || char.is_alphanumeric()
}

/// The first words of a prompt in small letters, with hyphens between them. A word that is too long by itself is cut: not
/// every script has spaces.
fn words(prompt: &str, is_of_a_word: impl Fn(char) -> bool) -> String {
    let mut name = String::new();
    let mut chars = 0_usize;
    for word in prompt.split(|char| !is_of_a_word(char)).filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if chars > 0 && chars.saturating_add(length) > MAX_CHARS {
            break;
        }
        if chars > 0 {
            name.push('-');
        }
        name.extend(word.chars().take(MAX_CHARS).flat_map(char::to_lowercase));
        chars = chars.saturating_add(length).saturating_add(1);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_the_words_of_any_script() {
        for (prompt, ascii, own) in [
            ("A cat, \"asleep\"!", "a-cat-asleep", "a-cat-asleep"),
            (
                "Ein Löwe über der Brücke, süß",
                "ein-l-we-ber-der-br-cke-s",
                "ein-löwe-über-der-brücke-süß",
            ),
            ("猫", "", "猫"),
            ("منارة من ورق، 3 قوارب!", "3", "منارة-من-ورق-3-قوارب"),
            ("हिन्दी में नाव।", "", "हिन्दी-में-नाव"),
            ("بچه\u{200c}ها", "", "بچه\u{200c}ها"),
            ("../../etc/passwd\r\nX: y", "etc-passwd-x-y", "etc-passwd-x-y"),
            ("a\u{202e}gnp\u{2066}.exe", "a-gnp-exe", "a-gnp-exe"),
            ("ΟΔΟΣ😀", "", "οδοσ"),
            ("%2F;\u{0}\\", "2f", "2f"),
        ] {
            assert_eq!(words(prompt, |char| char.is_ascii_alphanumeric()), ascii, "{prompt}");
            assert_eq!(words(prompt, is_of_a_word), own, "{prompt}");
        }
        for long in ["word ".repeat(200), "語".repeat(500), "x".repeat(500)] {
            let chars = words(&long, is_of_a_word).chars().count();
            assert!((40..=MAX_CHARS).contains(&chars), "{chars}");
        }
    }
}
