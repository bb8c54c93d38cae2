//! Pictures that the visitor gives, those that sharpen, and those of the gallery: what the document's own scripts do with
//! their bytes.
//!
//! Owns the names under which `given.js` and `sharpen.js` are called. Must not hold a byte: numbers and paths cross over.

use crate::state::digits::digits;
use contract::options::Size;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = pictures, js_name = hear)]
    fn hear_numbers(given: JsValue, taken: JsValue, acted: JsValue);

    #[wasm_bindgen(js_namespace = pictures, js_name = change)]
    fn change_in(shape: &str);

    #[wasm_bindgen(js_namespace = pictures, js_name = sharpen)]
    fn sharpen_at(place: &str, url: &str, words: &str);

    /// A fresh number for a picture.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn number() -> u32;

    /// Makes a picture small and anonymous: one that was given, or the one at `url`.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn take(id: u32, url: &str);

    /// Forgets a picture.
    #[wasm_bindgen(js_namespace = pictures, js_name = letGo)]
    pub(crate) fn let_go(id: u32);

    /// Shows these in the composer, and asks there for a change if there are any.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn show(ids: &[u32]);

    /// The job whose pictures this device keeps, as the edge would tell it, with when it was asked for.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn kept() -> String;

    /// The body of a request with pictures.
    #[wasm_bindgen(js_namespace = pictures)]
    pub(crate) fn form(json: &str, ids: &[u32]) -> JsValue;
}

/// Hears which numbers are given (the first, and how many), also those given before; and which pictures are ready to be
/// sent or cannot be had; and what is done in which place of the wall.
pub(crate) fn hear(
    given: impl Fn(u32, u32) + 'static,
    taken: impl Fn(u32, bool) + 'static,
    acted: impl Fn(Act, (u32, u32)) + 'static,
) {
    let taken = move |id, fine| taken(id, fine != 0);
    let acted = move |act, place| acted(Act::of(act), (place / PLACES, place % PLACES));
    hear_numbers(numbers(Box::new(given)), numbers(Box::new(taken)), numbers(Box::new(acted)));
}

/// Places of one entry: a place is told as one number.
const PLACES: u32 = 16;

/// What the visitor does with pictures of the wall. The scripts have the same list: `given.js`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Starts from one.
    Change,
    /// Makes another one like it.
    Vary,
    /// Deletes one.
    Remove,
    /// Brings back what was deleted just now.
    Undo,
    /// Lets the time for that go by.
    Over,
    /// Shows one in vain.
    Lose,
    /// Keeps those of a job on this device: [`kept`] tells which.
    Keep,
}

impl Act {
    fn of(number: u32) -> Self {
        match number {
            0 => Self::Change,
            1 => Self::Vary,
            2 => Self::Remove,
            3 => Self::Undo,
            4 => Self::Over,
            5 => Self::Lose,
            _ => Self::Keep,
        }
    }
}

fn numbers(then: Box<dyn Fn(u32, u32)>) -> JsValue {
    Closure::wrap(then).into_js_value()
}

/// Chooses this shape if the form has it, and goes to the prompt so that typing replaces what is there.
pub(crate) fn change(size: Size) {
    change_in(&[&digits(size.width), "x", &digits(size.height)].concat());
}

/// Shows a preview at this place of the wall, once it is decoded.
pub(crate) fn sharpen((serial, index): (u32, u32), url: &str, words: &str) {
    sharpen_at(&[&digits(serial), "-", &digits(index)].concat(), url, words);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = include_str!("../../given.js");

    #[test]
    fn the_scripts_know_the_same_acts_by_the_same_numbers() {
        let (_, rest) = SCRIPT.split_once("const acts = {").unwrap();
        let (list, _) = rest.split_once('}').unwrap();
        let acts: Vec<_> = list
            .split(',')
            .map(|act| act.trim().split_once(": ").unwrap())
            .map(|(name, number)| (name.to_owned(), number.parse::<u32>().unwrap()))
            .collect();
        let own = |number| (format!("{:?}", Act::of(number)).to_lowercase(), number);
        assert_eq!(acts, (0..7).map(own).collect::<Vec<_>>());
    }

    #[test]
    fn a_place_is_one_number_there_as_it_is_here() {
        assert!(SCRIPT.contains(&format!("serial * {PLACES} + +index")));
    }
}
