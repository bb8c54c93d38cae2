//! Makes a program and its JavaScript glue smaller: removes classes and exports that nothing calls, and gives short names
//! to what the two import from each other.
//!
//! Owns the rewriting of both: wasm-bindgen's names end with sixteen digits of a hash, which stand in both files and which
//! nothing compresses. Must not change code that is called.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;

const MAGIC: usize = 8;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// What begins the glue's imports: one entry follows another, each at this depth.
const GLUE_IMPORTS: &str = "const import0 = {\n";
const GLUE_END: &str = "\n    };\n";
const DEPTH: &str = "        ";

/// The beginning of the names of classes that nothing calls: those of wasm-streams, which a dependency's dependency has.
const UNUSED_CLASS: &str = "IntoUnderlying";
/// What wasm-bindgen puts before the name of an export that frees an instance of a class.
const FREES: &str = "__wbg_";

/// The program without the exports of unused classes, so that wasm-opt removes their code.
pub fn without_unused_exports(wasm: &[u8]) -> Result<Vec<u8>> {
    let unused = UNUSED_CLASS.to_lowercase();
    change(wasm, EXPORTS, |section| {
        let mut reader = Reader { bytes: section, at: 0 };
        let mut kept = Vec::new();
        for _ in 0..reader.number()? {
            let (name, start) = (reader.name()?, reader.at);
            reader.export()?;
            if !name.strip_prefix(FREES).unwrap_or(name).starts_with(&unused) {
                kept.push((name.to_owned(), &section[start..reader.at]));
            }
        }
        Ok(named(&kept))
    })
}

/// The glue without the unused classes. For each class wasm-bindgen writes three statements: the class, one that makes it
/// disposable, and a constant that frees its instances. The last two could have side effects, so the bundler keeps all.
pub fn without_unused_classes(glue: &str) -> Result<String> {
    let mut out = String::new();
    // Whether a line ends the statement that is being left out.
    let mut end: Option<fn(&str) -> bool> = None;
    for line in glue.lines() {
        let starts =
            |with: &str| line.strip_prefix(with).is_some_and(|rest| rest.starts_with(UNUSED_CLASS));
        if starts("export class ") {
            end = Some(|line| line == "}");
        } else if starts("if (Symbol.dispose) ") || starts("const ") {
            end = Some(|line| line.ends_with(';'));
        }
        match end {
            None => out.extend([line, "\n"]),
            Some(ends) if ends(line) => end = None,
            Some(_) => {}
        }
    }
    ensure!(end.is_none(), "the end of a class of wasm-streams is not found");
    ensure!(!out.contains(UNUSED_CLASS), "the program uses a class of wasm-streams");
    Ok(out)
}

/// Gives imports and exports short names, in the wasm and in its glue. The glue loses the imports that the wasm no longer
/// has. Exports that others import by their names keep them, and so do imports from other modules than the glue.
pub fn shorten(wasm: &[u8], glue: &str, keeps: impl Fn(&str) -> bool) -> Result<(Vec<u8>, String)> {
    let mut imports = BTreeMap::new();
    let wasm = change(wasm, IMPORTS, |section| {
        let mut reader = Reader { bytes: section, at: 0 };
        let count = reader.number()?;
        let mut out = leb(count);
        for at in 0..count {
            let (module, name) = (reader.name()?, reader.name()?);
            ensure!(reader.byte()? == 0, "{name} is not a function");
            let kind = reader.number()?;
            if module.ends_with(OWN_MODULE) {
                let short = imports.entry(name.to_owned()).or_insert_with(|| short(at)).clone();
                out.extend(text_bytes(MODULE));
                out.extend(text_bytes(&short));
            } else {
                out.extend(text_bytes(module));
                out.extend(text_bytes(name));
            }
            out.push(0);
            out.extend(leb(kind));
        }
        Ok(out)
    })?;
    let mut exports = BTreeMap::new();
    let wasm = change(&wasm, EXPORTS, |section| {
        let mut reader = Reader { bytes: section, at: 0 };
        let mut kept = Vec::new();
        for at in 0..reader.number()? {
            let (name, start) = (reader.name()?, reader.at);
            reader.export()?;
            let short = if keeps(name) { name.to_owned() } else { short(at) };
            exports.insert(name.to_owned(), short.clone());
            kept.push((short, &section[start..reader.at]));
        }
        Ok(named(&kept))
    })?;
    Ok((wasm, glue_with(glue, &imports, &exports)?))
}

