//! Closures for what changes in an element, and for its events.
//!
//! Owns the one type for all closures that yield the same type, or take the same event. Leptos compiles building,
//! hydrating, updating and listening once for each type of closure: eighty closures were a fifth of the program.

use leptos::ev::MouseEvent;

/// A closure that yields an attribute, a class, a property or a text.
pub(super) type Dynamic<T> = Box<dyn FnMut() -> T + Send>;

/// Boxes a closure that yields what an element shows.
pub(super) fn dynamic<T>(value: impl FnMut() -> T + Send + 'static) -> Dynamic<T> {
    Box::new(value)
}

/// Boxes what a click does.
pub(super) fn click(act: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(act)
}

/// Boxes what any other event does.
pub(super) fn listener<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
