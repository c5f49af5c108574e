//! What the elements of a dump hold: pairs, tables and rows, and how they end.

use std::borrow::Cow;

use super::super::event::{Roles, number};
use super::super::form::Form;
use super::super::tag::{Attribute, Tag, is_space};
use super::super::{Error, ErrorKind, Oddity, OddityKind};
use super::{Manifest, Pair, Place, Reader, Root, Step};
use crate::error::clip;
use crate::well_formed::is_name;

impl<'a> Reader<'a> {
    pub(super) fn start_manifest(&mut self, at: usize) -> Place {
        if self.manifest != Manifest::Missing || self.stack.contains(&Place::Manifest) {
            self.oddities.push(OddityKind::ManifestTwice.at(at));
            return Place::Unknown;
        }
        if !self.tables.is_empty() {
            self.oddities.push(OddityKind::ManifestLate.at(at));
        }
        self.manifest_at = at;
        Place::Manifest
    }

    pub(super) fn pair(&mut self, tag: Tag<'a>) -> Result<(), Error> {
        self.scan(tag, false)?;
        let mut key = None;
        let mut value = None;
        // xapi takes a pair apart by position (xapi `ocaml/database/db_xml.ml`).
        let first = self.attributes.first();
        if first.is_some_and(|attribute| attribute.name == "value") {
            self.oddities.push(OddityKind::PairOrder.at(tag.at));
        }
        for attribute in &self.attributes {
            match attribute.name {
                "key" => key = key.or(Some(attribute.value)),
                "value" => value = value.or(Some(attribute.value)),
                name => {
                    let name = clip(name);
                    self.oddities
                        .push(OddityKind::UnknownAttribute { name }.at(tag.at));
                }
            }
        }
        let (Some(key), Some(value)) = (key, value) else {
            self.oddities.push(OddityKind::BadPair.at(tag.at));
            return Ok(());
        };
        if self.pairs.len() >= self.limits.tables {
            let limit = self.limits.tables;
            return Err(ErrorKind::TooManyTables { limit }.at(tag.at));
        }
        let differs = |pair: &Pair<'_>| pair.key == key && pair.value != value;
        if self.pairs.iter().any(differs) {
            let key = clip(&key.unescaped());
            self.oddities.push(OddityKind::KeyTwice { key }.at(tag.at));
        }
        self.pairs.push(Pair { key, value });
        Ok(())
    }

    pub(super) fn start_table(&mut self, tag: Tag<'a>) -> Result<Step, Error> {
        self.scan(tag, false)?;
        let mut name = None;
        for attribute in &self.attributes {
            match attribute.name {
                "name" => name = name.or(Some(attribute.value.unescaped())),
                other => {
                    let name = clip(other);
                    self.oddities
                        .push(OddityKind::UnknownAttribute { name }.at(tag.at));
                }
            }
        }
        if name.is_none() {
            self.oddities.push(OddityKind::TableWithoutName.at(tag.at));
        }
        self.table = name.unwrap_or(Cow::Borrowed(""));
        if self.tables.contains(&self.table) {
            self.oddities
                .push(OddityKind::TableTwice.at(tag.at).in_table(&self.table));
        } else if self.tables.len() >= self.limits.tables {
            let limit = self.limits.tables;
            return Err(ErrorKind::TooManyTables { limit }.at(tag.at));
        } else {
            self.tables.insert(self.table.clone());
        }
        Ok(Step::Table { at: tag.at })
    }

    pub(super) fn row(&mut self, tag: Tag<'a>) -> Result<Step, Error> {
        if self.rows >= self.limits.rows {
            let limit = self.limits.rows;
            return Err(ErrorKind::TooManyRows { limit }.at(tag.at));
        }
        self.rows = self.rows.saturating_add(1);
        let same_names = self.scan(tag, true)?;
        if !same_names {
            self.names.clear();
            self.names
                .extend(self.attributes.iter().map(|attribute| attribute.name));
            self.roles = Roles::of(self.names.iter().copied());
            self.double_column = double(&self.names);
            self.bad_name = bad_name(&self.names);
            self.keep_leads();
        }
        self.form = Form::UNKNOWN;
        self.check_row(tag.at);
        Ok(Step::Row {
            at: tag.at,
            same_names,
        })
    }

