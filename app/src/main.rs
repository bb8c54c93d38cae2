//! The studio's wasm.
//!
//! Owns what happens when the module is loaded: a panic is told from then on. The shipped document starts the studio
//! itself: a trap in here could not be told from a module that did not load. The page of `trunk serve` does not.

fn main() {
    app::prepare();
    #[cfg(feature = "csr")]
    app::mount();
}
