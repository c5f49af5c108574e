//! Pool databases: dumps, redo logs and what is taken for them, good ones and ones broken in one named place.
//!
//! Written from `formats/pool-db.md` alone, as the rest of the crate is from its own notes. What is in the pool is
//! decided in `pool`, how it is spelled in `write`; which columns a schema has stands in `schema.txt`.
//!
//! ```
//! use xenspect_synth::{DumpFault, DumpRecipe};
//!
//! let good = DumpRecipe::named("pool-8.2").expect("a recipe of that name").build();
//! let bad = DumpFault::named("dump-cut-in-row").expect("a fault of that name").build();
//! assert!(good.starts_with(&bad));
//! ```

mod catalog;
pub mod fault;
mod large;
mod pool;
pub mod redo_log;
mod schema;
mod tree;
pub(crate) mod value;
mod write;

use std::io::{self, Write};

pub use fault::{DumpFault, apply_dump};
pub use tree::{Dump, Row, Table};
pub use value::Protection;
pub use write::{Declaration, Layout, Order, Style};

use crate::content::uuid;
use crate::envelope::{Envelope, EnvelopeWriter};
pub use pool::Extent;
use pool::Pool;
pub(crate) use pool::restore::{Card, FEATURES, cards};
pub(crate) use pool::{planted, relink};
use redo_log::{Change, Device, Half, Records};
pub(crate) use schema::Schema;

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DumpKind {
    /// The XML text of a database.
    Dump,
    /// The same after the bug tool took secrets out and wrote it anew (`formats/pool-db.md` section 9).
    Bugtool,
    /// The fixed document sent during a rolling upgrade (section 1).
    Stub,
    /// A redo log whose valid half is this one (section 8.2). With the second one valid the first is older.
    RedoLog(Half),
}

/// How to build one pool database. Start from a named one and change what a test needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumpRecipe {
    /// Uuids, references, addresses and planted secrets follow from it.
    pub seed: u64,
    /// What the bytes are.
    pub kind: DumpKind,
    /// The minor number of the schema.
    pub schema: u32,
    /// Spelling; `None` is that of the schema.
    pub style: Option<Style>,
    /// What is in the pool.
    pub extent: Extent,
    /// Instead of that, this many VMs, streamed; always schema 603.
    pub vms: Option<u64>,
    /// Outer form.
    pub envelope: Envelope,
}

impl DumpRecipe {
    /// A dump of the full pool at this schema.
    #[must_use]
    pub fn new(schema: u32) -> Self {
        Self {
            seed: 1,
            kind: DumpKind::Dump,
            schema,
            style: None,
            extent: Extent::Full,
            vms: None,
            envelope: Envelope::Plain,
        }
    }

