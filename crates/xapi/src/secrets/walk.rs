//! Applies the policy to values: takes one apart as far as its rules say, shows each part that a rule is about, and puts
//! the value together again where a part is to be replaced. Listing, hiding and redacting are three uses of this one walk,
//! so that they agree on what is a secret.

use std::borrow::Cow;
use std::collections::HashMap;

use super::hint::may_hold_secret;
use super::lookup::{self, ColumnRules};
use super::policy::{Part, Rule};
use super::record::{self, Record};
use super::shape::{Shape, Text};
use super::{Grade, Kind, address, credentials, is_removed_marker};
use crate::redact::is_stand_in;
use crate::xmlrpc::Value;

/// A part of a value that a rule is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf<'l> {
    /// The column, then the keys and fields inside it, between colons.
    pub(crate) field: &'l str,
    pub(crate) kind: Kind,
    /// The text. Empty ones, markers of a removal and references are never shown.
    pub(crate) text: &'l str,
}

/// Sees each leaf and may give another text for it.
pub(crate) type Visit<'v> = dyn FnMut(&Leaf<'_>) -> Option<String> + 'v;

/// How deep records may nest in records. A deeper one counts as unreadable.
const MAX_RECORDS: usize = 6;
/// How many keys are remembered with what they mean.
const MAX_KEYS: usize = 4096;

/// The walk. It is kept over many values because it remembers what keys mean.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    field: String,
    records: usize,
    keys: HashMap<String, Option<Kind>>,
}

impl Walker {
    /// Shows what is in a column, or a field of an export, by its rules.
    pub(crate) fn column(
        &mut self,
        rules: &ColumnRules,
        column: &str,
        value: &mut dyn Shape,
        visit: &mut Visit<'_>,
    ) {
        let outer = self.enter(column);
        if let Some(kind) = rules.by_name {
            value.whole(&mut |text| self.leaf(kind, text, visit));
        }
        for rule in &rules.own {
            self.rule(rule, value, visit);
        }
        if rules.take_apart(value.is_map()) {
            let read = value.entries(&mut |key, text| self.entry(rules, key, text, visit));
            if read.is_err() {
                self.unreadable(value, visit);
            }
        }
        self.leave(outer);
    }

    /// The rules that are not about entries of a map.
    fn rule(&mut self, rule: &Rule, value: &mut dyn Shape, visit: &mut Visit<'_>) {
        match rule.part {
            Part::Whole => value.whole(&mut |text| self.leaf(rule.kind, text, visit)),
            Part::Items => {
                let read = value.items(&mut |text| self.leaf(rule.kind, text, visit));
                if read.is_err() {
                    self.unreadable(value, visit);
                }
            }
            Part::Credentials => value.whole(&mut |text| self.credentials(text, visit)),
            Part::Record(class) => value.whole(&mut |text| self.record(class, text, visit)),
            Part::Keys(_) | Part::Values | Part::ValueCredentials => {}
        }
    }

    /// A value that is not of the form its rules expect is hidden as a whole where it may hold a secret.
    fn unreadable(&mut self, value: &mut dyn Shape, visit: &mut Visit<'_>) {
        value.whole(&mut |text| self.unread(text, visit));
    }

    fn unread(&mut self, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        match may_hold_secret(text.as_bytes()) {
            true => self.leaf(Kind::Unreadable, text, visit),
            false => None,
        }
    }

    /// An entry of a map.
    fn entry(
        &mut self,
        rules: &ColumnRules,
        key: &str,
        text: &str,
        visit: &mut Visit<'_>,
    ) -> Option<String> {
        let outer = self.enter(key);
        let own = rules.key(key);
        let kind = match own {
            Some(kind) if kind.grade() == Grade::Secret => Some(kind),
            _ if rules.describes => own,
            // A secret by its key, whatever else the column's own rules take it for.
            _ => match self.any_key(key) {
                Some(kind) if kind.grade() == Grade::Secret => {
                    (!is_secret_reference(key, text)).then_some(kind)
                }
                any => own.or(any),
            },
        };
        let mut edited = kind.and_then(|kind| self.leaf(kind, text, visit));
        let shown = kind.is_some_and(|kind| kind.grade() == Grade::Secret);
        let search = rules
            .own
            .iter()
            .any(|rule| rule.part == Part::ValueCredentials);
        if search && !shown {
            let again = self.credentials(edited.as_deref().unwrap_or(text), visit);
            edited = again.or(edited);
        }
        self.leave(outer);
        edited
    }

