//! The model's maker: turns an order into pictures, and charges for them.
//!
//! Owns the maker's rules, its work and its price. Must not know which API the order came through, or what the response
//! looks like.

mod order;

pub(crate) use order::{Order, OrderRequest};

use crate::{
    books::CallRecorder,
    clock,
    fault::Fault,
    models::Model,
    render_cache::RenderRequest,
    runtime::{self, Instant},
    shared::Shared,
    tokens,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{money::Nano, time::Timestamp};
use painter::Subject;
use std::time::Duration;

/// An order whose pictures are finished.
#[derive(Debug)]
pub(crate) struct CompletedOrder {
    pub(crate) model: &'static Model,
    pub(crate) order: Order,
    pub(crate) text_tokens: u64,
    /// Output tokens of all pictures, partial ones included.
    pub(crate) picture_tokens: u64,
    pub(crate) cost: Nano,
    pub(crate) began: Timestamp,
    pub(crate) ended: Timestamp,
    /// Each picture in base64.
    pub(crate) pictures_base64: Vec<String>,
    /// Each partial picture in base64.
    pub(crate) partials: Vec<String>,
    /// The factor by which a fault multiplied the price; 1 without one.
    pub(crate) price_factor: u64,
    /// How long the events of a streamed response should take in all.
    pub(crate) pace: Duration,
}

/// Tokens of each partial picture.
const PARTIAL_TOKENS: u64 = 100;

/// Charges for an order and paints its pictures.
pub(crate) async fn fulfil(
    order: Order,
    model: &'static Model,
    fault: Option<&Fault>,
    recorder: &CallRecorder,
    shared: &Shared,
) -> CompletedOrder {
    let fault = fault.filter(|fault| fault.applies_to(order.streams));
    let (clock, began) = (Instant::now(), clock::now());
    let settings = &shared.settings;
    let text_tokens = tokens::of_text(&order.prompt);
    let partial_tokens = PARTIAL_TOKENS * u64::from(order.partials);
    let picture_tokens = (order.picture_tokens + partial_tokens) * u64::from(order.count);
    let price = match settings.charge {
        Some(charge) => charge(order.size, order.effort.quality(), order.count),
        None => model.price(text_tokens, order.input_tokens, picture_tokens),
    };
    let price_factor = fault.map_or(1, Fault::price_factor);
    let cost = Nano(price.0.saturating_mul(price_factor));
    recorder.charge(cost);
    let mut pictures = shared.render_cache.pictures(render_requests(&order, fault)).await;
    let partials = shared.render_cache.pictures(partial_render_requests(&order)).await;
    let pace = settings.pace.of(order.effort.quality());
    if !order.streams {
        runtime::sleep_until(clock + pace).await;
    }
    shared.wait_until_released().await;

    if let Some(fault) = fault {
        pictures = pictures.into_iter().map(|picture| fault.alter_picture(picture)).collect();
    }
    let text = |picture| {
        let text = STANDARD.encode(picture);
        match fault {
            Some(fault) => fault.alter_base64(text),
            None => text,
        }
    };
    let pictures_base64 = pictures.iter().map(text).collect();
    if fault.is_none_or(|fault| fault.whole) {
        recorder.pictures(pictures);
    }
    let partials = partials.iter().map(|picture| STANDARD.encode(picture)).collect();
    let ended = clock::now();
    CompletedOrder {
        model,
        order,
        text_tokens,
        picture_tokens,
        cost,
        began,
        ended,
        pictures_base64,
        partials,
        price_factor,
        pace,
    }
}

/// What to paint for each picture.
fn render_requests(order: &Order, fault: Option<&Fault>) -> Vec<RenderRequest> {
    let format = fault.map_or(order.format, |fault| fault.painted_format(order.format));
    let request = |index| RenderRequest {
        subject: order.subject(index),
        format,
        compression: order.compression,
    };
    (0..order.count).map(request).collect()
}

/// What to paint for each partial picture: the first picture, sharper each time.
fn partial_render_requests(order: &Order) -> Vec<RenderRequest> {
    let request = |blur| RenderRequest {
        subject: Subject { blur, ..order.subject(0) },
        format: order.format,
        compression: order.compression,
    };
    let most = u8::try_from(order.partials).unwrap_or(u8::MAX);
    (1..=most).rev().map(request).collect()
}