    /// The recipe of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        catalog::RECIPES
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| (entry.make)())
    }

    /// Names and one-line descriptions of the recipes.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        catalog::RECIPES
            .iter()
            .map(|entry| (entry.name, entry.description))
    }

    /// Spelling of the document.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style.unwrap_or_else(|| match self.kind {
            DumpKind::Bugtool => Style {
                declaration: Declaration::Single,
                empty_end: " />",
                ..Style::of_schema(self.schema)
            },
            DumpKind::Stub => Style {
                declaration: Declaration::None,
                empty_end: " />",
                ..Style::of_schema(self.schema)
            },
            DumpKind::Dump | DumpKind::RedoLog(_) => Style::of_schema(self.schema),
        })
    }

    /// The database as a tree; `None` for the one that is streamed. For a redo log it is that of the valid half's
    /// database record, without the changes behind it.
    #[must_use]
    pub fn tree(&self) -> Option<Dump> {
        if self.vms.is_some() {
            return None;
        }
        Some(match self.kind {
            DumpKind::Stub => stub(),
            DumpKind::Bugtool => self.redacted(),
            DumpKind::Dump | DumpKind::RedoLog(_) => self.pool().0,
        })
    }

    /// Every secret that is in the bytes: table and column, with the key where the column is a map, and the text.
    #[must_use]
    pub fn planted(&self) -> Vec<(String, String)> {
        match self.kind {
            _ if self.vms.is_some() => Vec::new(),
            DumpKind::Stub => Vec::new(),
            DumpKind::Dump => self.pool().1,
            DumpKind::Bugtool => {
                let tree = self.redacted();
                let texts: Vec<&String> = tree
                    .tables
                    .iter()
                    .flat_map(|table| &table.rows)
                    .flat_map(|row| row.columns.values())
                    .collect();
                let mut planted = self.pool().1;
                planted
                    .retain(|(_, secret)| texts.iter().any(|text| text.contains(secret.as_str())));
                planted
            }
            DumpKind::RedoLog(_) => {
                let mut planted = self.pool().1;
                planted.push((
                    "secret.value, redo-log".to_owned(),
                    pool::planted(self.seed, "redo-log"),
                ));
                planted
            }
        }
    }

    /// What the bug tool makes of the pool (`formats/pool-db.md` section 9): it takes out secrets, tokens, EFI variables
    /// and those passwords in maps that are made of word characters.
    fn redacted(&self) -> Dump {
        const REMOVED: &str = "REMOVED";
        let word = planted(self.seed, "backup").replace('-', "_");
        let (mut dump, _) = self.pool();
        for table in &mut dump.tables {
            for row in &mut table.rows {
                match table.name.as_str() {
                    "secret" => row.set("value", REMOVED),
                    "Cluster" => row.set("cluster_token", REMOVED),
                    "VM" if row
                        .get("NVRAM")
                        .is_some_and(|text| text.contains("EFI-variables")) =>
                    {
                        row.set("NVRAM", REMOVED);
                    }
                    _ => {}
                }
                row.columns
                    .values_mut()
                    .for_each(|text| *text = text.replace(&word, REMOVED));
            }
        }
        dump
    }

    fn pool(&self) -> (Dump, Vec<(String, String)>) {
        Pool::build(self.seed, self.schema, self.extent)
    }

    /// The bytes, compressed if the recipe says so. A large pool is better written with [`DumpRecipe::write_to`].
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_to(&mut out)
            .expect("writing to memory does not fail");
        out
    }

    /// Writes the bytes. Memory does not grow with [`DumpRecipe::vms`].
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        let mut out = EnvelopeWriter::new(self.envelope, out)?;
        match (self.vms, self.tree()) {
            (Some(vms), _) => {
                large::write(self.seed, vms, &mut out)?;
            }
            (None, Some(tree)) => self.encode(&tree, &mut out)?,
            (None, None) => {}
        }
        out.finish()?.flush()
    }

    /// Writes an edited tree in the form of this recipe, uncompressed.
    pub(crate) fn encode(&self, tree: &Dump, out: &mut impl Write) -> io::Result<()> {
        match self.kind {
            DumpKind::RedoLog(half) => self.device(tree, half).write_to(out),
            _ => write::write(tree, self.style(), out).map(|_| ()),
        }
    }

    /// The redo log around a database record.
    fn device(&self, tree: &Dump, valid: Half) -> Device {
        let database =
            write::write(tree, self.style(), Vec::new()).expect("writing to memory does not fail");
        let count = tree
            .manifest
            .iter()
            .find(|(key, _)| key == "generation_count");
        let generation = count
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or_default();
        let newest = Records {
            marker: uuid(self.seed, "marker"),
            database,
            generation,
            changes: (generation + 1..).zip(self.changes()).collect(),
        };
        match valid {
            Half::First => Device {
                valid,
                first: newest,
                second: None,
            },
            Half::Second => {
                let older = Records {
                    marker: uuid(self.seed, "older marker"),
                    changes: Vec::new(),
                    ..newest.clone()
                };
                Device {
                    valid,
                    first: older,
                    second: Some(newest),
                }
            }
        }
    }

    /// Changes of all three kinds: two networks made and one of them taken away again, a VM described anew, a new
    /// secret.
    fn changes(&self) -> Vec<Change> {
        let create = |table: &str, label: &str, columns: &[(&str, &str)]| {
            let reference = format!(
                "OpaqueRef:{}",
                uuid(self.seed, &format!("ref {table} {label}"))
            );
            let mut pairs = vec![
                ("_ref".to_owned(), reference.clone()),
                (
                    "uuid".to_owned(),
                    uuid(self.seed, &format!("uuid {table} {label}")),
                ),
            ];
            pairs.extend(
                columns
                    .iter()
                    .map(|(column, text)| ((*column).to_owned(), (*text).to_owned())),
            );
            Change::Create(table.to_owned(), reference, pairs)
        };
        let reference = |label: &str| format!("OpaqueRef:{}", uuid(self.seed, label));
        let network = [
            ("name__label", "made after the dump"),
            ("bridge", "xapi9"),
            ("MTU", "1500"),
            ("PIFs", "()"),
            ("VIFs", "()"),
        ];
        let text = |text: &str| text.to_owned();
        vec![
            create("network", "redo kept", &network),
            create("network", "redo deleted", &network),
            Change::Write(
                text("VM"),
                reference("ref VM web"),
                text("name__description"),
                text("changed in the redo log"),
            ),
            Change::Delete(text("network"), reference("ref network redo deleted")),
            create(
                "secret",
                "redo-log",
                &[
                    ("value", &planted(self.seed, "redo-log")),
                    ("other_config", "()"),
                ],
            ),
        ]
    }
}

/// About thirty empty tables and a generation that never changes (`formats/pool-db.md` section 1).
pub(crate) fn stub() -> Dump {
    const TABLES: [&str; 30] = [
        "SR",
        "pool",
        "VBD_metrics",
        "console",
        "host",
        "VIF_metrics",
        "user",
        "PBD",
        "pool_patch",
        "host_metrics",
        "VLAN",
        "Bond",
        "VTPM",
        "event",
        "VBD",
        "VM_guest_metrics",
        "VDI",
        "VM_metrics",
        "task",
        "VM",
        "crashdump",
        "network",
        "PIF",
        "host_patch",
        "host_crashdump",
        "SM",
        "host_cpu",
        "VIF",
        "session",
        "PIF_metrics",
    ];
    let manifest = [
        ("schema_major_vsn", "5"),
        ("schema_minor_vsn", "35"),
        ("generation_count", "103"),
    ];
    Dump {
        manifest: manifest
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        tables: TABLES
            .map(|name| Table {
                name: name.to_owned(),
                rows: Vec::new(),
            })
            .into(),
    }
}
