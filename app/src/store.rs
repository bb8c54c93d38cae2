//! The studio's state as signals, and the one way in which anything happens: [`StudioStore::send`].
//!
//! Owns the signals that components read. `publish` writes them after each event, `effects` carries commands out. Must
//! not decide anything: `state` does. At the edge the same signals have the state at the start, and nothing happens.

#[cfg(not(feature = "client"))]
mod edge;
#[cfg(feature = "client")]
mod effects;
#[cfg(feature = "client")]
mod engine;
#[cfg(any(feature = "client", test))]
mod publish;
mod words;

use crate::{
    state::{
        Studio,
        allowance::AllowanceLeft,
        draft::Note,
        tile::{TileKey, TileView},
        uploads::ReferenceView,
    },
    texts::{TextKey, Texts},
};
use contract::{
    document::StudioData,
    money::Nano,
    options::{Format, Quality, Size},
    site::Site,
};
use leptos::prelude::*;
use std::{collections::HashMap, sync::Arc};

/// What is left to the visitor, and the edge's time when that became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowanceView {
    /// What is left.
    pub left: AllowanceLeft,
    /// The time by which its words are chosen.
    pub now: u64,
}

/// The large row above small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The request that it shows.
    pub serial: u32,
    /// How many tiles it has.
    pub tiles: usize,
    /// The last of them.
    pub last: TileKey,
}

/// A handle on the studio, copied into every component and every listener. It is as small as a signal's.
#[derive(Clone, Copy)]
pub(crate) struct StudioStore(StoredValue<Parts>);

/// What the handle leads to.
#[derive(Clone, Copy)]
struct Parts {
    signals: Signals,
    texts: StoredValue<Texts>,
    site: StoredValue<Arc<Site>>,
    tiles: StoredValue<HashMap<TileKey, ArcRwSignal<TileView>>>,
    /// The tiles of each request that hangs, in their order.
    #[cfg(any(feature = "client", test))]
    keys: StoredValue<HashMap<u32, Vec<TileKey>>>,
    #[cfg(feature = "client")]
    engine: StoredValue<engine::Engine, LocalStorage>,
}

/// Declares the signals, and for each a method of [`StudioStore`] that returns it.
macro_rules! signals {
    ($($(#[$doc:meta])+ $name:ident: $value:ty;)+) => {
        /// Every signal of the studio.
        #[derive(Clone, Copy)]
        struct Signals {
            $($(#[$doc])+ $name: RwSignal<$value>,)+
        }

        impl StudioStore {
            $(
                $(#[$doc])+
                pub(crate) fn $name(self) -> RwSignal<$value> {
                    self.0.with_value(|parts| parts.signals.$name)
                }
            )+
        }
    };
}

signals! {
    /// The description as the field has it.
    prompt: String;
    /// The chosen size.
    size: Size;
    /// The chosen quality.
    quality: Quality;
    /// How many pictures are asked for.
    count: u32;
    /// The chosen format.
    format: Format;
    /// Whether the background is to be transparent.
    transparent: bool;
    /// Whether the options behind "More" are shown.
    options_open: bool;
    /// Whether a narrow frame shows one line of the form.
    folded: bool;
    /// Whether files are dragged over the studio.
    files_over: bool;
    /// Whether a page is around the frame.
    hosted: bool;
    /// Whether the frame has the whole window.
    expanded: bool;
    /// What the form has to say.
    note: Option<Note>;
    /// Whether the button says Cancel.
    cancels: bool;
    /// What the next pictures will cost.
    estimate: Option<Nano>;
    /// What is left to the visitor.
    allowance: Option<AllowanceView>;
    /// The pictures that a new one starts from.
    references: Vec<ReferenceView>;
    /// Whether the challenge is before the visitor.
    challenge_open: bool;
    /// The tiles of the wall, newest first.
    order: Vec<TileKey>;
    /// Whether there is none.
    wall_is_empty: bool;
    /// Whether a picture has come.
    has_picture: bool;
    /// Whether so few pictures hang that all of them are large.
    few: bool;
    /// The newest request that hangs.
    newest: Option<u32>;
    /// The tiles of the newest request, where smaller ones hang below them.
    lead: Option<Lead>;
    /// The tiles after which a row begins: somebody looks at what hangs below, and it stays where it is.
    row_ends: Vec<TileKey>;
    /// What is said to whoever listens.
    announcement: Option<String>;
}

impl StudioStore {
    /// The store of a studio in which nothing has happened, which is what the edge renders. Only the prompt may hold
    /// text already: the field is there before the program.
    ///
    /// Its signals belong to the reactive owner in which it is made.
    pub(crate) fn new(data: &StudioData, prompt: String) -> Self {
        let studio = Studio::new(data.site.clone());
        let choices = studio.draft().choices;
        let signals = Signals {
            prompt: RwSignal::new(prompt),
            size: RwSignal::new(choices.size),
            quality: RwSignal::new(choices.quality),
            count: RwSignal::new(choices.count),
            format: RwSignal::new(choices.format),
            transparent: RwSignal::new(choices.transparent),
            options_open: RwSignal::new(false),
            folded: RwSignal::new(false),
            files_over: RwSignal::new(false),
            hosted: RwSignal::new(false),
            expanded: RwSignal::new(false),
            note: RwSignal::new(None),
            cancels: RwSignal::new(false),
            estimate: RwSignal::new(studio.estimate()),
            allowance: RwSignal::new(None),
            references: RwSignal::new(Vec::new()),
            challenge_open: RwSignal::new(false),
            order: RwSignal::new(Vec::new()),
            wall_is_empty: RwSignal::new(true),
            has_picture: RwSignal::new(false),
            few: RwSignal::new(true),
            newest: RwSignal::new(None),
            lead: RwSignal::new(None),
            row_ends: RwSignal::new(Vec::new()),
            announcement: RwSignal::new(None),
        };
        Self(StoredValue::new(Parts {
            signals,
            texts: StoredValue::new(Texts::new(data.texts.clone())),
            site: StoredValue::new(Arc::new(data.site.clone())),
            tiles: StoredValue::new(HashMap::new()),
            #[cfg(any(feature = "client", test))]
            keys: StoredValue::new(HashMap::new()),
            #[cfg(feature = "client")]
            engine: StoredValue::new_local(engine::Engine::new(studio)),
        }))
    }

    fn parts(self) -> Parts {
        self.0.get_value()
    }

    /// The site whose studio this is.
    pub(crate) fn site(self) -> Arc<Site> {
        self.parts().site.get_value()
    }

    /// A text as it stands.
    pub(crate) fn text(self, key: TextKey) -> String {
        self.texts().text(key).to_owned()
    }

    /// A text with these in the places of `{n}` and `{m}`.
    pub(crate) fn fill(self, key: TextKey, n: &str, m: &str) -> String {
        self.texts().fill(key, n, m)
    }

    fn texts(self) -> Texts {
        self.parts().texts.get_value()
    }

    /// What a place of the wall shows. One that is not there shows a wait.
    pub(crate) fn tile(self, key: TileKey) -> ArcRwSignal<TileView> {
        let known = self.parts().tiles.with_value(|tiles| tiles.get(&key).cloned());
        known.unwrap_or_else(|| ArcRwSignal::new(TileView::unknown()))
    }

    /// Whether the composer has pictures to change.
    pub(crate) fn has_references(self) -> bool {
        self.references().with(|references| !references.is_empty())
    }

    /// Whether the composer's button cancels, tracked.
    pub(crate) fn create_cancels(self) -> bool {
        self.cancels().get()
    }
}
