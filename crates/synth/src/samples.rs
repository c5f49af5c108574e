//! The archives and pool databases kept in `testdata/`: what they are called and how each is made.

use std::fs;
use std::io;
use std::path::Path;

use crate::dump::{DumpFault, DumpRecipe, apply_dump};
use crate::envelope::Envelope;
use crate::fault::{Fault, apply};
use crate::recipe::Recipe;

/// One file of `testdata/`.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// File name.
    pub file: &'static str,
    recipe: &'static str,
    fault: Option<&'static str>,
    envelope: Envelope,
}

const fn sample(file: &'static str, recipe: &'static str, envelope: Envelope) -> Sample {
    Sample {
        file,
        recipe,
        fault: None,
        envelope,
    }
}

/// Every file of `testdata/`.
pub static SAMPLES: &[Sample] = &[
    sample("good-8.2.xva.zst", "good-8.2", Envelope::Zstd),
    sample("good-8.3-vtpm-uefi.xva", "vtpm-nvram", Envelope::Plain),
    sample("good-6.2-sha1.xva.gz", "good-6.2", Envelope::Gzip),
    sample("good-small.xva", "small", Envelope::Plain),
    Sample {
        fault: Some("flip-block-byte"),
        ..sample("damaged-flipped-byte.xva.zst", "two-disks", Envelope::Zstd)
    },
    Sample {
        fault: Some("truncated-in-block"),
        ..sample("damaged-truncated.xva", "small", Envelope::Plain)
    },
    sample("legacy-export-vsn-1.xva", "export-vsn-1", Envelope::Plain),
    sample("xva-version-1.xva", "xva-version-1", Envelope::Plain),
    sample("per-disk-export.tar", "per-disk-export", Envelope::Plain),
    sample("metadata-only.xva", "metadata-only", Envelope::Plain),
    sample("metadata-pool.xva.gz", "metadata-pool", Envelope::Gzip),
    sample("pool-8.2.xml.zst", "pool-8.2", Envelope::Zstd),
    sample("pool-5.6.xml.gz", "pool-5.6", Envelope::Gzip),
    Sample {
        fault: Some("dump-master-dangling"),
        ..sample(
            "damaged-pool-no-coordinator.xml",
            "pool-small",
            Envelope::Plain,
        )
    },
    sample("redo-log.zst", "redo-log", Envelope::Zstd),
    sample(
        "third-party-xen-orchestra.xva.zst",
        "xen-orchestra",
        Envelope::Zstd,
    ),
];

impl Sample {
    /// The bytes.
    ///
    /// # Panics
    ///
    /// When the table names a recipe or fault that does not exist or do not fit, which a test rules out.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        if let Some(recipe) = DumpRecipe::named(self.recipe) {
            return self.dump(recipe);
        }
        let mut recipe = Recipe::named(self.recipe).expect("samples name recipes that exist");
        recipe.envelope = self.envelope;
        match self.fault {
            None => recipe.build(),
            Some(name) => {
                let fault = Fault::named(name).expect("samples name faults that exist");
                apply(&recipe, fault).expect("the faults of samples apply to their recipes")
            }
        }
    }

    fn dump(&self, mut recipe: DumpRecipe) -> Vec<u8> {
        recipe.envelope = self.envelope;
        match self.fault {
            None => recipe.build(),
            Some(name) => {
                let fault = DumpFault::named(name).expect("samples name faults that exist");
                apply_dump(&recipe, fault).expect("the faults of samples apply to their recipes")
            }
        }
    }
}

/// Writes every sample into a directory, which is created where it does not exist.
///
/// # Errors
///
/// Those of the file system.
pub fn write_all(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    SAMPLES
        .iter()
        .try_for_each(|sample| fs::write(directory.join(sample.file), sample.build()))
}
