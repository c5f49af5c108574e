//! Named faults of restores: each puts exactly one thing in the way of a pair that is good otherwise. They are listed by the
//! checks of `formats/restore.md` section 8: `file` has 1 to 13, `identity` 14 to 23, `network` 24 to 33, `contents` the
//! rest.

mod contents;
mod edit;
mod file;
mod identity;
mod network;

use super::Scene;
use crate::dump::relink;

/// One thing in the way of a restore.
#[derive(Debug, Clone, Copy)]
pub struct RestoreFault {
    name: &'static str,
    description: &'static str,
    check: u8,
    schema: u32,
    relink: bool,
    edit: fn(&mut Scene) -> Option<()>,
}

impl RestoreFault {
    const fn new(
        check: u8,
        name: &'static str,
        description: &'static str,
        edit: fn(&mut Scene) -> Option<()>,
    ) -> Self {
        Self {
            name,
            description,
            check,
            schema: 603,
            relink: true,
            edit,
        }
    }

    /// The same in pools of another schema.
    const fn at(self, schema: u32) -> Self {
        Self { schema, ..self }
    }

    /// The same; set sides are left as they are.
    const fn unlinked(self) -> Self {
        Self {
            relink: false,
            ..self
        }
    }

    /// Every fault.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            file::FAULTS,
            identity::FAULTS,
            network::FAULTS,
            contents::FAULTS,
        ]
        .into_iter()
        .flatten()
    }

    /// Names and one-line descriptions.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        Self::all().map(|fault| (fault.name, fault.description))
    }

    /// The fault of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|fault| fault.name == name)
    }

    /// Its name, in kebab-case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it does, in one line.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Number in `formats/restore.md` section 8 of the check that is to notice it.
    #[must_use]
    pub fn check(&self) -> u8 {
        self.check
    }

    /// The pair without it.
    #[must_use]
    pub fn good(&self) -> Scene {
        Scene::of_schema(self.schema)
    }

    /// The pair with it.
    ///
    /// # Panics
    ///
    /// When the pair lacks what it would break, which a test rules out.
    #[must_use]
    pub fn build(&self) -> Scene {
        self.apply(self.good())
            .expect("a fault applies to its own pair")
    }

    /// Another pair with it; `None` when the pair lacks what it would break.
    #[must_use]
    pub fn apply(&self, mut scene: Scene) -> Option<Scene> {
        (self.edit)(&mut scene)?;
        if self.relink {
            relink(&mut scene.pool);
            scene.host.relink();
        }
        Some(scene)
    }
}
