//! Copies made by hand: members in a row, damaged one at a time. A sum is right if it is made of its block's contents.

use std::borrow::Cow;

use xenspect_model::catalog::{Manifest, ManifestEntry, SumState};
use xenspect_model::report::Against;

use crate::copies::{CopySide, copies};

/// Bytes of a block.
pub(super) const BLOCK: u64 = 1 << 20;
/// What a sum says of a block with contents `n` is `n` and this.
const SUM: u64 = 1 << 63;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) size: u64,
    /// Stands for the contents: those of one number are the same.
    pub(super) contents: u64,
    pub(super) attributes: Option<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Read,
    /// The header is there, the contents could not be read.
    Unread,
    /// Neither is to be found; its room is taken.
    Lost,
}

#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub(super) items: Vec<Item>,
    pub(super) complete: bool,
    pub(super) cut_short: bool,
}

pub(super) fn item(name: &str, size: u64, contents: u64) -> Item {
    Item {
        name: name.to_owned(),
        size,
        contents,
        attributes: None,
        state: State::Read,
    }
}

/// An export with one disk of `blocks` blocks; `seed` is in all contents.
pub(super) fn export(blocks: u64, seed: u64) -> Copy {
    let mut items = vec![item("ova.xml", 5000, seed << 32)];
    for number in 0..blocks {
        let contents = (seed << 32) + 1 + number;
        items.push(item(&format!("Ref:4/{number:08}"), BLOCK, contents));
        items.push(item(
            &format!("Ref:4/{number:08}.xxhash"),
            16,
            contents | SUM,
        ));
    }
    Copy::whole(items)
}

pub(super) fn files(names: &[&str]) -> Copy {
    let items = names.iter().zip(1..);
    Copy::whole(items.map(|(name, n)| item(name, 100 * n, n)).collect())
}

impl Copy {
    pub(super) fn whole(items: Vec<Item>) -> Self {
        Self {
            items,
            complete: true,
            cut_short: false,
        }
    }

    fn index(&self, name: &str) -> usize {
        self.items
            .iter()
            .position(|item| item.name == name)
            .unwrap_or_else(|| panic!("no {name}"))
    }

    /// Damages contents without changing their length.
    pub(super) fn flip(mut self, name: &str) -> Self {
        let index = self.index(name);
        self.items[index].contents ^= 1 << 40;
        self
    }

    /// Makes a member longer.
    pub(super) fn grow(mut self, name: &str) -> Self {
        let index = self.index(name);
        self.items[index].size += 1;
        self.flip(name)
    }

    /// Makes contents unreadable.
    pub(super) fn unread(mut self, name: &str) -> Self {
        let index = self.index(name);
        self.items[index].state = State::Unread;
        self
    }

    /// Loses a member with its header.
    pub(super) fn lose(mut self, name: &str) -> Self {
        let index = self.index(name);
        self.items[index].state = State::Lost;
        self.complete = false;
        self
    }

    /// Takes a member out, so that the others move up.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.items.remove(self.index(name));
        self
    }

    /// Ends in front of a member.
    pub(super) fn cut(mut self, name: &str) -> Self {
        self.items.truncate(self.index(name));
        (self.complete, self.cut_short) = (false, true);
        self
    }

    pub(super) fn swap(mut self, one: &str, other: &str) -> Self {
        let (one, other) = (self.index(one), self.index(other));
        self.items.swap(one, other);
        self
    }

    /// Changes a block and its sum with it, as a new export would.
    pub(super) fn rewrite(self, block: &str) -> Self {
        self.flip(block).flip(&format!("{block}.xxhash"))
    }

    pub(super) fn manifest(&self) -> Manifest {
        let mut manifest = Manifest::default();
        manifest.complete = self.complete;
        let mut offset = 0;
        for (index, item) in self.items.iter().enumerate() {
            let number = item.name.strip_prefix("Ref:4/");
            let number: Option<u64> = number.and_then(|number| number.parse().ok());
            if item.state != State::Lost {
                manifest.push(&ManifestEntry {
                    name: Cow::Borrowed(item.name.as_bytes()),
                    size: item.size,
                    sha256: (item.state == State::Read).then(|| digest(item.contents)),
                    offset,
                    start: number.map(|number| number * BLOCK),
                    sum: number.map_or(SumState::None, |_| self.sum_state(index)),
                    attributes: item.attributes.map(|byte| [byte; 16]),
                });
            }
            offset += 512 + item.size.next_multiple_of(512);
        }
        manifest
    }

    fn sum_state(&self, block: usize) -> SumState {
        let item = &self.items[block];
        let sum = self.items.get(block + 1);
        match sum.filter(|sum| sum.name == format!("{}.xxhash", item.name)) {
            Some(sum) if sum.state == State::Read && item.state == State::Read => {
                if sum.contents == item.contents | SUM {
                    SumState::Right
                } else {
                    SumState::Wrong
                }
            }
            _ => SumState::None,
        }
    }
}

fn digest(contents: u64) -> [u8; 32] {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&contents.to_le_bytes());
    digest
}

/// Compares two copies, with nothing known of their streams.
pub(super) fn compare(here: &Copy, there: &Copy) -> Against {
    let (here_members, there_members) = (here.manifest(), there.manifest());
    let side = |manifest, copy: &Copy| CopySide {
        cut_short: copy.cut_short,
        ..CopySide::from(manifest)
    };
    copies(side(&here_members, here), side(&there_members, there))
}
