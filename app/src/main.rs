//! The studio's wasm: starts it.
//!
//! Must not hold anything else.

fn main() {
    app::start();
}
