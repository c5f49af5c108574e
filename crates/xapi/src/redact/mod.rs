//! Dumps and exports without their secrets. Everything else stays: tables, rows, references, uuids, and of an `ova.xml`
//! every byte that is not part of a replaced value or beside all values (comments, processing instructions,
//! attributes); so the result still parses, compares and preflights. What is
//! a secret is decided in [`crate::secrets`]; what is put in its place is [`StandIns`]' business.
//!
//! What is replaced, by [`Options`]:
//!
//! | always | `personal` (default) | `names` | `addresses` |
//! | ------ | -------------------- | ------- | ----------- |
//! | every [`Grade::Secret`] | user names, directory data, licence holders, serial numbers, e-mail addresses, certificate fingerprints, data for guests | names and descriptions, tags, folders, custom fields, host names also inside other texts, domains of interfaces, what guests say about their system | IP and MAC addresses, servers, IQNs, SCSI ids |
//!
//! A redacted document that is redacted again comes out as it is; only where it has no MAC address at all do IPv4
//! addresses, which cannot be told from real ones, change once more. Redaction is no proof: a password that nothing
//! around it calls one is not found, nor is what stands in the keys of a map.
//!
//! ```
//! use std::ops::ControlFlow;
//! use xenspect_xapi::db::{Database, DumpLimits, write::Style};
//! use xenspect_xapi::redact::{self, Options, StandIns};
//!
//! let dump = br#"<database><manifest/><table name="secret"><row ref="OpaqueRef:1" uuid="u1" value="hunter2"/></table></database>"#;
//! let database = Database::read(dump, &DumpLimits::default())?;
//! // In earnest: a keyed hash of the text.
//! let mut stand_ins = StandIns::new(|_| [0x5A; 32]);
//! let mut out = Vec::new();
//! let _: ControlFlow<()> = redact::dump(&database, &Style::of(&database), &Options::default(), &mut stand_ins, &mut |piece| {
//!     out.extend_from_slice(piece);
//!     ControlFlow::Continue(())
//! });
//! let out = String::from_utf8(out).unwrap();
//! assert!(out.contains(r#"value="redacted-5a5a5a5a5a5a5a5a5a5a5a5a""#));
//! # Ok::<(), xenspect_xapi::db::Error>(())
//! ```

mod addresses;
mod host_names;
mod mentions;
mod stand_ins;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::ControlFlow;

pub use stand_ins::{STAND_IN_PREFIX, StandIns, is_stand_in};

use crate::db::Database;
use crate::db::write::{Edit, Style, write_edited};
use crate::secrets::dump::worth_decoding;
use crate::secrets::lookup::{self, ColumnRules};
use crate::secrets::policy::MANIFEST;
use crate::secrets::shape::{self, Shape, Text};
use crate::secrets::walk::{Leaf, Walker};
use crate::secrets::{Grade, Kind, address, dump, export};
use crate::value::Raw;
use crate::xmlrpc::{self, Value};
use crate::{Error, Limits};
use addresses::Known;
use host_names::HostNames;

/// What is replaced beside the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Personal data other than names and addresses. On by default.
    pub personal: bool,
    /// Names and descriptions.
    pub names: bool,
    /// Addresses and identifiers on networks and storage.
    pub addresses: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            personal: true,
            names: false,
            addresses: false,
        }
    }
}

impl Options {
    /// True when values of this kind are replaced.
    pub fn replace(&self, kind: Kind) -> bool {
        match kind {
            _ if kind.grade() == Grade::Secret => true,
            Kind::Address | Kind::Network | Kind::StorageId => self.addresses,
            Kind::Name | Kind::GuestSystem => self.names,
            _ => self.personal,
        }
    }
}

