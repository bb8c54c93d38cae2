//! JSON's own values, and what is made of several.
//!
//! Owns numbers, texts, lists, pairs and what may be missing. Must not know a type of the product.

use super::{FromJson, Json, ToJson, Wrong, write};

impl FromJson for () {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        match json {
            Json::Null => Ok(()),
            _ => Err(Wrong::new("expected null")),
        }
    }
}

impl ToJson for () {
    fn to_json(&self, out: &mut String) {
        out.push_str("null");
    }
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        json.flag()
    }
}

impl ToJson for bool {
    fn to_json(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

/// Whole numbers.
macro_rules! whole {
    ($($type:ident),+) => { $(
        impl FromJson for $type {
            fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
                Self::try_from(json.whole()?).map_err(|_| Wrong::new("this number is too large"))
            }
        }

        impl ToJson for $type {
            fn to_json(&self, out: &mut String) {
                out.push_str(&u64::from(*self).to_string());
            }
        }
    )+ };
}

whole!(u8, u16, u32, u64);

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        json.text().map(str::to_owned)
    }
}

impl ToJson for String {
    fn to_json(&self, out: &mut String) {
        write::text(out, self);
    }
}

impl ToJson for str {
    fn to_json(&self, out: &mut String) {
        write::text(out, self);
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self, out: &mut String) {
        (**self).to_json(out);
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        if *json == Json::Null { Ok(None) } else { T::from_json(json).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, out: &mut String) {
        match self {
            Some(value) => value.to_json(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        json.list()?.iter().map(T::from_json).collect()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, out: &mut String) {
        self.as_slice().to_json(out);
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self, out: &mut String) {
        out.push('[');
        for value in self {
            write::next(out);
            value.to_json(out);
        }
        out.push(']');
    }
}

impl<const N: usize> FromJson for [u8; N] {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let bytes: Vec<u8> = FromJson::from_json(json)?;
        bytes.try_into().map_err(|_| Wrong::new("a list of another length"))
    }
}

impl<const N: usize> ToJson for [u8; N] {
    fn to_json(&self, out: &mut String) {
        self.as_slice().to_json(out);
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        match json.list()? {
            [first, second] => Ok((A::from_json(first)?, B::from_json(second)?)),
            _ => Err(Wrong::new("expected two values")),
        }
    }
}

impl<A: ToJson, B: ToJson> ToJson for (A, B) {
    fn to_json(&self, out: &mut String) {
        out.push('[');
        self.0.to_json(out);
        out.push(',');
        self.1.to_json(out);
        out.push(']');
    }
}
