//! The area of the viewer that shows the picture: first the thumbnail, which is there at once, then the original.
//!
//! Owns the zoom, which nothing else needs. `state::zoom` calculates what a gesture does.

use crate::{
    browser::dialog,
    components::dynamic::{dynamic, listener},
    state::{
        event::Event,
        tile::TileKey,
        viewer::Step,
        zoom::{Fingers, Point, Zoom},
    },
    store::StudioStore,
};
use leptos::{
    ev::{MouseEvent, PointerEvent, WheelEvent},
    html,
    prelude::*,
};

/// The state of the stage.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    store: StudioStore,
    element: NodeRef<html::Div>,
    zoom: RwSignal<Zoom>,
    fingers: StoredValue<Fingers>,
    /// The URL that shows the original of a picture, once it is decoded.
    original: RwSignal<Option<(TileKey, String)>>,
}

impl Stage {
    pub(super) fn new(store: StudioStore) -> Self {
        let own = Self {
            store,
            element: NodeRef::new(),
            zoom: RwSignal::new(Zoom::default()),
            fingers: StoredValue::new(Fingers::default()),
            original: RwSignal::new(None),
        };
        let key = Memo::new(move |_| store.viewed(|view| view.key));
        Effect::new(move |before: Option<()>| {
            let key = key.get();
            if before.is_some() || key.is_some() {
                own.show(key);
            }
        });
        own
    }

    /// Another picture is shown, or none.
    fn show(self, key: Option<TileKey>) {
        if self.zoom.get_untracked() != Zoom::default() {
            self.zoom.set(Zoom::default());
        }
        self.fingers.set_value(Fingers::default());
        if let Some((_, before)) = self.original.get_untracked() {
            self.original.set(None);
            StudioStore::hide_picture(&before);
        }
        if let Some(key) = key {
            self.store.show_original(key, move |url| {
                // Going to another picture and back asks for the original twice.
                if self.original.with_untracked(Option::is_none) {
                    self.original.set(Some((key, url)));
                } else {
                    StudioStore::hide_picture(&url);
                }
            });
        }
    }

    fn size(self) -> Point {
        let size = self.element.with_untracked(|stage| stage.as_ref().map(|it| dialog::size(it)));
        let (x, y) = size.unwrap_or_default();
        Point { x, y }
    }

    fn point(self, event: &MouseEvent) -> Point {
        let at = self.element.with_untracked(|stage| {
            stage.as_ref().map(|stage| dialog::from_the_middle(stage, event))
        });
        let (x, y) = at.unwrap_or_default();
        Point { x, y }
    }

    /// Zooms or pans by a key; returns whether it is one of those keys.
    pub(super) fn key(self, key: &str) -> bool {
        let next = self.zoom.get_untracked().key(key, self.size());
        if let Some(next) = next {
            self.zoom.set(next);
        }
        next.is_some()
    }

    fn pressed(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        self.element.with_untracked(|stage| {
            if let Some(stage) = stage {
                dialog::capture(stage, event);
            }
        });
        let (at, zoom) = (self.point(event), self.zoom.get_untracked());
        self.fingers.update_value(|fingers| fingers.pressed(event.pointer_id(), at, zoom));
    }

    fn moved(self, event: &PointerEvent) {
        let (at, zoom, size) = (self.point(event), self.zoom.get_untracked(), self.size());
        let next = self
            .fingers
            .try_update_value(|fingers| fingers.moved(event.pointer_id(), at, zoom, size));
        if let Some(next) = next.filter(|next| *next != zoom) {
            self.zoom.set(next);
        }
    }

    fn released(self, event: &PointerEvent) {
        let (at, zoom) = (self.point(event), self.zoom.get_untracked());
        let turn = self
            .fingers
            .try_update_value(|fingers| fingers.released(event.pointer_id(), at, zoom))
            .flatten();
        if let Some(way) = turn {
            let back = (way > 0.0) != dialog::from_the_right();
            let step = if back { Step::Previous } else { Step::Next };
            self.store.send(Event::ViewerStepped(step));
        }
    }

    fn double_clicked(self, event: &MouseEvent) {
        let (at, size) = (self.point(event), self.size());
        self.zoom.update(|zoom| *zoom = zoom.double_click(at, size));
    }

    fn wheeled(self, event: &WheelEvent) {
        event.prevent_default();
        let (at, size, spreads) = (self.point(event), self.size(), event.ctrl_key());
        self.zoom.update(|zoom| *zoom = zoom.wheel(event.delta_y(), spreads, at, size));
    }
}

/// The stage.
pub(super) fn stage(own: Stage) -> impl IntoView {
    let Stage { store, element, zoom, original, .. } = own;
    let pixels = |value: f64| [&dialog::number(value), "px"].concat();
    let picture = move || {
        let (key, alt) = store.viewed(|view| (view.key, view.facts.prompt.clone()))?;
        let original = original.get().filter(|(of, _)| *of == key).map(|(_, url)| url);
        let src = original.or_else(|| store.shown_at_once())?;
        // Decoded before it is shown, so that the stage is never empty.
        Some(view! { <img alt=alt src=src decoding="sync" draggable="false"/> })
    };
    view! {
        <div
            class="viewer__stage"
            class:viewer__stage_near=dynamic(move || zoom.get().is_near())
            style:--zoom=dynamic(move || dialog::number(zoom.get().scale))
            style:--x=dynamic(move || pixels(zoom.get().at.x))
            style:--y=dynamic(move || pixels(zoom.get().at.y))
            node_ref=element
            on:pointerdown=listener(move |event| own.pressed(&event))
            on:pointermove=listener(move |event| own.moved(&event))
            on:pointerup=listener(move |event| own.released(&event))
            on:pointercancel=listener(move |event| own.released(&event))
            on:dblclick=listener(move |event| own.double_clicked(&event))
            on:wheel=listener(move |event| own.wheeled(&event))
        >
            {picture}
        </div>
    }
}
