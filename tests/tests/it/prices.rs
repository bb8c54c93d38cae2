//! A reservation bounds what is charged: random orders at every model of the shipped configuration.
//!
//! The sandbox charges by token formulas and prices of its own and reads nothing of a configuration, so a number there
//! that is too low shows here. That it would is shown too: with one bound lowered, the same check must find an order.

use anyhow::{Context, Result, ensure};
use contract::{
    job::{Job, JobState},
    money::Nano,
    options::{Background, Format, Quality, Size},
};
use engine::config::model::Model;
use painter::{Subject, encode, paint};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use std::fmt;
use tests::{
    run,
    studio::{Setup, open_budget, open_network},
};
use xtask::settings;

/// Orders of each model: at least two of every quality and size that a model has a price for.
const ORDERS: usize = 18;

/// The sizes that the shipped site offers.
const SIZES: [Size; 3] = [
    Size { width: 1024, height: 1024 },
    Size { width: 1024, height: 1536 },
    Size { width: 1536, height: 1024 },
];

/// Of one byte to four, and some that join with those beside them; none of the words that are commands to the sandbox
/// can be written with them.
const LETTERS: [&str; 12] =
    ["a", "e", "n", " ", ".", "é", "ß", "я", "漢", "語", "🦊", "👩\u{200d}🎨"];

/// What a visitor sends.
#[derive(Debug, Clone)]
struct Order {
    prompt: String,
    count: u32,
    quality: Quality,
    size: Size,
    background: Background,
    format: Format,
    compression: Option<u8>,
    /// Pictures to edit.
    inputs: Vec<(Size, Format)>,
}

/// An order that was charged more than was reserved for it.
struct Overrun {
    order: Order,
    reserved: Nano,
    charged: Nano,
}

impl Order {
    fn body(&self) -> Value {
        let Self { prompt, count, quality, size, background, format, compression, .. } = self;
        json!({ "prompt": prompt, "count": count, "quality": quality, "size": size,
            "background": background, "format": format, "compression": compression })
    }

    fn pictures(&self) -> Result<Vec<Vec<u8>>> {
        let picture = |&(size, format): &(Size, Format)| {
            Ok(encode(&paint(&Subject { size, ..Subject::default() }), format, 80)?)
        };
        self.inputs.iter().map(picture).collect()
    }
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order, reserved, charged } = self;
        write!(f, "charged {charged} $, reserved {reserved} $: {order:?}")
    }
}

/// Prompts of 1 to 1,000 characters; short ones as often as long ones, because a reservation grows with the bytes.
fn prompt() -> impl Strategy<Value = String> {
    let letters = |most| prop::collection::vec(prop::sample::select(&LETTERS[..]), 0..most);
    let rest = prop_oneof![letters(20), letters(1_000)];
    // What is trimmed away would not be a prompt.
    rest.prop_map(|rest| ["o"].into_iter().chain(rest).flat_map(str::chars).take(1_000).collect())
}

/// None as often as some: up to as many, and as large, as the model takes.
fn inputs(model: &Model) -> impl Strategy<Value = Vec<(Size, Format)>> + use<> {
    let pixels = 1..=u16::try_from(model.max_input_side).expect("a side");
    let size = (pixels.clone(), pixels).prop_map(|(width, height)| Size { width, height });
    // A png of so many pixels may weigh more than is taken; only pixels count here.
    let light = prop::sample::select(&[Format::Webp, Format::Jpeg][..]);
    let some = prop::collection::vec((size, light), 1..=4);
    prop_oneof![Just(Vec::new()), some]
}

fn order(model: &Model, quality: Quality, size: Size) -> impl Strategy<Value = Order> + use<> {
    let backgrounds = prop::sample::select(Background::ALL);
    let looks = (backgrounds, prop::sample::select(Format::ALL), prop::option::of(0..=100u8));
    (prompt(), 1..=2u32, looks, inputs(model)).prop_map(move |(prompt, count, looks, inputs)| {
        let (background, format, compression) = looks;
        let background = match format {
            Format::Jpeg if background == Background::Transparent => Background::Auto,
            _ => background,
        };
        let compression = compression.filter(|_| format != Format::Png);
        Order { prompt, count, quality, size, background, format, compression, inputs }
    })
}

/// What a model has a price for.
fn kinds(model: &Model) -> Vec<(Quality, Size)> {
    let all = Quality::ALL.iter().flat_map(|&quality| SIZES.map(|size| (quality, size)));
    all.filter(|&(quality, size)| model.worst(quality, size).is_some()).collect()
}

