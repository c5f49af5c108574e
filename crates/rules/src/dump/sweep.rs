//! Every row and value, once: types, references, generations, and the claims that relations add up. What is checked of
//! which value is the plan's; nothing is copied for a value that is as it should be.

use std::collections::{BTreeMap, HashMap};

use xenspect_model::catalog::Rewritten;
use xenspect_model::{Code, Severity};
use xenspect_xapi::datamodel::{Type, Value, Why, decode_as};
use xenspect_xapi::db::{Database, OddityKind, Row};
use xenspect_xapi::value::{Raw, plain, sexpr};

use super::columns::Columns;
use super::plan::{Check, Link, Need, Plan};
use super::references::{Found, References};
use super::relation::{Side, Sums};
use super::values::{
    REFERENCES, TEXT_MAP, TEXT_SET, boolean, fault, is_plain_integer, reference_class,
    references_in,
};
use super::{Context, NEVER_STORED};
use crate::sink::Sink;

/// The reference that names nothing.
const NULL: &[u8] = b"OpaqueRef:NULL";
/// The first schema in whose dumps nothing else was seen (6.1).
const PREFIXED_SINCE: i64 = 66;
/// How references begin that xapi makes up for rows not yet there.
const DUMMY: &[u8] = b"DummyRef:";

/// What was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    /// Values that were checked by their type, references included.
    pub(super) values: u64,
    /// References that were followed.
    pub(super) references: u64,
    /// Relations that were compared on both sides.
    pub(super) relations: u64,
}

/// Looks at every row.
pub(super) fn judge(context: Context<'_>, sink: &mut Sink) -> Outcome {
    let database = &context.dump.database;
    let columns = Columns::of(database);
    columns.judge(context, sink);
    let mut references = References::of(database);
    for (text, found) in aliases(database) {
        references.insert(text.as_bytes(), found);
    }
    let mut sweep = Sweep {
        context,
        database,
        sink,
        references,
        tables: database.tables().map(|table| table.name()).collect(),
        sums: Sums::new(context, |table, column| columns.in_all_rows(table, column)),
        left_over: BTreeMap::new(),
        doubled: database.oddities().count("duplicate-ref") > 0,
        generation: database.generation().filter(|generation| *generation >= 0),
        coordinated: super::contents::is_coordinated(context),
        compared: !matches!(context.dump.rewritten, Rewritten::NotCompared(_)),
        prefixed: database
            .schema()
            .is_some_and(|(_, minor)| minor >= PREFIXED_SINCE),
        outcome: Outcome::default(),
        members: Vec::new(),
    };
    for table in database.tables() {
        let mut plans: HashMap<u32, Plan> = HashMap::new();
        let mut last: Option<(u32, Plan)> = None;
        for row in table.rows() {
            let shape = row.shape();
            if last.as_ref().is_none_or(|(known, _)| *known != shape) {
                if let Some((known, plan)) = last.take() {
                    plans.insert(known, plan);
                }
                let plan = plans.remove(&shape);
                let plan = plan.unwrap_or_else(|| Plan::of(context, table.name(), shape));
                last = Some((shape, plan));
            }
            if let Some((_, plan)) = &last {
                sweep.row(&row, plan);
            }
        }
    }
    sweep.finish()
}

/// Rows whose `ref` is not their `_ref`, by the latter: what names them by it does not dangle.
fn aliases<'d>(database: &'d Database<'_>) -> impl Iterator<Item = (&'d str, Found)> {
    database.oddities().kept.iter().filter_map(|oddity| {
        let OddityKind::RefMismatch { other } = &oddity.kind else {
            return None;
        };
        let row = database.by_reference(oddity.row.as_deref()?)?;
        let table = database
            .tables()
            .position(|table| table.name() == row.table())?;
        let found = Found {
            row: row.number(),
            table: u32::try_from(table).ok()?,
        };
        Some((other.as_str(), found))
    })
}

