//! The studio's state as signals, and the one way in which anything happens: [`StudioStore::send`].
//!
//! Owns the signals that components read. `publish` writes them after each event, `effects` carries commands out. Must
//! not decide anything: `state` does. At the edge the same signals have the state at the start, and nothing happens.

#[cfg(feature = "client")]
mod device;
#[cfg(not(feature = "client"))]
mod edge;
#[cfg(feature = "client")]
mod effects;
#[cfg(feature = "client")]
mod engine;
#[cfg(feature = "client")]
mod lazy_commands;
#[cfg(any(feature = "client", test))]
mod publish;
#[cfg(feature = "client")]
mod viewer;
#[cfg(feature = "client")]
mod wall;
mod words;

#[cfg(feature = "client")]
pub(crate) use engine::end;
#[cfg(feature = "client")]
pub(crate) use viewer::Fact;

use crate::{
    state::{
        Studio,
        allowance::AllowanceLeft,
        device_history::DeviceStage,
        draft::{Choices, Note},
        selection::{Archive, SelectionView},
        tile::{TileKey, TileView},
        uploads::ReferenceView,
        viewer::ViewerView,
        virtual_scroll::{Length, Shown},
    },
    texts::{TextKey, Texts},
};
use contract::{document::StudioData, money::Nano, site::Site};
use leptos::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What is left to the visitor, and the edge's time when that became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllowanceView {
    /// What is left.
    pub left: AllowanceLeft,
    /// The time by which its words are chosen.
    pub now: u64,
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
    /// The tiles that have come last: they arrive before the visitor's eyes.
    fresh: StoredValue<HashSet<TileKey>>,
    /// The state of the wall's rows that the signals have.
    #[cfg(any(feature = "client", test))]
    revision: StoredValue<Option<u32>>,
    #[cfg(feature = "client")]
    engine: StoredValue<engine::Engine, LocalStorage>,
    /// What carries the lazy part's commands out, once it is there.
    #[cfg(feature = "client")]
    lazy: StoredValue<lazy_commands::LazyRunner>,
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
    /// What is chosen beside the description.
    choices: Choices;
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
    /// The tiles of the wall that are rendered, newest first.
    shown: Vec<TileKey>;
    /// Where each of them lies.
    places: HashMap<TileKey, Shown>;
    /// How much room the tiles take that are not, before and after those.
    rooms: (Length, Length);
    /// How many tiles there are, where not all are rendered.
    tile_count: Option<usize>;
    /// Whether there is no tile.
    wall_is_empty: bool;
    /// Whether a picture has come.
    has_picture: bool;
    /// Whether so few pictures hang that all of them are large.
    few: bool;
    /// The newest request that hangs.
    newest: Option<u32>;
    /// What the visitor is asked or told about the device history.
    device_stage: DeviceStage;
    /// What the viewer shows, while it is open.
    viewer: Option<ViewerView>;
    /// Whether the viewer lies over everything else.
    covered: bool;
    /// What the buttons of the selection depend on.
    selection: SelectionView;
    /// The pictures that are selected.
    picked: HashSet<TileKey>;
    /// The archive that is being saved.
    archive: Option<Archive>;
    /// How many pictures an undo would bring back.
    undo_count: usize;
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
            choices: RwSignal::new(choices),
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
            shown: RwSignal::new(Vec::new()),
            places: RwSignal::new(HashMap::new()),
            rooms: RwSignal::new((0, 0)),
            tile_count: RwSignal::new(None),
            wall_is_empty: RwSignal::new(true),
            has_picture: RwSignal::new(false),
            few: RwSignal::new(true),
            newest: RwSignal::new(None),
            device_stage: RwSignal::new(DeviceStage::default()),
            viewer: RwSignal::new(None),
            covered: RwSignal::new(false),
            selection: RwSignal::new(SelectionView::default()),
            picked: RwSignal::new(HashSet::new()),
            archive: RwSignal::new(None),
            undo_count: RwSignal::new(0),
            announcement: RwSignal::new(None),
        };
        Self(StoredValue::new(Parts {
            signals,
            texts: StoredValue::new(Texts::new(data.texts.clone())),
            site: StoredValue::new(Arc::new(data.site.clone())),
            tiles: StoredValue::new(HashMap::new()),
            #[cfg(any(feature = "client", test))]
            keys: StoredValue::new(HashMap::new()),
            fresh: StoredValue::new(HashSet::new()),
            #[cfg(any(feature = "client", test))]
            revision: StoredValue::new(None),
            #[cfg(feature = "client")]
            engine: StoredValue::new_local(engine::Engine::new(studio)),
            #[cfg(feature = "client")]
            lazy: StoredValue::new(lazy_commands::LazyRunner::Waits(Vec::new())),
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

    /// Whether a tile comes before the visitor's eyes, which it does once: others were there before, and are only rendered
    /// again.
    pub(crate) fn arrives(self, key: TileKey) -> bool {
        self.parts().fresh.try_update_value(|fresh| fresh.remove(&key)).unwrap_or_default()
    }

    /// A length as the style has it.
    pub(crate) fn css(length: Length) -> String {
        ["calc(", &length.to_string(), "px / 64)"].concat()
    }

    /// Whether a picture is selected, tracked.
    pub(crate) fn is_picked(self, key: TileKey) -> bool {
        self.picked().with(|picked| picked.contains(&key))
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
