//! Named faults of pool databases: each breaks exactly one thing of a database that is good otherwise.
//!
//! A fault acts at one stage of building (rows, redo log records, bytes, compressed pieces); what comes after that stage
//! is made anew. Those on rows are in `rows` and `tables`, those on the text in `text`, those on what is around it in
//! `container`.

mod container;
mod rows;
mod tables;
mod text;

use super::redo_log::Device;
use super::tree::Dump;
use super::{DumpKind, DumpRecipe};
use crate::envelope::Envelope;
use crate::fault::NotApplicable;

/// One way to break a pool database.
#[derive(Debug, Clone, Copy)]
pub struct DumpFault {
    name: &'static str,
    description: &'static str,
    recipe: &'static str,
    harmless: bool,
    damage: Damage,
}

/// Steps return `None` when the database lacks what they would break.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Rows(fn(&mut Dump) -> Option<()>),
    Records(fn(&mut Device) -> Option<()>),
    Bytes(fn(&mut Vec<u8>) -> Option<()>),
    Pieces(fn(&mut Vec<Vec<u8>>, Envelope) -> Option<()>),
}

impl DumpFault {
    const fn new(
        name: &'static str,
        description: &'static str,
        recipe: &'static str,
        damage: Damage,
    ) -> Self {
        Self {
            name,
            description,
            recipe,
            harmless: false,
            damage,
        }
    }

    /// The same with the remark that a reader need not object.
    const fn harmless(self) -> Self {
        Self {
            harmless: true,
            ..self
        }
    }

    /// Every fault.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            rows::FAULTS,
            tables::FAULTS,
            text::FAULTS,
            container::FAULTS,
        ]
        .into_iter()
        .flatten()
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

    /// Whether a reader need not object: xapi loads the result as if nothing were the matter. A verifier may still
    /// remark on it.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        self.harmless
    }

    /// A recipe it applies to.
    ///
    /// # Panics
    ///
    /// When the table of faults names a recipe that does not exist, which a test rules out.
    #[must_use]
    pub fn default_recipe(&self) -> DumpRecipe {
        DumpRecipe::named(self.recipe).expect("faults name recipes that exist")
    }

    /// Name of [`DumpFault::default_recipe`].
    #[must_use]
    pub fn default_recipe_name(&self) -> &'static str {
        self.recipe
    }

    /// The broken database made from the default recipe.
    ///
    /// # Panics
    ///
    /// When the fault does not apply to its own recipe, which a test rules out.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        apply_dump(&self.default_recipe(), self).expect("a fault applies to its own recipe")
    }
}

/// Builds the recipe with this fault in it.
///
/// # Errors
///
/// When the recipe has nothing the fault could break; one that is streamed never has.
pub fn apply_dump(recipe: &DumpRecipe, fault: &DumpFault) -> Result<Vec<u8>, NotApplicable> {
    run(recipe, fault).ok_or(NotApplicable {
        fault: fault.name,
        recipe: fault.recipe,
    })
}

fn run(recipe: &DumpRecipe, fault: &DumpFault) -> Option<Vec<u8>> {
    let mut tree = recipe.tree()?;
    if let Damage::Rows(step) = fault.damage {
        step(&mut tree)?;
    }
    let mut bytes = Vec::new();
    match (fault.damage, recipe.kind) {
        (Damage::Records(step), DumpKind::RedoLog(half)) => {
            let mut device = recipe.device(&tree, half);
            step(&mut device)?;
            device.write_to(&mut bytes).ok()?;
        }
        (Damage::Records(_), _) => return None,
        _ => recipe.encode(&tree, &mut bytes).ok()?,
    }
    if let Damage::Bytes(step) = fault.damage {
        step(&mut bytes)?;
    }
    let mut pieces = recipe.envelope.pieces(&bytes);
    if let Damage::Pieces(step) = fault.damage {
        step(&mut pieces, recipe.envelope)?;
    }
    Some(pieces.concat())
}

/// Where the text begins.
fn find(bytes: &[u8], text: &str) -> Option<usize> {
    bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes())
}

/// Puts one text in the place of the first occurrence of another.
fn replace(bytes: &mut Vec<u8>, old: &str, new: impl AsRef<[u8]>) -> Option<()> {
    let at = find(bytes, old)?;
    bytes.splice(at..at + old.len(), new.as_ref().iter().copied());
    Some(())
}
