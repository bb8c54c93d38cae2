//! The width of the wall, and which part of it is in sight.
//!
//! Owns the observer of the wall's size and the listeners for scrolling. Lengths that the style names are read from it:
//! they are registered there, so that the browser resolves them. Must not decide what is rendered.

use super::dom::{find, listen};
use crate::state::{
    event::Event,
    virtual_scroll::{Frame, Length, Sight},
};
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CssStyleDeclaration, Element, HtmlElement, ResizeObserver};

/// The element of the wall, or of what stands above it.
pub(crate) type WallElement = HtmlElement;

/// 64ths of a CSS pixel.
const PER_PIXEL: f64 = 64.0;
/// A root's font size, where the style does not say its lengths in pixels.
const REM: f64 = 16.0;

/// Tells the wall's size now and whenever it changes, and what is in sight of it whenever that `needs` another part of it.
pub(crate) fn watch(
    wall: &HtmlElement,
    needs: impl Fn(Sight) -> bool + 'static,
    send: impl Fn(Event) + 'static,
) {
    let send = Rc::new(send);
    let measure = {
        let (wall, send) = (wall.clone(), Rc::clone(&send));
        move || {
            let Some(frame) = frame(&wall) else { return };
            send(Event::WallMeasured { frame, sight: sight(&wall) });
            let cards = cards(&wall);
            if !cards.is_empty() {
                send(Event::CardsMeasured(cards));
            }
        }
    };
    measure();
    let observed = Closure::wrap(Box::new(move |_: Array| measure()) as Box<dyn Fn(Array)>);
    let observed: Function = observed.into_js_value().unchecked_into();
    if let Ok(observer) = ResizeObserver::new(&observed) {
        observer.observe(wall);
        // It observes for as long as the wall is in the document, and the listeners below as long as the document lives.
        std::mem::forget(observer);
    }
    let look = {
        let (wall, send) = (wall.clone(), Rc::clone(&send));
        Rc::new(move || {
            let sight = sight(&wall);
            if needs(sight) {
                send(Event::Scrolled(sight));
            }
        })
    };
    for event in ["scroll", "resize"] {
        let look = Rc::clone(&look);
        listen(web_sys::window(), event, move |_: JsValue| look());
    }
}

/// The element above the wall in which the buttons of the selection are.
pub(crate) fn selection_place() -> Option<HtmlElement> {
    find("#manage")
}

fn sight(wall: &Element) -> Sight {
    let top = wall.get_bounding_client_rect().top();
    Sight { top: length(-top), height: length(screen()) }
}

/// How high the screen is.
fn screen() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or_default()
}

fn frame(wall: &HtmlElement) -> Option<Frame> {
    let style = web_sys::window()?.get_computed_style(wall).ok()??;
    let named = |name, rem: f64| pixels(&style, name).unwrap_or(rem * REM);
    Some(Frame {
        width: length(wall.get_bounding_client_rect().width()),
        gap: length(pixels(&style, "row-gap").unwrap_or_default()),
        row: length(named("--row", 9.0)),
        row_large: length(named("--row-large", 15.0)),
        card: length(named("--card", 20.0)),
        card_most: length(named("--measure", 34.0)),
        is_wide: pixels(&style, "--wide") == Some(1.0),
    })
}

/// A computed value that is a number of pixels, or a number.
fn pixels(style: &CssStyleDeclaration, name: &str) -> Option<f64> {
    let value = style.get_property_value(name).ok()?;
    let value = value.trim();
    let number = value.strip_suffix("px").unwrap_or(value);
    // By the browser: the standard library's parser has ten kilobytes of tables.
    let number = (!number.is_empty()).then(|| JsValue::from_str(number).unchecked_into_f64());
    number.filter(|number| number.is_finite())
}

/// The heights of the cards that are rendered, in their order.
fn cards(wall: &Element) -> Vec<Length> {
    let cards = wall.get_elements_by_class_name("problem");
    let cards = (0..cards.length()).filter_map(|at| cards.item(at));
    cards.map(|card| length(card.get_bounding_client_rect().height())).collect()
}

fn length(pixels: f64) -> Length {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let length = (pixels * PER_PIXEL).round() as Length;
    length
}
