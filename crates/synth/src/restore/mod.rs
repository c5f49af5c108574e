//! Restores: a pool database and the freshly installed host it is to be restored to, good pairs and ones with exactly
//! one thing in the way.
//!
//! Written from `formats/restore.md` and `formats/host-backup.md` alone. The pair is a pool of three hosts, and its
//! coordinator installed anew on the same machine: new uuids, the same product, NICs and address. What the host tells of
//! itself is told in every form there is: its own database, text files, a status report, a host backup.
//!
//! ```
//! use xenspect_synth::{RestoreFault, Scene};
//!
//! let good = Scene::good();
//! let bad = RestoreFault::named("nic-missing").expect("a fault of that name").build();
//! assert_eq!(good.dump(), bad.dump());
//! assert_ne!(good.host.database(), bad.host.database());
//! ```

pub mod fault;
mod files;
mod host;

pub use fault::RestoreFault;
pub use host::FreshHost;

pub(crate) use files::pairs;

use crate::dump::{Dump, DumpRecipe};

/// A file: its path below the folder or archive, and its bytes.
pub type File = (String, Vec<u8>);

/// What is done to bytes; `None` when they lack what it would break.
pub(crate) type Cut = fn(&mut Vec<u8>) -> Option<()>;

/// What is restored, and what to.
#[derive(Debug, Clone)]
pub struct Scene {
    /// How the pool's database is written.
    pub recipe: DumpRecipe,
    /// The pool's database.
    pub pool: Dump,
    /// What is done to its bytes.
    pub(crate) cut: Option<Cut>,
    /// The host.
    pub host: FreshHost,
}

impl Scene {
    /// The pool of this recipe, and its coordinator installed anew.
    ///
    /// # Panics
    ///
    /// When the recipe is one that is streamed.
    #[must_use]
    pub fn new(recipe: DumpRecipe) -> Self {
        Self {
            pool: recipe.tree().expect("a tree"),
            cut: None,
            host: FreshHost::new(recipe.seed, recipe.schema),
            recipe,
        }
    }

    /// A pair with nothing in the way: `pool-three-hosts-quiet` and the same machine.
    #[must_use]
    pub fn good() -> Self {
        Self::of_schema(603)
    }

    /// The same at another schema.
    #[must_use]
    pub fn of_schema(schema: u32) -> Self {
        Self::new(DumpRecipe {
            schema,
            ..recipe("pool-three-hosts-quiet")
        })
    }

    /// `pool-three-hosts` and a machine on which the two cards have changed places: see [`swapped`].
    #[must_use]
    pub fn demonstration() -> Self {
        let mut scene = Self::new(recipe("pool-three-hosts"));
        scene.host = swapped();
        scene
    }

    /// The bytes of the pool's database.
    ///
    /// # Panics
    ///
    /// When what is to be cut is not there, which a test rules out.
    #[must_use]
    pub fn dump(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.recipe
            .encode(&self.pool, &mut bytes)
            .expect("writing to memory does not fail");
        if let Some(cut) = self.cut {
            cut(&mut bytes).expect("what is cut is there");
        }
        bytes
    }

    /// All of it: `pool.xml`, `host.xml`, and what the host tells of itself below `folder/`, `status-report/` and
    /// `host-backup/`.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let mut files = vec![
            ("pool.xml".to_owned(), self.dump()),
            ("host.xml".to_owned(), self.host.database()),
        ];
        for (folder, members) in [
            ("folder", self.host.folder()),
            ("status-report", self.host.status_report()),
            ("host-backup", self.host.host_backup()),
        ] {
            let below = |(name, bytes): File| {
                let name = name.trim_start_matches("./");
                (format!("{folder}/{name}"), bytes)
            };
            files.extend(members.into_iter().map(below));
        }
        files
    }
}

fn recipe(name: &str) -> DumpRecipe {
    DumpRecipe::named(name).expect("a recipe of that name")
}

/// The coordinator of `pool-three-hosts` installed anew on the same machine.
#[must_use]
pub fn fresh_host() -> FreshHost {
    FreshHost::new(1, 603)
}

/// The same, only the installer found the two cards in the other order: `eth0` and `eth2`, `eth1` and `eth3` have each
/// other's MAC and PCI addresses.
#[must_use]
pub fn swapped() -> FreshHost {
    let mut host = fresh_host();
    host.swap("eth0", "eth2").expect("both are there");
    host.swap("eth1", "eth3").expect("both are there");
    host
}