    /// Reads the attributes of a tag and reports what is wrong with its text. True when the names are those of the row
    /// before.
    pub(super) fn scan(&mut self, tag: Tag<'a>, is_row: bool) -> Result<bool, Error> {
        let expected = if is_row { self.names.as_slice() } else { &[] };
        let scanned = tag.attributes(expected, &self.limits, &mut self.attributes)?;
        let Reader {
            attributes,
            oddities,
            table,
            ..
        } = self;
        let place = |kind: OddityKind, at: usize| {
            let oddity = kind.at(at);
            if !is_row {
                return oddity;
            }
            let oddity = oddity
                .in_table(table)
                .in_row(reference(attributes).as_deref());
            match attributes.iter().rfind(|attribute| attribute.at <= at) {
                Some(column) => oddity.in_column(column.name),
                None => oddity,
            }
        };
        tag.check_characters(|kind, at| {
            oddities.push_with(kind.name(), || place(kind, at));
        });
        if let Some((reason, at)) = scanned.fault {
            let reason = reason.to_owned();
            oddities.push(place(OddityKind::Malformed { reason }, at));
        }
        // Those of rows are looked at once for all rows that have them.
        if !is_row {
            let names: Vec<_> = attributes.iter().map(|attribute| attribute.name).collect();
            let fault = match (bad_name(&names), double(&names)) {
                (Some(_), _) => Some(BAD_NAME),
                (None, Some(_)) => Some("an attribute that is there twice"),
                (None, None) => None,
            };
            if let Some(reason) = fault {
                let reason = reason.to_owned();
                oddities.push(place(OddityKind::Malformed { reason }, tag.at));
            }
        }
        Ok(scanned.same)
    }

    pub(super) fn check_row(&mut self, at: usize) {
        if let Some(column) = self.double_column {
            self.report_row(OddityKind::DoubleColumn, Some(column), at);
        }
        if let Some(column) = self.bad_name {
            let reason = BAD_NAME.to_owned();
            self.report_row(OddityKind::Malformed { reason }, Some(column), at);
        }
        let role = |position: Option<usize>| {
            let attribute = self.attributes.get(position?)?;
            Some(*attribute)
        };
        let roles = self.roles;
        let times = [role(roles.ctime), role(roles.mtime)];
        let (reference, own) = (role(roles.reference), role(roles.own_reference));
        match (reference, own) {
            (None, _) => self.report_row(OddityKind::MissingRef, None, at),
            // The column is protected, the attribute is not.
            (Some(reference), Some(own))
                if reference.value != own.value
                    && reference.value.unescaped() != own.value.text() =>
            {
                let other = clip(&own.value.text());
                self.report_row(OddityKind::RefMismatch { other }, Some("_ref"), own.at);
            }
            _ => {}
        }
        if roles.reference.is_some_and(|position| position > 0) {
            self.report_row(OddityKind::RefNotFirst, None, at);
        }
        for time in times.into_iter().flatten() {
            if number(time.value).is_none() {
                let found = clip(&time.value.unescaped());
                self.report_row(OddityKind::BadTime { found }, Some(time.name), time.at);
            }
        }
    }

    fn report_row(&mut self, kind: OddityKind, column: Option<&str>, at: usize) {
        let Reader {
            attributes,
            oddities,
            table,
            ..
        } = self;
        oddities.push_with(kind.name(), || {
            let oddity = kind
                .at(at)
                .in_table(table)
                .in_row(reference(attributes).as_deref());
            match column {
                Some(column) => oddity.in_column(column),
                None => oddity,
            }
        });
    }

    /// An end tag.
    pub(super) fn close(&mut self, bytes: &[u8], at: usize) -> Option<Step> {
        let name = bytes.get(2..).unwrap_or_default();
        let end = name
            .iter()
            .position(|&byte| is_space(byte) || byte == b'>')
            .unwrap_or(name.len());
        let (name, rest) = name.split_at_checked(end).unwrap_or_default();
        let after = at.saturating_add(bytes.len());
        let blank = rest.iter().take_while(|&&byte| is_space(byte)).count();
        if rest
            .get(blank..)
            .is_some_and(|rest| !matches!(rest, b">" | b""))
        {
            self.malformed("an end tag with more than a name", at);
        }
        let &top = self.stack.last()?;
        // The name of an unknown element is not kept: its end is whatever closes that level.
        if top == Place::Unknown || top.name().as_bytes() == name {
            return self.pop(after);
        }
        let found = clip(&String::from_utf8_lossy(name));
        let expected = top.name();
        let oddity = OddityKind::MismatchedEnd { expected, found };
        let oddity: Oddity = self.here(oddity, at);
        self.oddities.push(oddity);
        let outer = self
            .stack
            .iter()
            .rposition(|place| place.name().as_bytes() == name)?;
        let mut step = None;
        while self.stack.len() > outer {
            step = step.or(self.pop(after));
        }
        step
    }

    /// Closes the innermost element.
    pub(super) fn pop(&mut self, after: usize) -> Option<Step> {
        match self.stack.pop()? {
            Place::Manifest => {
                self.manifest = Manifest::Given;
                Some(Step::Manifest)
            }
            Place::Database => {
                self.root = Root::After {
                    complete: true,
                    at: after,
                };
                None
            }
            Place::Pair | Place::Table | Place::Row | Place::Unknown => None,
        }
    }
}

/// The text of a row's reference, for its oddities.
fn reference<'a>(attributes: &[Attribute<'a>]) -> Option<Cow<'a, str>> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.name == "ref")?;
    Some(attribute.value.unescaped())
}

const BAD_NAME: &str = "an attribute name that XML does not allow";

fn bad_name<'a>(names: &[&'a str]) -> Option<&'a str> {
    names.iter().copied().find(|name| !is_name(name))
}

/// A name that is there twice.
fn double<'a>(names: &[&'a str]) -> Option<&'a str> {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(*a),
        _ => None,
    })
}