fn orders(model: &Model, runner: &mut TestRunner) -> Vec<Order> {
    let kinds = kinds(model).into_iter().cycle().take(ORDERS);
    let drawn = kinds.map(|(quality, size)| order(model, quality, size).new_tree(runner));
    drawn.map(|tree| tree.expect("an order").current()).collect()
}

/// The same orders in every run.
fn runner() -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// Each shipped model, and as it stands in the configuration, but without an end: no test depends on the day.
fn shipped(settings: &settings::Settings) -> Result<Vec<(Model, Value)>> {
    let mut blocks = Setup::default().configured(settings, &[]).models;
    for block in &mut blocks {
        block.as_object_mut().context("no object")?.remove("shuts_down");
    }
    let models = settings.check()?.models;
    ensure!(models.len() == blocks.len() && models.len() > 1, "not the shipped models");
    Ok(models.into_iter().zip(blocks).collect())
}

/// The first of these orders that is charged more than was reserved, at an edge that has this model alone.
async fn first_overrun(
    settings: &settings::Settings,
    block: Value,
    orders: &[Order],
) -> Result<Option<Overrun>> {
    let mut qualities: Vec<_> = orders.iter().map(|order| order.quality.to_string()).collect();
    qualities.sort();
    qualities.dedup();
    let changes = [
        ("show_cost", json!(true)),
        ("origins", json!(["https://acme.example"])),
        ("budget", open_budget("1000", "1000")),
        ("visitor", json!({ "per_hour": 1000, "per_day": 1000, "concurrent": 100 })),
        ("network", open_network(1000, 200)),
        ("qualities", json!(qualities)),
        ("default_quality", json!(null)),
    ];
    let id = block["id"].clone();
    let setup = Setup::default().configured(settings, &changes);
    let studio = Setup { models: vec![block], ..setup }.start().await?;
    let visitor = studio.visitor().await?;
    let (mut found, mut sum) = (None, Nano::ZERO);
    for order in orders {
        let response = if order.inputs.is_empty() {
            visitor.ask(&order.body()).await?
        } else {
            visitor.edit(&order.body(), &order.pictures()?).await?
        };
        ensure!(response.status() == 201, "refused: {} {order:?}", response.text().await?);
        let job: Job = response.json().await?;
        let job = visitor.watch(&job.id).await?.pop().context("no state")?;
        ensure!(job.state == JobState::Succeeded && job.model == id, "{job:?}");
        let cost = job.cost.context("no cost is shown")?;
        let (reserved, charged) =
            (cost.reserved_usd, cost.charged_usd.context("nothing is charged")?);
        ensure!(charged > Nano::ZERO, "free: {order:?}");
        sum = sum.checked_add(charged).context("a sum")?;
        let booked = studio.sandbox.books().charged();
        ensure!(booked == sum, "the sandbox has charged {booked}, the jobs say {sum}: {order:?}");
        if charged > reserved {
            found = Some(Overrun { order: order.clone(), reserved, charged });
            break;
        }
    }
    studio.stop().await?;
    Ok(found)
}

#[test]
fn no_order_is_charged_more_than_was_reserved_for_it_at_any_shipped_model() {
    run(async {
        let (settings, mut runner) = (settings::load(None)?, runner());
        for (model, block) in shipped(&settings)? {
            let orders = orders(&model, &mut runner);
            let found = first_overrun(&settings, block, &orders).await?;
            if let Some(found) = found {
                panic!("{}: {found}", model.id);
            }
        }
        Ok(())
    });
}

#[test]
fn a_bound_that_is_too_low_is_found_whether_of_a_quality_or_of_pictures_to_edit() {
    run(async {
        let settings = settings::load(None)?;
        let mut models = shipped(&settings)?.into_iter();
        let (model, block) =
            models.find(|(model, _)| model.id.ends_with("2.5-flare")).context("no such model")?;
        let orders = orders(&model, &mut runner());

        let mut cheap = block.clone();
        for price in cheap["worst_usd"]["medium"].as_object_mut().context("prices")?.values_mut() {
            let usd: Nano = price.as_str().context("a price")?.parse().ok().context("a price")?;
            *price = Nano(usd.0 / 10).to_string().into();
        }
        let found = first_overrun(&settings, cheap, &orders).await?.context("no overrun")?;
        assert_eq!(found.order.quality, Quality::Medium, "{found}");

        let mut blind = block;
        blind["input_picture_tokens"] = json!({ "base": 0, "per_megapixel": 100 });
        let found = first_overrun(&settings, blind, &orders).await?.context("no overrun")?;
        assert!(!found.order.inputs.is_empty(), "{found}");
        Ok(())
    });
}
