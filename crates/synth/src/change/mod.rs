//! Pairs of pool databases that differ in exactly one named thing that people do or that happens by itself, and a series
//! of dated ones. Both sides of a relation follow; the database counts on, as it does with each change.
//!
//! ```
//! use xenspect_synth::Change;
//!
//! let (old, new) = Change::named("vm-renamed").expect("a change of that name").pair();
//! assert_ne!(old, new);
//! ```

mod editor;
mod hosts;
mod machines;
mod nics;
mod noise;
mod pool;
mod series;
mod storage;

use crate::dump::{Dump, DumpRecipe, Layout, Order, Protection, Style};
use editor::Editor;
pub use series::series;

/// One change.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    name: &'static str,
    description: &'static str,
    /// What the older database needs beyond the good one.
    before: Option<fn(&mut Editor)>,
    how: How,
}

/// How the newer database comes from the older one.
#[derive(Debug, Clone, Copy)]
enum How {
    Edit(fn(&mut Editor)),
    /// The older one is the edited one.
    Backwards(fn(&mut Editor)),
    /// Spelled otherwise, with the rows the other way round.
    Style(Style),
}

const fn change(name: &'static str, description: &'static str, edit: fn(&mut Editor)) -> Change {
    Change {
        name,
        description,
        before: None,
        how: How::Edit(edit),
    }
}

impl Change {
    const fn with(self, before: fn(&mut Editor)) -> Self {
        Self {
            before: Some(before),
            ..self
        }
    }

    const fn backwards(
        name: &'static str,
        description: &'static str,
        edit: fn(&mut Editor),
    ) -> Self {
        Self {
            name,
            description,
            before: None,
            how: How::Backwards(edit),
        }
    }

    /// All of them, in the order in which they are listed.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            machines::CHANGES,
            storage::CHANGES,
            nics::CHANGES,
            hosts::CHANGES,
            pool::CHANGES,
            noise::CHANGES,
            SPELLINGS,
        ]
        .into_iter()
        .flatten()
    }

    /// The change of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|change| change.name == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The rows of the older database and those of the newer one.
    #[must_use]
    pub fn trees(&self) -> (Dump, Dump) {
        let mut old = Editor::new(good().tree().expect("a pool with rows"));
        if let Some(before) = self.before {
            before(&mut old);
        }
        let old = old.finish();
        match self.how {
            How::Edit(edit) => {
                let mut new = Editor::new(old.clone());
                edit(&mut new);
                let new = new.finish();
                (old, new)
            }
            How::Backwards(edit) => {
                let mut more = Editor::new(old.clone());
                edit(&mut more);
                let more = more.finish();
                let fewer = Editor::later(old, &more);
                (more, fewer)
            }
            How::Style(_) => {
                let mut new = old.clone();
                for table in &mut new.tables {
                    table.rows.reverse();
                }
                (old, new)
            }
        }
    }

    /// The older database and the newer one.
    #[must_use]
    pub fn pair(&self) -> (Vec<u8>, Vec<u8>) {
        let (old, new) = self.trees();
        let style = match self.how {
            How::Style(style) => Some(style),
            _ => None,
        };
        (written(&old, None), written(&new, style))
    }
}

/// The database that changes: it has most classes.
fn good() -> DumpRecipe {
    DumpRecipe::named("pool-8.2").expect("a recipe of that name")
}

fn written(tree: &Dump, style: Option<Style>) -> Vec<u8> {
    let recipe = DumpRecipe { style, ..good() };
    let mut out = Vec::new();
    let done = recipe.encode(tree, &mut out);
    done.expect("writing to memory does not fail");
    out
}

static SPELLINGS: &[Change] = &[
    Change {
        name: "rewritten-lines",
        description: "rows and columns in another order, each element on a line of its own",
        before: None,
        how: How::Style(Style {
            layout: Layout::Lines("\n"),
            order: Order::Descending,
            ..MODERN
        }),
    },
    Change {
        name: "rewritten-old",
        description: "spaces and order of an older generation, no bookkeeping of rows",
        before: None,
        how: How::Style(Style {
            protection: Protection::Pairs,
            order: Order::Hash,
            bookkeeping: false,
            ..MODERN
        }),
    },
];

const MODERN: Style = Style {
    declaration: crate::dump::Declaration::Double,
    protection: Protection::Every,
    order: Order::Ascending,
    bookkeeping: true,
    layout: Layout::OneLine,
    empty_end: "/>",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_change_has_its_name_and_makes_two_databases() {
        let mut names = BTreeSet::new();
        for change in Change::all() {
            assert!(names.insert(change.name()), "{} twice", change.name());
            let (old, new) = change.pair();
            assert_ne!(old, new, "{}", change.name());
            assert_eq!(change.pair(), (old, new), "{}", change.name());
            if !matches!(change.how, How::Style(_)) {
                let (old, new) = change.trees();
                let counts = [&old, &new].map(editor::count);
                assert!(counts[0] < counts[1], "{}: {counts:?}", change.name());
            }
        }
    }

    #[test]
    fn no_reference_leads_nowhere_that_led_somewhere() {
        for change in Change::all() {
            let (old, new) = change.trees();
            let texts = |dump: &Dump| {
                let rows = dump.tables.iter().flat_map(|table| &table.rows);
                rows.flat_map(|row| row.columns.values().cloned())
                    .collect::<String>()
            };
            let references = |dump: &Dump| -> BTreeSet<String> {
                let rows = dump.tables.iter().flat_map(|table| &table.rows);
                rows.map(|row| row.reference.clone()).collect()
            };
            let gone = references(&old);
            let gone = gone
                .difference(&references(&new))
                .cloned()
                .collect::<Vec<_>>();
            let texts = texts(&new);
            for reference in gone {
                assert!(
                    !texts.contains(&reference),
                    "{}: {reference}",
                    change.name()
                );
            }
        }
    }
}