/// The end of the name of the module that is the glue.
const OWN_MODULE: &str = "_bg.js";
/// Its short name.
const MODULE: &str = "a";

/// The glue with the short names.
fn glue_with(
    glue: &str,
    imports: &BTreeMap<String, String>,
    exports: &BTreeMap<String, String>,
) -> Result<String> {
    let unlike = "wasm-bindgen's glue does not look as expected";
    let (before, rest) = glue.split_once(GLUE_IMPORTS).context(unlike)?;
    let (entries, after) = rest.split_once(GLUE_END).context(unlike)?;
    let mut out = before.to_owned() + GLUE_IMPORTS;
    let (mut keeps, mut found) = (true, 0);
    for line in entries.lines() {
        let entry = line.strip_prefix(DEPTH).and_then(|line| line.split_once(": "));
        if let Some((name, value)) = entry.filter(|(name, _)| is_name(name)) {
            let short = imports.get(name);
            keeps = short.is_some() || name == "__proto__";
            found += usize::from(short.is_some());
            if keeps {
                let name = short.map_or(name, String::as_str);
                out.extend([DEPTH, name, ": ", value, "\n"]);
            }
        } else if keeps {
            out.extend([line, "\n"]);
        }
    }
    ensure!(found == imports.len(), "{found} of {} imports are in the glue", imports.len());
    let module = after.split_once("\": import0").context(unlike)?.0;
    let module = module.rsplit_once('"').context(unlike)?.1;
    let after = after.replacen(&format!("\"{module}\": import0"), &format!("{MODULE}: import0"), 1);
    out.extend([GLUE_END.trim_start_matches('\n'), &after]);
    Ok(renamed(&out, exports))
}

/// Renames what stands after `wasm.`.
fn renamed(glue: &str, exports: &BTreeMap<String, String>) -> String {
    let mut parts = glue.split("wasm.");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !is_letter(c)).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let name = exports.get(name).map_or(name, String::as_str);
        out.extend(["wasm.", name, rest]);
    }
    out
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_letter)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

/// The name of a number: `a` to `z`, `aa` and so on.
fn short(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => letter.to_string(),
        more => short(more - 1) + &letter.to_string(),
    }
}