    fn any_key(&mut self, key: &str) -> Option<Kind> {
        if let Some(&kind) = self.keys.get(key) {
            return kind;
        }
        let kind = lookup::any_key(key);
        if self.keys.len() < MAX_KEYS {
            self.keys.insert(key.to_owned(), kind);
        }
        kind
    }

    /// Passwords inside a text.
    fn credentials(&mut self, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        let mut out: Option<String> = None;
        // From the end, so that places before a replacement stay where they are.
        for found in credentials::find(text).into_iter().rev() {
            let outer = self.enter(found.name);
            let password = text.get(found.range.clone()).unwrap_or_default();
            if let Some(edited) = self.leaf(Kind::Credentials, password, visit) {
                out.get_or_insert_with(|| text.to_owned())
                    .replace_range(found.range, &edited);
            }
            self.leave(outer);
        }
        out
    }

    /// A record inside a text.
    fn record(&mut self, class: &str, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        if is_removed_marker(text) {
            return None;
        }
        let read = match self.records < MAX_RECORDS {
            true => record::read(text),
            false => None,
        };
        let Some(read) = read else {
            return self.unread(text, visit);
        };
        self.records = self.records.saturating_add(1);
        let edited = match read {
            Record::Map(mut pairs) => {
                let mut changed = false;
                for (field, inner) in &mut pairs {
                    let mut value = Text::new(&**inner);
                    self.field(class, field, &mut value, visit);
                    if let Some(edited) = value.changed() {
                        *inner = Cow::Owned(edited);
                        changed = true;
                    }
                }
                changed.then(|| record::write_map(pairs, text))
            }
            Record::Tree(mut tree) => {
                let mut changed = false;
                self.fields(class, &mut tree, &mut |leaf| {
                    let edited = visit(leaf);
                    changed |= edited.is_some();
                    edited
                });
                // A text that was taken apart can be put together again; if it could not, it would be hidden.
                match changed {
                    true => record::write_tree(&tree, text)
                        .or_else(|| self.leaf(Kind::Unreadable, text, visit)),
                    false => None,
                }
            }
        };
        self.records = self.records.saturating_sub(1);
        edited
    }

    /// All fields of a record.
    pub(crate) fn fields(&mut self, class: &str, record: &mut Value, visit: &mut Visit<'_>) {
        match record {
            Value::Struct(members) => {
                for (field, value) in members {
                    self.field(class, field, value, visit);
                }
            }
            other => self.unreadable(other, visit),
        }
    }

    fn field(&mut self, class: &str, field: &str, value: &mut dyn Shape, visit: &mut Visit<'_>) {
        let rules = ColumnRules::of(class, field);
        if !rules.leave_out(value.is_map()) {
            self.column(&rules, field, value, visit);
        }
    }

    fn leaf(&self, kind: Kind, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        let silent = is_removed_marker(text) || is_stand_in(text) || is_reference(text);
        match !silent && applies(kind, text) {
            true => visit(&Leaf {
                field: &self.field,
                kind,
                text,
            }),
            false => None,
        }
    }

    fn enter(&mut self, name: &str) -> usize {
        let outer = self.field.len();
        if outer > 0 && !name.is_empty() {
            self.field.push(':');
        }
        self.field.push_str(name);
        outer
    }

    fn leave(&mut self, outer: usize) {
        self.field.truncate(outer);
    }
}

/// What a rule is about is not always in the place it names.
fn applies(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Email => text.contains('@'),
        Kind::Address | Kind::Network => {
            address::find(text).next().is_some() || address::server(text).is_some()
        }
        // Only a path that is made from the identifier says anything.
        Kind::StorageId => !text.starts_with("/dev/") || text.contains("/by-"),
        _ => true,
    }
}

/// `<name>_secret` holds the uuid of a row of table `secret`: there is the value, here only a reference.
fn is_secret_reference(key: &str, text: &str) -> bool {
    let suffix = "secret";
    let named = key
        .len()
        .checked_sub(suffix.len())
        .filter(|&start| start > 0)
        .and_then(|start| key.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(suffix));
    named && is_uuid(text)
}

/// A reference to a row, or the null reference.
fn is_reference(text: &str) -> bool {
    text.strip_prefix("OpaqueRef:")
        .is_some_and(|name| name == "NULL" || is_uuid(name))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
