//! Named faults: each breaks exactly one thing of an archive that is good otherwise.
//!
//! The faults are listed by what they touch in the files below. A fault acts at one stage of building
//! (recipe, document tree, document text, members, tar bytes, compressed pieces); everything after that
//! stage is made anew, so checksums and headers hold unless they are what the fault is about.
//!
//! "The victim" in the descriptions is the second stored block of the first disk, or its only one.

mod archive;
mod blocks;
mod bytes;
mod document;
mod envelope;
mod headers;
mod legacy;
mod metadata;
mod order;
mod sums;
mod text;

use crate::document::Document;
use crate::envelope::Envelope;
use crate::member::{Archive, Role, Span};
use crate::recipe::Recipe;
use crate::stream;

/// One way to break an archive.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    name: &'static str,
    description: &'static str,
    recipe: &'static str,
    harmless: bool,
    damage: Damage,
}

/// Steps return `None` when the archive lacks what they would break.
type Step<T> = fn(&mut T) -> Option<()>;

#[derive(Debug, Clone, Copy)]
enum Damage {
    Recipe(Step<Recipe>),
    Document(Step<Document>),
    Text(Step<Vec<u8>>),
    Members(Step<Archive>),
    DocumentAndMembers(Step<Document>, Step<Archive>),
    Tar(fn(&mut Vec<u8>, &[Span]) -> Option<()>),
    Pieces(fn(&mut Vec<Vec<u8>>, Envelope) -> Option<()>),
}

/// The recipe has nothing this fault could break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fault {fault} does not apply to this recipe; it is meant for recipe {recipe}")]
pub struct NotApplicable {
    /// Name of the fault.
    pub fault: &'static str,
    /// Name of a recipe it does apply to.
    pub recipe: &'static str,
}

impl Fault {
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
            blocks::FAULTS,
            sums::FAULTS,
            order::FAULTS,
            headers::FAULTS,
            archive::FAULTS,
            bytes::FAULTS,
            envelope::FAULTS,
            text::FAULTS,
            document::FAULTS,
            legacy::FAULTS,
            metadata::FAULTS,
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

    /// Whether a reader need not object: the result is a legal form (or cannot be told from one), or only
    /// what surrounds the disks is odd. A verifier may still warn.
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
    pub fn default_recipe(&self) -> Recipe {
        Recipe::named(self.recipe).expect("faults name recipes that exist")
    }

    /// Name of [`Fault::default_recipe`].
    #[must_use]
    pub fn default_recipe_name(&self) -> &'static str {
        self.recipe
    }

    /// The broken archive made from the default recipe.
    ///
    /// # Panics
    ///
    /// When the fault does not apply to its own recipe, which a test rules out.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        apply(&self.default_recipe(), self).expect("a fault applies to its own recipe")
    }
}

/// Builds the recipe with this fault in it.
///
/// # Errors
///
/// When the recipe has nothing the fault could break.
pub fn apply(recipe: &Recipe, fault: &Fault) -> Result<Vec<u8>, NotApplicable> {
    run(recipe, fault).ok_or(NotApplicable {
        fault: fault.name,
        recipe: fault.recipe,
    })
}

/// The bytes of `ova.xml` alone with this fault in it.
///
/// # Errors
///
/// When the recipe has no such document, or the fault breaks nothing in it.
pub fn apply_to_document(recipe: &Recipe, fault: &Fault) -> Result<Vec<u8>, NotApplicable> {
    let broken = match fault.damage {
        Damage::Document(_) | Damage::Text(_) => broken_text(&mut recipe.clone(), fault).flatten(),
        _ => None,
    };
    broken.ok_or(NotApplicable {
        fault: fault.name,
        recipe: fault.recipe,
    })
}

/// `ova.xml` after the stages up to its text; the inner `None` where the kind has none.
fn broken_text(recipe: &mut Recipe, fault: &Fault) -> Option<Option<Vec<u8>>> {
    if let Damage::Recipe(step) = fault.damage {
        step(recipe)?;
    }
    let mut text = match fault.damage {
        Damage::Document(step) | Damage::DocumentAndMembers(step, _) => {
            let mut document = recipe.document()?;
            step(&mut document)?;
            Some(document.to_xml().into_bytes())
        }
        _ => stream::document_text(recipe),
    };
    if let Damage::Text(step) = fault.damage {
        step(text.as_mut()?)?;
    }
    Some(text)
}

fn run(recipe: &Recipe, fault: &Fault) -> Option<Vec<u8>> {
    let mut recipe = recipe.clone();
    let text = broken_text(&mut recipe, fault)?;
    let mut archive = Archive {
        members: stream::members(&recipe, text),
        ending: recipe.ending.clone(),
    };
    if let Damage::Members(step) | Damage::DocumentAndMembers(_, step) = fault.damage {
        step(&mut archive)?;
    }
    let mut tar = archive.encode();
    if let Damage::Tar(step) = fault.damage {
        step(&mut tar, &archive.spans())?;
    }
    let mut pieces = recipe.envelope.pieces(&tar);
    if let Damage::Pieces(step) = fault.damage {
        step(&mut pieces, recipe.envelope)?;
    }
    Some(pieces.concat())
}

/// Index of the victim.
fn victim(archive: &Archive) -> Option<usize> {
    let blocks = archive.blocks(archive.disks().first()?);
    blocks.get(1).or(blocks.first()).copied()
}

/// Indexes of the victim and its checksum member.
fn victim_pair(archive: &Archive) -> Option<(usize, usize)> {
    let block = victim(archive)?;
    Some((block, archive.sum_of(block)?))
}

/// Computes the text of the checksum member of this block anew.
fn reseal(archive: &mut Archive, block: usize) -> Option<()> {
    let Some(sum) = archive.sum_of(block) else {
        return Some(());
    };
    let Role::Sum { kind, .. } = archive.members[sum].role else {
        return None;
    };
    archive.members[sum].payload = kind.text(&archive.members[block].payload).into_bytes();
    Some(())
}