/// Replaces the content of one section.
fn change(
    wasm: &[u8],
    wanted: u8,
    mut by: impl FnMut(&[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let mut reader = Reader { bytes: wasm, at: MAGIC };
    let mut out = wasm.get(..MAGIC).context("no wasm")?.to_vec();
    while reader.at < wasm.len() {
        let id = reader.byte()?;
        let length = reader.number()?;
        let section = reader.take(length)?;
        let section = if id == wanted { by(section)? } else { section.to_vec() };
        out.push(id);
        out.extend(leb(section.len()));
        out.extend(section);
    }
    Ok(out)
}

/// A list of names, each with the bytes after it.
fn named(entries: &[(String, &[u8])]) -> Vec<u8> {
    let mut out = leb(entries.len());
    for (name, rest) in entries {
        out.extend(text_bytes(name));
        out.extend(*rest);
    }
    out
}

fn text_bytes(text: &str) -> Vec<u8> {
    let mut out = leb(text.len());
    out.extend(text.as_bytes());
    out
}

/// A number as wasm writes it.
fn leb(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = u8::try_from(number & 127).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 128);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).context("the wasm ends too early")?;
        self.at += 1;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        bail!("a number is too long")
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.at + length;
        let bytes = self.bytes.get(self.at..end).context("the wasm ends too early")?;
        self.at = end;
        Ok(bytes)
    }

    fn name(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        Ok(str::from_utf8(self.take(length)?)?)
    }

    /// The kind and the index of an export.
    fn export(&mut self) -> Result<()> {
        self.byte()?;
        self.number().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with these imports and exports.
    fn program(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut section = leb(imports.len());
        for name in imports {
            section.extend([text_bytes("./app_bg.js"), text_bytes(name), vec![0, 5]].concat());
        }
        let exports: Vec<_> =
            exports.iter().map(|name| ((*name).to_owned(), &[0, 9][..])).collect();
        for (id, section) in [(IMPORTS, section), (EXPORTS, named(&exports)), (10, vec![7; 200])] {
            wasm.push(id);
            wasm.extend(leb(section.len()));
            wasm.extend(section);
        }
        wasm
    }

    const GLUE: &str = "export function start() {\n    wasm.start();\n}\nfunction get() {\n    \
        const import0 = {\n        __proto__: null,\n        \
        __wbg_gone_0123: function(arg0) {\n            arg0.x();\n        },\n        \
        __wbg_now_4567: function() { return wasm.memory.now; },\n    };\n    \
        return {\n        __proto__: null,\n        \"./app_bg.js\": import0,\n    };\n}\n";

    #[test]
    fn both_files_get_the_same_short_names() {
        let wasm = program(&["__wbg_now_4567"], &["memory", "start"]);
        let (wasm, glue) = shorten(&wasm, GLUE, |_| false).unwrap();
        let expected = "export function start() {\n    wasm.b();\n}\nfunction get() {\n    \
            const import0 = {\n        __proto__: null,\n        \
            a: function() { return wasm.a.now; },\n    };\n    \
            return {\n        __proto__: null,\n        a: import0,\n    };\n}\n";
        assert_eq!(glue, expected);
        let mut reader = Reader { bytes: &wasm, at: MAGIC + 2 };
        assert_eq!(reader.number().unwrap(), 1);
        assert_eq!((reader.name().unwrap(), reader.name().unwrap()), ("a", "a"));
        assert!(wasm.ends_with(&[7; 200]), "the code is the same");
        let unlike = shorten(&program(&["__wbg_other_89"], &[]), GLUE, |_| false).unwrap_err();
        assert!(unlike.to_string().contains("0 of 1"), "{unlike}");
    }

    #[test]
    fn what_nothing_calls_is_not_exported() {
        let unused = ["intounderlyingsink_write", "__wbg_intounderlyingsink_free"];
        let wasm = program(&[], &["start", unused[0], unused[1], "memory"]);
        let kept = without_unused_exports(&wasm).unwrap();
        assert_eq!(kept, program(&[], &["start", "memory"]));
        assert!(without_unused_exports(&wasm[..20]).is_err());
    }

    #[test]
    fn what_nothing_calls_has_no_class() {
        let class = "export class IntoUnderlyingSink {\n    free() {\n        wasm.free();\n    }\n}\n\
            if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = 0;\n";
        let registry = "const IntoUnderlyingSinkFinalization = (typeof Registry === 'undefined')\n    \
            ? {}\n    : new Registry(ptr => wasm.free(ptr, 1));\n";
        let glue = [class, GLUE, registry, "const other = 1;\n"].concat();
        let kept = without_unused_classes(&glue).unwrap();
        assert_eq!(kept, [GLUE, "const other = 1;\n"].concat());
        let used = [&glue, "const ret = IntoUnderlyingSink.__wrap(arg0);\n"].concat();
        assert!(without_unused_classes(&used).is_err());
        let endless = [&glue, "export class IntoUnderlyingSource {\n"].concat();
        assert!(without_unused_classes(&endless).is_err(), "what follows would be left out");
    }

    #[test]
    fn names_are_short_and_never_the_same() {
        let names: std::collections::BTreeSet<_> = (0..2000).map(short).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!([short(0), short(25), short(26), short(702)], ["a", "z", "aa", "aaa"]);
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number in [0, 127, 128, 300_000] {
            let bytes = leb(number);
            assert_eq!(Reader { bytes: &bytes, at: 0 }.number().unwrap(), number);
        }
    }
}