pub(super) struct Sweep<'s, 'd> {
    pub(super) context: Context<'d>,
    pub(super) database: &'d Database<'static>,
    pub(super) sink: &'s mut Sink,
    pub(super) sums: Sums,
    pub(super) left_over: BTreeMap<(&'d str, &'d str), LeftOver>,
    pub(super) references: References,
    /// Names of the tables in the order of the document.
    pub(super) tables: Vec<&'d str>,
    /// References are there twice, so a row may not be the one that its reference leads to.
    pub(super) doubled: bool,
    pub(super) generation: Option<i64>,
    /// The bytes are to be those that xapi writes.
    pub(super) compared: bool,
    /// The coordinator of the pool is there.
    pub(super) coordinated: bool,
    /// All references are as xapi makes them.
    pub(super) prefixed: bool,
    pub(super) outcome: Outcome,
    pub(super) members: Vec<Raw<'d>>,
}

/// References of one column that lead nowhere.
#[derive(Default)]
pub(super) struct LeftOver {
    pub(super) count: u64,
    pub(super) rows: Vec<String>,
}

/// Where a reference leads.
#[derive(Clone, Copy)]
enum Target {
    Null,
    Row(Found),
    Nowhere,
}

impl<'d> Sweep<'_, 'd> {
    fn row(&mut self, row: &Row<'d>, plan: &Plan) {
        self.generations(row);
        for &position in &plan.generations {
            // One that is no number is told by the reader.
            if let Some(raw) = row.value_at(position).filter(|raw| !is_plain_integer(*raw)) {
                let _ = self.number(row, position, raw);
            }
        }
        // Of two rows with one reference only the first speaks.
        let speaks = !self.doubled
            || row
                .reference()
                .and_then(|reference| self.database.by_reference(&reference))
                .is_some_and(|first| first.number() == row.number());
        // What relations count the row as.
        let key = (plan.names && speaks)
            .then(|| row.reference_bytes())
            .flatten()
            .map(|reference| self.references.key_of_bytes(&reference));
        self.outcome.values += plan.checks.len() as u64;
        for planned in &plan.checks {
            let Some(raw) = row.value_at(planned.position) else {
                continue;
            };
            let why = match &planned.check {
                Check::Int if is_plain_integer(raw) => None,
                Check::Int => self.number(row, planned.position, raw),
                Check::Bool => boolean(raw),
                Check::Word(words) => {
                    // Nearly all stand as they are, and to decode one costs more than to compare it.
                    let plain = words.iter().any(|word| word.as_bytes() == raw.as_bytes());
                    if !plain && !words.iter().any(|word| raw.is(word)) {
                        self.no_word(row, planned.position, raw);
                    }
                    None
                }
                Check::Map if plain::is_map(raw) => {
                    self.doubled_keys(row, planned.position, raw);
                    None
                }
                Check::Map => {
                    self.doubled_keys(row, planned.position, raw);
                    let why = fault(&TEXT_MAP, raw);
                    self.spelling(row, planned.position, raw, why)
                }
                Check::Set if plain::set(raw, &mut self.members) => None,
                Check::Set => {
                    let why = fault(&TEXT_SET, raw);
                    self.spelling(row, planned.position, raw, why)
                }
                Check::Reference(link) => {
                    self.reference(row, planned.position, link, raw, key);
                    None
                }
                Check::References(link) => match link.side {
                    Some(side) if side.is_set => {
                        self.listed(row, planned.position, side, raw, speaks)
                    }
                    _ => self.references(row, planned.position, link, raw, key),
                },
                Check::Other(ty) => self.other(row, planned.position, ty, raw),
            };
            if let Some(why) = why {
                self.undecodable(row, planned.position, &planned.check, raw, why);
            }
        }
    }

    fn resolve(&mut self, raw: Raw<'d>) -> Target {
        let bytes = raw.as_bytes();
        if bytes == NULL || bytes.is_empty() || bytes.starts_with(DUMMY) {
            return Target::Null;
        }
        self.outcome.references += 1;
        match self.references.find(raw) {
            Some(found) => Target::Row(found),
            None => Target::Nowhere,
        }
    }

    pub(super) fn table_of(&self, found: Found) -> &'d str {
        let table = self.tables.get(found.table as usize);
        table.copied().unwrap_or_default()
    }

    fn reference(
        &mut self,
        row: &Row<'d>,
        position: usize,
        link: &Link,
        raw: Raw<'d>,
        key: Option<u64>,
    ) {
        match self.resolve(raw) {
            Target::Null => {
                let link = &self.needed(row, link);
                if link.need == Need::Host {
                    let link = Link {
                        need: Need::Row,
                        ..*link
                    };
                    self.dangling(row, position, &link, &raw.text());
                } else if link.need == Need::Row {
                    self.dangling(row, position, link, &raw.text());
                }
            }
            Target::Row(target) if self.table_of(target) == link.class => {
                if let (Some(side), Some(key)) = (link.side, key) {
                    self.sums.names(side, key, target.row);
                }
            }
            Target::Row(target) => self.wrong_table(row, position, link, target),
            Target::Nowhere => {
                let link = &self.needed(row, link);
                if link.need == Need::Host {
                    self.host_gone(row, position, link, raw);
                } else {
                    self.dangling(row, position, link, &raw.text());
                }
            }
        }
    }

    /// What the reference means in a row that says more about it.
    fn needed(&self, row: &Row<'d>, link: &Link) -> Link {
        let is = |column, text| row.text(column).is_some_and(|found| found == text);
        let needed = match link.need {
            Need::InsertedDisk => {
                !is("type", "CD") && !is("type", "Floppy") && is("empty", "false")
            }
            Need::Suspended => is("power_state", "Suspended"),
            _ => return *link,
        };
        let need = if needed { Need::Row } else { Need::Nothing };
        Link { need, ..*link }
    }

    /// A host that is gone: as it should be after a removal, as long as the pool has its coordinator.
    fn host_gone(&mut self, row: &Row<'d>, position: usize, link: &Link, raw: Raw<'d>) {
        if !self.coordinated {
            let link = Link {
                need: Need::Row,
                ..*link
            };
            return self.dangling(row, position, &link, &raw.text());
        }
        if !self.context.whole {
            return;
        }
        let (column, context) = (self.column(row, position), self.context);
        self.sink.push_with(Code::DbReferenceDangling, || {
            let finding = context
                .at_column(Code::DbReferenceDangling, row, column)
                .fact("to", raw.text().into_owned())
                .fact("class", link.class);
            let mut finding = finding.severity(Severity::Warning);
            finding.xapi_error = None;
            finding
        });
    }

    /// A value that reads well and is none that xapi takes.
    fn value(&mut self, row: &Row<'d>, position: usize, raw: Raw<'d>, problem: &'static str) {
        if raw.is(super::file::REMOVED) {
            return;
        }
        let (column, context) = (self.column(row, position), self.context);
        self.sink.push_with(Code::DbValue, || {
            context
                .at_column(Code::DbValue, row, column)
                .fact("problem", problem)
                .fact("length", raw.len() as u64)
        });
    }

    /// A map that has a key twice.
    fn doubled_keys(&mut self, row: &Row<'d>, position: usize, raw: Raw<'d>) {
        // Of one pair there are two brackets.
        if raw.as_bytes().iter().filter(|&&byte| byte == b'(').count() < 3 {
            return;
        }
        let twice = if plain::keys(raw, &mut self.members) {
            are_any_twice(&mut self.members)
        } else {
            let text = raw.text();
            let Ok(pairs) = sexpr::decode_map(&text) else {
                return;
            };
            let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| &**key).collect();
            are_any_twice(&mut keys)
        };
        if twice {
            self.value(row, position, raw, "a key is there twice");
        }
    }

    /// The set of a relation. Its members are not followed: if one leads nowhere, the sides disagree.
    fn listed(
        &mut self,
        row: &Row<'d>,
        position: usize,
        side: Side,
        raw: Raw<'d>,
        speaks: bool,
    ) -> Option<Why> {
        if raw.as_bytes() == b"()" {
            return None;
        }
        if plain::set(raw, &mut self.members) {
            self.outcome.references += self.members.len() as u64;
            for &member in self.members.iter().filter(|_| speaks) {
                let key = self.references.key(member);
                self.sums.lists(side, row.number(), key);
            }
            return None;
        }
        let text = raw.text();
        let value = decode_as(&REFERENCES, &*text);
        for reference in value
            .as_set()
            .into_iter()
            .flatten()
            .filter_map(Value::as_ref)
        {
            self.outcome.references += 1;
            if speaks {
                let key = self.references.key_of_text(reference);
                self.sums.lists(side, row.number(), key);
            }
        }
        let why = value.fault().map(|(_, why)| why);
        self.spelling(row, position, raw, why)
    }

    /// A set of references that are followed.
    fn references(
        &mut self,
        row: &Row<'d>,
        position: usize,
        link: &Link,
        raw: Raw<'d>,
        key: Option<u64>,
    ) -> Option<Why> {
        if raw.as_bytes() == b"()" {
            return None;
        }
        let mut members = std::mem::take(&mut self.members);
        let plain = plain::set(raw, &mut members);
        for &member in members.iter().filter(|_| plain) {
            self.reference(row, position, link, member, key);
        }
        self.members = members;
        if plain {
            return None;
        }
        let text = raw.text();
        let value = decode_as(&REFERENCES, &*text);
        for reference in value
            .as_set()
            .into_iter()
            .flatten()
            .filter_map(Value::as_ref)
        {
            self.outcome.references += 1;
            match self.references.find_text(reference) {
                Some(target) if self.table_of(target) == link.class => {
                    if let (Some(side), Some(key)) = (link.side, key) {
                        self.sums.names(side, key, target.row);
                    }
                }
                Some(target) => self.wrong_table(row, position, link, target),
                None => self.dangling(row, position, link, reference),
            }
        }
        let why = value.fault().map(|(_, why)| why);
        self.spelling(row, position, raw, why)
    }

    fn other(
        &mut self,
        row: &Row<'d>,
        position: usize,
        ty: &'static Type,
        raw: Raw<'d>,
    ) -> Option<Why> {
        if raw.as_bytes() == b"()" && !matches!(ty, Type::Float | Type::DateTime) {
            return None;
        }
        let text = raw.text();
        let value = decode_as(ty, &*text);
        let mut class = None;
        reference_class(ty, &mut class);
        if let Some(class) = class {
            let link = Link {
                class,
                need: Need::Nothing,
                side: None,
            };
            let mut all = Vec::new();
            references_in(&value, &mut all);
            for reference in all {
                if self.references.find_text(reference).is_none() {
                    self.dangling(row, position, &link, reference);
                }
            }
        }
        let why = value.fault().map(|(_, why)| why);
        if matches!(ty, Type::Float | Type::DateTime) {
            return why;
        }
        self.spelling(row, position, raw, why)
    }

    fn finish(mut self) -> Outcome {
        for ((table, column), left_over) in std::mem::take(&mut self.left_over) {
            let finding = xenspect_model::Finding::new(Code::DbReferenceLeftOver)
                .table(table)
                .column(column)
                .fact("count", left_over.count);
            let never = xenspect_xapi::datamodel::field(table, column).is_some_and(
                |field| matches!(field.ty, Type::Ref(class) if NEVER_STORED.contains(&class)),
            );
            let finding = if never {
                finding.fact("never_stored", true)
            } else {
                finding.fact("rows", left_over.rows)
            };
            self.sink.push(finding);
        }
        self.outcome.relations = self.sums.compared();
        self.sums.judge(self.context, self.sink);
        self.outcome
    }
}

/// Whether two are the same. They are put in order.
fn are_any_twice<T: Ord>(keys: &mut [T]) -> bool {
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair.first() == pair.last())
}
