//! Secrets and personal data in dumps and exports (`formats/pool-db.md` section 10, `formats/xva.md` sections 3.3 and
//! 15): where they are, never what they are; and values with their secrets hidden, for whatever shows values.
//!
//! What counts as what is one table, in `policy`. It is applied inside nested texts too: a `last_booted_record` or
//! a `snapshot_metadata` is a record whose fields have the same rules. Replacing secrets is [`crate::redact`]'s.
//!
//! A value that was removed already is none: the empty text, the `REMOVED` of a status report, a stand-in of a redaction.
//! Nor is a reference to a row of the table `secret`, which `<name>_secret` keys hold.
//!
//! ```
//! use xenspect_xapi::db::{Database, DumpLimits};
//! use xenspect_xapi::secrets::{self, Grade, Kind};
//!
//! let dump = br#"<database><manifest></manifest><table name="PBD">
//! <row ref="OpaqueRef:1" device_config="(('target'%.'10.0.0.9')%.('chappassword'%.'hunter2'))" uuid="u1"/></table></database>"#;
//! let database = Database::read(dump, &DumpLimits::default())?;
//! let found = secrets::in_database(&database, Grade::Secret);
//! assert_eq!(found[0].field, "device_config:chappassword");
//! assert_eq!((found[0].kind, found[0].length), (Kind::Password, 7));
//! assert_eq!(secrets::in_database(&database, Grade::Personal).len(), 2);
//! # Ok::<(), xenspect_xapi::db::Error>(())
//! ```

pub(crate) mod address;
mod credentials;
pub(crate) mod dump;
pub(crate) mod export;
mod hint;
mod kind;
pub(crate) mod lookup;
mod mask;
#[cfg(test)]
pub(crate) mod plant;
pub(crate) mod policy;
mod record;
pub(crate) mod references;
pub(crate) mod shape;
#[cfg(test)]
mod tests;
pub(crate) mod walk;

use std::borrow::Cow;
use std::ops::ControlFlow;

pub use kind::{Grade, Kind};
pub use mask::{mask, masked, masked_manifest, masked_ova_xml, masked_text};

use crate::db::Database;
use crate::export::Export;
use dump::Place;
use walk::Walker;

/// A secret or a personal datum: where it is and how long, never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The table or class; `manifest` for a key of the manifest.
    pub class: String,
    /// The reference of the row or the id of the object, as it stands. Empty in a manifest.
    pub reference: String,
    /// The uuid of the row or object.
    pub uuid: Option<String>,
    /// Its name, where it has one, with secrets in it hidden.
    pub name: Option<String>,
    /// The column or field, then keys and fields inside it, between colons: `device_config:chappassword`,
    /// `snapshot_metadata:NVRAM:EFI-variables`.
    pub field: String,
    /// What it is.
    pub kind: Kind,
    /// Length of the value in bytes, all encodings taken off.
    pub length: u64,
    /// Byte offset of the column's value in the document. `None` in an export, in a manifest, and for a row that a redo
    /// log made or changed.
    pub offset: Option<u64>,
}

/// Everything of at least that grade in a pool database, in the order of the document. [`Grade::Identity`] counts as
/// [`Grade::Personal`]: names are no findings.
pub fn in_database(database: &Database<'_>, at_least: Grade) -> Vec<Secret> {
    let mut all = Vec::new();
    let _: ControlFlow<()> = for_each_in_database(database, at_least, &mut |secret| {
        all.push(secret);
        ControlFlow::Continue(())
    });
    all
}

/// As [`in_database`], one at a time, until `see` breaks.
pub fn for_each_in_database<B>(
    database: &Database<'_>,
    at_least: Grade,
    see: &mut impl FnMut(Secret) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let at_least = at_least.max(Grade::Personal);
    dump::walk(database, at_least, &mut |place, leaf| {
        if leaf.kind.grade() < at_least {
            return ControlFlow::Continue(());
        }
        let mut secret = Secret {
            class: policy::MANIFEST.to_owned(),
            reference: String::new(),
            uuid: None,
            name: None,
            field: leaf.field.to_owned(),
            kind: leaf.kind,
            length: length_of(leaf.text),
            offset: None,
        };
        if let Place::Row(row, offset) = place {
            secret.class = row.table().to_owned();
            secret.reference = row.reference().unwrap_or_default().into_owned();
            secret.uuid = row.uuid().map(Into::into);
            secret.name = ["name__label", "name_label"]
                .into_iter()
                .find_map(|column| row.text(column))
                .filter(|name| !name.is_empty())
                .map(|name| shown_name(&secret.class, name));
            secret.offset = *offset;
        }
        see(secret)
    })
}

/// Everything of at least that grade in an export, in the order of the document. [`Grade::Identity`] counts as
/// [`Grade::Personal`].
pub fn in_export(export: &Export, at_least: Grade) -> Vec<Secret> {
    let at_least = at_least.max(Grade::Personal);
    let mut walker = Walker::default();
    let mut all = Vec::new();
    for object in &export.objects {
        export::look_at(object, &mut walker, &mut |leaf| {
            if leaf.kind.grade() < at_least {
                return;
            }
            let uuid = object.uuid().or_else(|| {
                let (_, value) = object.vtpm_field("uuid")?;
                value.as_text()
            });
            all.push(Secret {
                class: object.class.clone(),
                reference: object.id.clone(),
                uuid: uuid.map(str::to_owned),
                name: object
                    .name_label()
                    .filter(|name| !name.is_empty())
                    .map(|name| shown_name(&object.class, name.into())),
                field: leaf.field.to_owned(),
                kind: leaf.kind,
                length: length_of(leaf.text),
                offset: None,
            });
        });
    }
    all
}

/// True for what stands where a value was taken out: nothing, or the word that the collector of status reports puts
/// there (`formats/pool-db.md` section 9).
pub fn is_removed_marker(text: &str) -> bool {
    text.is_empty() || text == "REMOVED"
}

/// A name, without the passwords that somebody may have written into it.
fn shown_name(class: &str, name: Cow<'_, str>) -> String {
    masked_text(class, "name__label", name).into_owned()
}

fn length_of(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