/// Writes a database as [`write`](crate::db::write::write) does, with stand-ins. No piece is longer than a row.
pub fn dump<B>(
    database: &Database<'_>,
    style: &Style,
    options: &Options,
    stand_ins: &mut StandIns<'_>,
    sink: &mut impl FnMut(&[u8]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut known = Known::default();
    if options.addresses {
        let _: ControlFlow<()> = dump::walk(database, Grade::Identity, &mut |_, leaf| {
            known.add(leaf.kind, leaf.text);
            ControlFlow::Continue(())
        });
        known.settle();
    }
    let names = match options.names {
        true => HostNames::of(database),
        false => HostNames::default(),
    };
    let mut redaction = Redaction {
        options: *options,
        stand_ins,
        known,
        names,
    };
    let mut edit = DumpEdit {
        redaction: &mut redaction,
        walker: Walker::of(database),
        table: String::new(),
        rules: HashMap::new(),
    };
    write_edited(database, style, &mut edit, sink)
}

/// An `ova.xml` with stand-ins. Comments, processing instructions and attributes come out empty; every other byte stays.
///
/// # Errors
///
/// As [`xmlrpc::parse`]. The forms older than XML-RPC ([`crate::legacy`]) are refused.
pub fn ova_xml(
    bytes: &[u8],
    limits: &Limits,
    options: &Options,
    stand_ins: &mut StandIns<'_>,
) -> Result<Vec<u8>, Error> {
    let mut document = xmlrpc::parse(bytes, limits)?;
    let (mut known, mut names) = (Known::default(), HostNames::default());
    if options.addresses || options.names {
        export::walk(&mut document, &mut |class, leaf| {
            if options.addresses {
                known.add(leaf.kind, leaf.text);
            }
            if options.names && HostNames::in_field(class, leaf.field) {
                names.add(leaf.text);
            }
            None
        });
        known.settle();
    }
    let mut redaction = Redaction {
        options: *options,
        stand_ins,
        known,
        names,
    };
    export::walk(&mut document, &mut |_, leaf| redaction.replace(leaf));
    if options.names {
        let Redaction {
            names, stand_ins, ..
        } = &redaction;
        export::each_text(&mut document, &mut |text| names.replace_in(text, stand_ins));
    }
    if options.addresses {
        redaction.addresses_in(&mut document);
    }
    xmlrpc::splice(bytes, limits, &document)
}

/// What one redaction needs to know at each value.
struct Redaction<'r, 'k> {
    options: Options,
    stand_ins: &'r mut StandIns<'k>,
    known: Known,
    names: HostNames,
}

impl Redaction<'_, '_> {
    fn replace(&mut self, leaf: &Leaf<'_>) -> Option<String> {
        if !self.options.replace(leaf.kind) {
            return None;
        }
        match leaf.kind {
            // Addresses in digits are replaced wherever they are, here too, in a second step.
            Kind::Address | Kind::Network => {
                let mut text = leaf.text.to_owned();
                // From the end, so that places before a replacement stay where they are.
                for range in address::servers(leaf.kind, leaf.text).into_iter().rev() {
                    let server = leaf.text.get(range.clone())?;
                    if !is_stand_in(server) {
                        text.replace_range(range, &self.stand_ins.text(server));
                    }
                }
                (text != leaf.text).then_some(text)
            }
            _ => Some(self.stand_ins.text(leaf.text)),
        }
    }

    fn addresses_in(&mut self, value: &mut Value) {
        value.whole(&mut |text| self.known.replace_in(text, self.stand_ins));
    }
}

/// The redaction of a dump while it is written.
struct DumpEdit<'e, 'r, 'k> {
    redaction: &'e mut Redaction<'r, 'k>,
    walker: Walker,
    table: String,
    /// Rules of the columns of the table, as far as they were met, and whether a column holds free text.
    rules: HashMap<String, (ColumnRules, bool)>,
}

impl DumpEdit<'_, '_, '_> {
    fn edit(&mut self, name: &str, text: &str, decode: bool) -> Option<String> {
        let mut edited = None;
        let (rules, is_free) = self.rules.get(name)?;
        if decode {
            let mut value = Text::new(text);
            self.walker.column(rules, name, &mut value, &mut |leaf| {
                self.redaction.replace(leaf)
            });
            edited = value.changed();
        }
        let Redaction {
            known,
            stand_ins,
            names,
            options,
        } = &mut *self.redaction;
        if options.names && *is_free {
            let now = edited.as_deref().unwrap_or(text);
            edited = values_edited(now, &mut |text| names.replace_in(text, stand_ins)).or(edited);
        }
        let now = edited.as_deref().unwrap_or(text);
        // None of the characters of an address is changed by an encoding, so this can be done on the outermost.
        known.replace_in(now, stand_ins).or(edited)
    }
}

/// A text with each value changed if it is a map, and as a whole if it is none.
fn values_edited(text: &str, edit: &mut shape::Edit<'_>) -> Option<String> {
    let mut value = Text::new(text);
    if !text.trim_ascii_start().starts_with('(')
        || value.entries(&mut |_, inner| inner.whole(edit)).is_err()
    {
        value.whole(edit);
    }
    value.changed()
}

impl Edit for DumpEdit<'_, '_, '_> {
    fn manifest(&mut self, key: &str, value: &str) -> Option<String> {
        let rules = ColumnRules::of(MANIFEST, key);
        self.rules.insert(key.to_owned(), (rules, true));
        self.edit(key, value, true)
    }

    fn table(&mut self, name: &str) {
        name.clone_into(&mut self.table);
        self.rules.clear();
    }

    fn column(&mut self, name: &str, value: Raw<'_>) -> Option<String> {
        if !self.rules.contains_key(name) {
            let rules = ColumnRules::of(&self.table, name);
            let is_free = lookup::is_free_text(&self.table, name);
            self.rules.insert(name.to_owned(), (rules, is_free));
        }
        let (rules, is_free) = self.rules.get(name)?;
        let decode = worth_decoding(value, rules);
        let options = self.redaction.options;
        let look = decode || options.addresses || options.names && *is_free;
        look.then(|| value.text())
            .and_then(|text| self.edit(name, &text, decode))
    }
}
