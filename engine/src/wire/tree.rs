//! A JSON text as a tree, and what may be wrong with it.
//!
//! Owns looking into the tree. Must not know any type beyond JSON's own.

use super::FromJson;
use std::{borrow::Cow, fmt};

/// A JSON value; texts without escapes lie where they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Self>),
    /// An object, in the order of the text.
    Object(Vec<(Cow<'a, str>, Self)>),
}

/// Why a text is not the value that was expected: one sentence, which names the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(String);

impl Wrong {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The same, under the name of the member that it is about.
    fn within(self, name: &str) -> Self {
        Self([name, ": ", &self.0].concat())
    }

    /// A word that is none of those that are known.
    pub(crate) fn variant(word: &str) -> Self {
        Self(["unknown variant `", word, "`"].concat())
    }

    /// A text that is not of its type.
    pub(crate) fn value(text: &str, kind: &str) -> Self {
        Self(["\"", text, "\" is not a ", kind].concat())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl<'a> Json<'a> {
    fn expected(what: &str) -> Wrong {
        Wrong(["expected ", what].concat())
    }

    /// The string that this is.
    pub(crate) fn text(&self) -> Result<&str, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Self::expected("a string")),
        }
    }

    /// The whole number that this is.
    pub(crate) fn whole(&self) -> Result<u64, Wrong> {
        let number = match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| Self::expected("a whole number"))
    }

    pub(crate) fn flag(&self) -> Result<bool, Wrong> {
        match self {
            Self::Flag(flag) => Ok(*flag),
            _ => Err(Self::expected("true or false")),
        }
    }

    /// The values of the array that this is.
    pub(crate) fn list(&self) -> Result<&[Self], Wrong> {
        match self {
            Self::List(list) => Ok(list),
            _ => Err(Self::expected("a list")),
        }
    }

    /// The object that this is.
    pub(crate) fn object(&self) -> Result<Object<'_, 'a>, Wrong> {
        match self {
            Self::Object(members) => Ok(Object(members)),
            _ => Err(Self::expected("an object")),
        }
    }

    /// The name of the variant that this is, and what it holds: nothing where its name is all.
    pub(crate) fn variant(&self) -> Result<(&str, &Self), Wrong> {
        match self {
            Self::Text(name) => Ok((name, &Self::Null)),
            Self::Object(members) => match members.as_slice() {
                [(name, held)] => Ok((name, held)),
                _ => Err(Self::expected("one variant")),
            },
            _ => Err(Self::expected("a variant")),
        }
    }
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'j, 'a>(&'j [(Cow<'a, str>, Json<'a>)]);

impl<'j, 'a> Object<'j, 'a> {
    /// Every member, in the order of the text.
    pub(crate) const fn members(self) -> &'j [(Cow<'a, str>, Json<'a>)] {
        self.0
    }

    /// Refuses what has none of these names.
    pub(crate) fn only(self, names: &[&str]) -> Result<(), Wrong> {
        match self.0.iter().find(|(own, _)| !names.contains(&own.as_ref())) {
            Some((own, _)) => Err(Wrong(
                ["unknown field `", own, "`, expected one of ", &names.join(", ")].concat(),
            )),
            None => Ok(()),
        }
    }

    /// The member of that name; one that stands there twice is refused.
    fn find(self, name: &str) -> Result<Option<&'j Json<'a>>, Wrong> {
        let mut own = self.0.iter().filter(|(own, _)| own == name);
        let found = own.next();
        match own.next() {
            Some(_) => Err(Wrong(["duplicate field `", name, "`"].concat())),
            None => Ok(found.map(|(_, json)| json)),
        }
    }

    /// The member of that name, if it is there.
    pub(crate) fn optional<T: FromJson>(self, name: &str) -> Result<Option<T>, Wrong> {
        match self.find(name)? {
            Some(json) => T::from_json(json).map(Some).map_err(|wrong| wrong.within(name)),
            None => Ok(None),
        }
    }

    /// The member of that name.
    pub(crate) fn field<T: FromJson>(self, name: &str) -> Result<T, Wrong> {
        match self.optional(name)?.or_else(T::absent) {
            Some(value) => Ok(value),
            None => Err(Wrong(["missing field `", name, "`"].concat())),
        }
    }
}
