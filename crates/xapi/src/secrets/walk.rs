//! Applies the policy to values: takes one apart as far as its rules say, shows each part that a rule is about, and puts
//! the value together again where a part is to be replaced. Listing, hiding and redacting are three uses of this one walk,
//! so that they agree on what is a secret.

use std::borrow::Cow;
use std::collections::HashMap;

use super::hint::may_hold_secret;
use super::lookup::{self, ColumnRules};
use super::policy::{Part, Rule};
use super::record::{self, Record};
use super::references::{References, is_uuid};
use super::shape::{Shape, Text};
use super::{Grade, Kind, address, credentials, is_removed_marker};
use crate::db::Database;
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
/// How often a text is redacted until nothing more is found; one for which that is not enough is replaced as a whole.
const MAX_ROUNDS: usize = 8;
/// How many keys are remembered with what they mean.
const MAX_KEYS: usize = 4096;

/// The walk. It is kept over many values because it remembers what keys mean.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    field: String,
    records: usize,
    keys: HashMap<String, Option<Kind>>,
    references: References,
    /// A stand-in was given for a leaf.
    redacts: bool,
}

impl Walker {
    /// A walk over a database, which knows what its references to the table `secret` can refer to.
    pub(crate) fn of(database: &Database<'_>) -> Walker {
        Walker {
            references: References::of(database),
            ..Walker::default()
        }
    }

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
            let read = value.entries(&mut |key, inner| self.entry(rules, key, inner, visit));
            if read.is_err() {
                match rules.secret_map() {
                    true => value.whole(&mut |text| self.leaf(Kind::Unreadable, text, visit)),
                    false if self.parts(value, visit) => {}
                    false => self.unreadable(value, visit),
                }
            }
        } else if rules.search {
            self.inside(value, visit);
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
            Part::Record(class) => {
                let is_tree = value.parts(&mut |field, inner| match field {
                    Some(field) => self.field(class, field, inner, visit),
                    None => self.inside(inner, visit),
                });
                if !is_tree {
                    value.whole(&mut |text| self.record(class, text, visit));
                }
            }
            // Looked for in all columns.
            Part::Credentials => {}
            Part::Keys(_) | Part::CommonKeys(_) | Part::OtherKeys(_) | Part::Values => {}
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
        value: &mut dyn Shape,
        visit: &mut Visit<'_>,
    ) {
        let outer = self.enter(key);
        let kind = match rules.key(key) {
            Some(kind) if kind.grade() == Grade::Secret => Some(kind),
            own if rules.describes => own,
            // A secret by its key, whatever else the column's own rules take it for.
            own => match self.any_key(key) {
                Some(kind) if kind.grade() == Grade::Secret => Some(kind),
                any => own.or(any),
            },
        };
        if let Some(kind) = kind {
            value.whole(&mut |text| match self.references.has(key, text) {
                true => None,
                false => self.leaf(kind, text, visit),
            });
        }
        if kind.is_none_or(|kind| kind.grade() != Grade::Secret) {
            self.inside(value, visit);
        }
        self.leave(outer);
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

    /// What no rule is about: entries at any depth by their names, and passwords inside texts. Recursion goes as deep as
    /// the value, which the limits of its parser bound.
    pub(crate) fn inside(&mut self, value: &mut dyn Shape, visit: &mut Visit<'_>) {
        if !self.parts(value, visit) {
            value.whole(&mut |text| self.text(text, visit));
        }
    }

    /// False when the value has no parts.
    fn parts(&mut self, value: &mut dyn Shape, visit: &mut Visit<'_>) -> bool {
        value.parts(&mut |key, inner| match key {
            Some(key) => self.entry(&ColumnRules::default(), key, inner, visit),
            None => self.inside(inner, visit),
        })
    }

    /// A text that no rule is about. A stand-in may come to stand where it makes more of its surroundings look like
    /// a password than was before, so a redaction goes on until nothing more is found.
    fn text(&mut self, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        let mut edited = self.text_once(text, visit)?;
        for _ in 0..MAX_ROUNDS {
            match self.redacts.then(|| self.text_once(&edited, visit)) {
                Some(Some(again)) => edited = again,
                _ => return Some(edited),
            }
        }
        self.leaf(Kind::Credentials, &edited, visit)
            .or(Some(edited))
    }

    /// It may be a map, a record or a set all the same.
    fn text_once(&mut self, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        if !may_hold_secret(text.as_bytes()) {
            return None;
        }
        if text.trim_ascii_start().starts_with(['(', '<']) {
            if self.records >= MAX_RECORDS {
                return self.leaf(Kind::Unreadable, text, visit);
            }
            if let Some(read) = record::read(text) {
                return self.take_apart(read, text, None, visit);
            }
            let mut set = Text::new(text);
            self.records = self.records.saturating_add(1);
            let read = set.items(&mut |item| self.text(item, visit));
            self.records = self.records.saturating_sub(1);
            if read.is_ok() {
                return set.changed();
            }
        }
        self.credentials(text, visit)
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
        match read {
            Some(read) => self.take_apart(read, text, Some(class), visit),
            None => self.unread(text, visit),
        }
    }

    /// The fields of a record of a class, or the entries of one that no rule is about.
    fn take_apart(
        &mut self,
        read: Record<'_>,
        text: &str,
        class: Option<&str>,
        visit: &mut Visit<'_>,
    ) -> Option<String> {
        self.records = self.records.saturating_add(1);
        let edited = match read {
            Record::Map(mut pairs) => {
                let mut changed = false;
                for (field, inner) in &mut pairs {
                    let mut value = Text::new(&**inner);
                    match class {
                        Some(class) => self.field(class, field, &mut value, visit),
                        None => self.entry(&ColumnRules::default(), field, &mut value, visit),
                    }
                    if let Some(edited) = value.changed() {
                        *inner = Cow::Owned(edited);
                        changed = true;
                    }
                }
                changed.then(|| record::write_map(pairs, text))
            }
            Record::Tree(mut tree) => {
                let mut changed = record::has_asides(text);
                let mut see = |leaf: &Leaf<'_>| {
                    let edited = visit(leaf);
                    changed |= edited.is_some();
                    edited
                };
                match class {
                    Some(class) => self.fields(class, &mut tree, &mut see),
                    None => self.inside(&mut tree, &mut see),
                }
                // A text that was taken apart can be put together again; if it could not, it would be hidden.
                match changed {
                    true => record::write_tree(&tree, text)
                        .or_else(|| self.leaf(Kind::Unreadable, text, visit))
                        .filter(|written| written != text),
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
            other => self.inside(other, visit),
        }
    }

    fn field(&mut self, class: &str, field: &str, value: &mut dyn Shape, visit: &mut Visit<'_>) {
        self.column(&ColumnRules::of(class, field), field, value, visit);
    }

    fn leaf(&mut self, kind: Kind, text: &str, visit: &mut Visit<'_>) -> Option<String> {
        let silent = is_removed_marker(text) || is_stand_in(text) || is_reference(text);
        if silent || !applies(kind, text) {
            return None;
        }
        let edited = visit(&Leaf {
            field: &self.field,
            kind,
            text,
        });
        self.redacts |= edited.as_deref().is_some_and(is_stand_in);
        edited
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
            address::find(text).next().is_some() || !address::servers(kind, text).is_empty()
        }
        // Only a path that is made from the identifier says anything.
        Kind::StorageId => !text.starts_with("/dev/") || text.contains("/by-"),
        _ => true,
    }
}

/// A reference to a row, or the null reference.
fn is_reference(text: &str) -> bool {
    text.strip_prefix("OpaqueRef:")
        .is_some_and(|name| name == "NULL" || is_uuid(name))
}
