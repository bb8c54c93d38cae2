//! The model's maker at work: from an order to pictures, and what they cost.
//!
//! Owns the maker's rules, its work and its charge. Must not know who passed the order on, or how the answer looks.

mod order;

pub(crate) use order::{Order, Wishes};

use crate::{
    books::Entry, clock, encode::Print, fault::Fault, models::Model, server::Shared, tokens,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{money::Nano, time::Timestamp};
use tokio::time::Instant;

/// An order that has been carried out.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) model: &'static Model,
    pub(crate) order: Order,
    pub(crate) text_tokens: u64,
    /// Tokens out.
    pub(crate) picture_tokens: u64,
    pub(crate) cost: Nano,
    pub(crate) began: Timestamp,
    pub(crate) ended: Timestamp,
    /// Each picture in base64.
    pub(crate) texts: Vec<String>,
}

/// Carries an order out and charges for it, whether or not anyone waits for the answer.
pub(crate) async fn make(
    order: Order,
    model: &'static Model,
    fault: Option<&Fault>,
    entry: &Entry,
    shared: &Shared,
) -> Made {
    let (clock, began) = (Instant::now(), clock::now());
    let settings = &shared.settings;
    let text_tokens = tokens::of_text(&order.prompt);
    let picture_tokens = order.picture_tokens * u64::from(order.count);
    let price = match settings.charge {
        Some(charge) => charge(order.size, order.quality, order.count),
        None => model.price(text_tokens, picture_tokens),
    };
    let cost = Nano(price.0.saturating_mul(fault.map_or(1, Fault::price)));
    entry.charge(cost);
    let mut pictures = shared.album.pictures(prints(&order, fault)).await;
    tokio::time::sleep_until(clock + settings.pace.of(order.quality)).await;
    shared.released().await;

    if let Some(fault) = fault {
        pictures = pictures.into_iter().map(|picture| fault.picture(picture)).collect();
    }
    let text = |picture| {
        let text = STANDARD.encode(picture);
        match fault {
            Some(fault) => fault.text(text),
            None => text,
        }
    };
    let texts = pictures.iter().map(text).collect();
    if fault.is_none_or(|fault| fault.whole) {
        entry.pictures(pictures);
    }
    Made { model, order, text_tokens, picture_tokens, cost, began, ended: clock::now(), texts }
}

/// Each picture, ready to be painted.
fn prints(order: &Order, fault: Option<&Fault>) -> Vec<Print> {
    let format = fault.map_or(order.format, |fault| fault.format(order.format));
    let print =
        |index| Print { subject: order.subject(index), format, compression: order.compression };
    (0..order.count).map(print).collect()
}
