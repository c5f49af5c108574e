//! What the benches share: archives and pool databases in memory, scans of them, and how long a bench takes. What is
//! measured is in `benches/`, one file per stage.
//!
//! These benches tell which stage became slower. How fast the whole program is beside the public
//! tools is measured by `benches/ratios.py` at the top of the workspace.

use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use xenspect_model::catalog;
use xenspect_scan::{Options, Progress, Source, Taken, Wish, scan, take};
use xenspect_synth::{Content, DiskRecipe, DumpRecipe, Envelope, Recipe, Release};

/// One mebibyte, the nominal length of a block.
pub const MIB: u64 = 1 << 20;

/// Criterion with its command line, and short enough times that all benches end in two minutes.
#[must_use]
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .sample_size(20)
        .configure_from_args()
}

/// A recipe with one disk of `mib` mebibytes, every block of it stored.
#[must_use]
pub fn recipe(mib: u64, content: Content) -> Recipe {
    let mut disk = DiskRecipe::new(mib * MIB, content);
    if content == Content::Zero {
        disk.stored_zeros = (0..mib).collect();
    }
    Recipe {
        disks: vec![disk],
        ..Recipe::new(Release::V8_2)
    }
}

/// A pool database of `vms` VMs with a disk and a network interface each.
///
/// # Panics
/// When there is no recipe of a large pool, which a test of the recipes rules out.
#[must_use]
pub fn pool(vms: u64) -> Vec<u8> {
    let recipe = DumpRecipe::named("pool-large").expect("a recipe of that name");
    DumpRecipe {
        vms: Some(vms),
        ..recipe
    }
    .build()
}

/// An archive in memory that can be scanned again and again.
pub struct Archive {
    stored: Arc<Vec<u8>>,
    /// Bytes of the tar stream in it.
    pub stream_bytes: u64,
}

impl Archive {
    /// Builds the recipe in this envelope.
    #[must_use]
    pub fn new(recipe: &Recipe, envelope: Envelope) -> Self {
        let tar = Recipe {
            envelope: Envelope::Plain,
            ..recipe.clone()
        }
        .build();
        let stored = Arc::new(envelope.encode(&tar));
        Self {
            stored,
            stream_bytes: tar.len() as u64,
        }
    }

    /// Its bytes as they are stored.
    #[must_use]
    pub fn stored(&self) -> &[u8] {
        &self.stored
    }

    fn source(&self) -> Source {
        Source::File {
            reader: self.stored.clone(),
            len: self.stored.len() as u64,
            readable_by_others: false,
        }
    }

    /// Scans it whole, and takes with it what is wished.
    ///
    /// # Panics
    /// When it is no archive, or not read to its end.
    #[must_use]
    pub fn take(&self, wish: Wish, options: &Options) -> Taken {
        let taken = take(self.source(), wish, options, &Progress::default());
        let catalog = taken.catalog.as_ref().expect("it can be scanned");
        let catalog = catalog.archive().expect("it is an archive");
        assert_eq!(catalog.stream_bytes, self.stream_bytes);
        assert!(taken.stored.as_ref().is_none_or(|stored| stored.is_whole()));
        taken
    }

    /// Scans it whole.
    ///
    /// # Panics
    /// When it is not scanned to its end without a fault: a bench of that would measure something
    /// else.
    #[must_use]
    pub fn scan(&self, options: &Options) -> catalog::Archive {
        let catalog =
            scan(self.source(), options, &Progress::default()).expect("it can be scanned");
        let catalog = catalog.into_archive().expect("it is an archive");
        assert_eq!(catalog.stream_bytes, self.stream_bytes);
        assert!(catalog.disks.iter().all(|disk| disk.blocks.bad == 0));
        catalog
    }
}
