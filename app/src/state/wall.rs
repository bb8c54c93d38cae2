//! From the requests to the rows of the wall.
//!
//! Owns when the rows are laid out anew: when tiles are added, removed or become another kind, and when the wall is measured again.
//! Only requests that have changed are looked at for that.

use super::{
    Studio,
    command::{Command, FocusTarget},
    tile,
    virtual_scroll::{Frame, Item, Sight, VirtualScroll},
};

impl Studio {
    /// The rows of the wall.
    pub(crate) const fn virtual_scroll(&self) -> &VirtualScroll {
        &self.wall
    }

    /// Lays the wall out where its tiles have changed, and renders what is to be scrolled to.
    pub(super) fn arrange(&mut self) {
        let mut other = false;
        for serial in self.requests.dirty() {
            let items = self.requests.get(*serial).map(tile::items).unwrap_or_default();
            let old = if items.is_empty() {
                self.hangs.remove(serial)
            } else {
                self.hangs.insert(*serial, items.clone())
            };
            other |= old.unwrap_or_default() != items;
        }
        if other {
            let all = self.requests.iter().filter_map(|it| self.hangs.get(&it.serial));
            let all: Vec<Item> = all.flatten().copied().collect();
            self.wall.hang(all);
            self.forget_picked();
        }
        let target = self.out.iter().find_map(|command| match command {
            Command::Focus(FocusTarget::Tile(key)) => Some(*key),
            Command::LeaveToast(FocusTarget::Tile(key)) => Some(*key),
            _ => None,
        });
        if let Some(key) = target {
            self.wall.reveal(key);
        }
    }

    pub(super) fn wall_measured(&mut self, frame: Frame, sight: Sight) {
        self.wall.measure(frame);
        self.wall.look(sight);
    }

    /// Whether another part of the wall has to be rendered for this sight.
    pub(crate) fn needs(&self, sight: Sight) -> bool {
        self.wall.needs(sight)
    }

    /// Every tile that hangs, newest first.
    #[cfg(test)]
    pub(crate) fn order(&self) -> Vec<super::TileKey> {
        self.wall.keys().collect()
    }
}
