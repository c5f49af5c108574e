//! The fields of two records that are one object. Rows of two dumps are compared as they stand first: what has the same
//! bytes is the same, and only the rest is decoded. Which columns there are is looked up once for all rows alike.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use xenspect_inventory::{Record, Store};
use xenspect_model::diff::{Delta, FieldChange, MatchedBy};
use xenspect_xapi::datamodel::{self, Type, Value, decode_as};
use xenspect_xapi::db::{Database, Row};
use xenspect_xapi::secrets;

use super::defaults::{holds_references, is_default, says_something};
use super::keys::{Sides, Which};
use super::matching::Pair;
use super::policy::Policy;
use super::scope;
use super::shown::{Hidden, hidden, secret};
use super::values::Field;

/// Fields of one object of an export that are compared. The largest class has some 130.
const MOST_FIELDS: usize = 1024;
/// Pairs of shapes that are remembered. There are one or two for a class.
const MOST_PLANS: usize = 4096;
/// Fields that are counted by their own names.
const MOST_COUNTS: usize = 4096;

/// What is known of a field.
#[derive(Debug)]
struct Known<'a> {
    field: Field<'a>,
    /// Its name in the API.
    name: String,
    ty: Type,
    /// There are references in it.
    leads: bool,
    default: &'static str,
}

/// The columns of two rows: where they are.
#[derive(Debug)]
struct Plan<'a> {
    both: Vec<(usize, usize, Rc<Known<'a>>)>,
    only_old: Vec<(usize, Rc<Known<'a>>)>,
    only_new: Vec<(usize, Rc<Known<'a>>)>,
}

/// Compares the fields of records.
pub(super) struct Fields<'c, 'a> {
    sides: &'c Sides<'a>,
    policy: Policy<'c>,
    known: HashMap<&'a str, HashMap<String, Rc<Known<'a>>>>,
    /// The same by names in the API.
    named: HashMap<&'a str, HashMap<String, Rc<Known<'a>>>>,
    plans: HashMap<(&'a str, u32, u32), Rc<Plan<'a>>>,
    /// Differences that were left out, by field.
    counts: BTreeMap<(&'a str, String), u64>,
    other_schema: bool,
}

impl<'c, 'a> Fields<'c, 'a> {
    pub(super) fn new(sides: &'c Sides<'a>, policy: Policy<'c>) -> Self {
        let other_schema = match (sides.old, sides.new) {
            (Store::Pool(old), Store::Pool(new)) => old.schema() != new.schema(),
            _ => true,
        };
        Self {
            sides,
            policy,
            known: HashMap::new(),
            named: HashMap::new(),
            plans: HashMap::new(),
            counts: BTreeMap::new(),
            other_schema,
        }
    }

    /// What was left out, by `class.field`.
    pub(super) fn into_counts(self) -> BTreeMap<String, u64> {
        let counts = self.counts.into_iter();
        counts
            .map(|((class, field), count)| (format!("{class}.{field}"), count))
            .collect()
    }

    /// Counts differences that are left out.
    pub(super) fn leave_out(&mut self, class: &'a str, field: &str, count: u64) {
        if count == 0 {
            return;
        }
        let mut key = (class, field.to_owned());
        if self.counts.len() >= MOST_COUNTS && !self.counts.contains_key(&key) {
            key = ("*", "*".to_owned());
        }
        let sum = self.counts.entry(key).or_default();
        *sum = sum.saturating_add(count);
    }

    /// What differs between two records.
    pub(super) fn pair(&mut self, pair: &Pair<'a>) -> Vec<FieldChange> {
        match (
            self.sides.old,
            pair.old.row(),
            self.sides.new,
            pair.new.row(),
        ) {
            (Store::Pool(old), Some(one), Store::Pool(new), Some(two)) => {
                self.rows((old, one), (new, two))
            }
            _ => self.records(pair),
        }
    }

    /// Takes away what follows from something else of the same pair: whether a device of a VM is attached, where the VM
    /// was started or stopped; that what is made anew has another uuid.
    pub(super) fn leave_out_consequences(
        &mut self,
        pair: &Pair<'a>,
        changes: &mut Vec<FieldChange>,
    ) {
        if self.policy.tells_all() {
            return;
        }
        let state = |record: &Record<'a>| {
            let vm = record.follow("VM")?;
            vm.text("power_state")
        };
        let (class, before) = (pair.new.class(), changes.len());
        let is_owned = pair.by == MatchedBy::Owner;
        changes.retain(|change| match change.field.as_str() {
            "currently_attached" => {
                pair.new.link("VM").is_none() || state(&pair.old) == state(&pair.new)
            }
            "uuid" => !is_owned,
            _ => true,
        });
        let left_out = u64::try_from(before.saturating_sub(changes.len())).unwrap_or(u64::MAX);
        if !is_owned {
            self.leave_out(class, "currently_attached", left_out);
        }
    }

    fn rows(
        &mut self,
        (old_in, old): (&'a Database<'a>, Row<'a>),
        (new_in, new): (&'a Database<'a>, Row<'a>),
    ) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        let key = (new.table(), old.shape(), new.shape());
        let plan = match self.plans.get(&key) {
            Some(plan) => Rc::clone(plan),
            None => {
                let plan = Rc::new(self.plan(key, old_in, new_in));
                if self.plans.len() >= MOST_PLANS {
                    self.plans.clear();
                }
                self.plans.insert(key, Rc::clone(&plan));
                plan
            }
        };
        let crossed = self.sides.matching.has_crossed;
        for (at_old, at_new, known) in &plan.both {
            let (Some(one), Some(two)) = (old.value_at(*at_old), new.value_at(*at_new)) else {
                continue;
            };
            let may_cross = crossed && known.leads;
            if !may_cross && one.as_bytes() == two.as_bytes() {
                continue;
            }
            let (one, two) = (one.text(), two.text());
            if may_cross || one != two {
                let (one, two) = (decode_as(&known.ty, one), decode_as(&known.ty, two));
                self.field(known, one, two, &mut changes);
            }
        }
        for (at, known) in &plan.only_new {
            if let Some(raw) = new.value_at(*at) {
                let value = decode_as(&known.ty, raw.text());
                self.one_sided(known, Which::New, &value, &mut changes);
            }
        }
        for (at, known) in &plan.only_old {
            if let Some(raw) = old.value_at(*at) {
                let value = decode_as(&known.ty, raw.text());
                self.one_sided(known, Which::Old, &value, &mut changes);
            }
        }
        changes
    }

    fn plan(
        &mut self,
        (class, old, new): (&'a str, u32, u32),
        old_in: &'a Database<'a>,
        new_in: &'a Database<'a>,
    ) -> Plan<'a> {
        let is_column = |name: &str| !matches!(name, "ref" | "_ref" | "__ctime" | "__mtime");
        let mut olds: HashMap<&str, usize> = HashMap::new();
        for (at, name) in old_in.shape_names(old).enumerate() {
            if is_column(name) {
                olds.entry(name).or_insert(at);
            }
        }
        let mut plan = Plan {
            both: Vec::new(),
            only_old: Vec::new(),
            only_new: Vec::new(),
        };
        let mut seen = HashSet::new();
        for (at, name) in new_in.shape_names(new).enumerate() {
            if !is_column(name) || !seen.insert(name) {
                continue;
            }
            let known = self.known(class, name);
            match olds.remove(name) {
                Some(at_old) => plan.both.push((at_old, at, known)),
                None => plan.only_new.push((at, known)),
            }
        }
        let mut rest: Vec<_> = olds.into_iter().collect();
        rest.sort_unstable_by_key(|(_, at)| *at);
        for (name, at) in rest {
            let known = self.known(class, name);
            plan.only_old.push((at, known));
        }
        plan
    }

    /// Records of which at least one is of an export.
    fn records(&mut self, pair: &Pair<'a>) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        let class = pair.new.class();
        let mixed = self.sides.are_mixed();
        let mut seen = HashSet::new();
        for name in pair.new.fields().take(MOST_FIELDS) {
            if !seen.insert(name.clone()) {
                continue;
            }
            let Some(two) = pair.new.value(&name) else {
                continue;
            };
            let known = self.known_by_name(class, &name);
            // An exporter keeps of a set what it exports.
            let is_edited =
                mixed && (holds_references(&known.ty) || scope::is_set_by_exporter(class, &name));
            match pair.old.value(&name) {
                Some(_) if is_edited => {}
                Some(one) => self.field(&known, one, two, &mut changes),
                None if mixed => {}
                None => self.one_sided(&known, Which::New, &two, &mut changes),
            }
        }
        if mixed {
            return changes;
        }
        for name in pair.old.fields().take(MOST_FIELDS) {
            if seen.insert(name.clone())
                && let Some(one) = pair.old.value(&name)
            {
                let known = self.known_by_name(class, &name);
                self.one_sided(&known, Which::Old, &one, &mut changes);
            }
        }
        changes
    }

    fn field(
        &mut self,
        known: &Known<'a>,
        old: Value<'a>,
        new: Value<'a>,
        changes: &mut Vec<FieldChange>,
    ) {
        let field = &known.field;
        if field.left_out.whole {
            let differs = !self.sides.same(field, old, new);
            self.leave_out(field.class, &known.name, u64::from(differs));
            return;
        }
        let (deltas, count) = self.sides.deltas(field, old, new);
        self.leave_out(field.class, &known.name, count);
        changes.extend(deltas.into_iter().map(|delta| change(known, delta)));
    }

    /// A field that the other side does not have. What an update puts there is not worth telling.
    fn one_sided(
        &mut self,
        known: &Known<'a>,
        which: Which,
        value: &Value<'a>,
        changes: &mut Vec<FieldChange>,
    ) {
        let field = &known.field;
        if field.left_out.whole
            || (self.other_schema && is_default(&known.ty, known.default, value))
        {
            self.leave_out(field.class, &known.name, 1);
            return;
        }
        let masked = secrets::masked(field.class, &field.column, value.clone());
        let absent = Value::Text("".into());
        let shown = || Some(self.sides.shown(which, &masked));
        let delta = match (hidden(value, &masked), which) {
            (Hidden::Wholly, Which::Old) => secret(value, &absent, None),
            (Hidden::Wholly, Which::New) => secret(&absent, value, None),
            (_, Which::Old) => Delta::Value {
                old: shown(),
                new: None,
            },
            (_, Which::New) => Delta::Value {
                old: None,
                new: shown(),
            },
        };
        changes.push(change(known, delta));
    }

    /// The given fields of an object that came or went, but for those that say nothing.
    pub(super) fn telling(
        &mut self,
        record: &Record<'a>,
        which: Which,
        names: &[&str],
    ) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        for name in names {
            let known = self.known_by_name(record.class(), name);
            let Some(value) = record.value(name).filter(|value| says_something(value)) else {
                continue;
            };
            if known.field.left_out.whole {
                continue;
            }
            let masked = secrets::masked(known.field.class, &known.field.column, value.clone());
            if hidden(&value, &masked) == Hidden::Wholly {
                continue;
            }
            let shown = Some(self.sides.shown(which, &masked));
            let (old, new) = match which {
                Which::Old => (shown, None),
                Which::New => (None, shown),
            };
            changes.push(change(&known, Delta::Value { old, new }));
        }
        changes
    }

    /// What is known of a field, given by its name in the API.
    fn known_by_name(&mut self, class: &'a str, name: &str) -> Rc<Known<'a>> {
        let known = self.named.get(class).and_then(|named| named.get(name));
        if let Some(known) = known {
            return Rc::clone(known);
        }
        let mut all = datamodel::fields_of(class).iter();
        let column = all
            .find(|field| field.api_field == name)
            .map_or(name, |field| field.column);
        let known = self.known(class, column);
        let of_class = self.named.entry(class).or_default();
        of_class.insert(name.to_owned(), Rc::clone(&known));
        known
    }

    fn known(&mut self, class: &'a str, column: &str) -> Rc<Known<'a>> {
        let of_class = self.known.entry(class).or_default();
        if let Some(known) = of_class.get(column) {
            return Rc::clone(known);
        }
        let field = datamodel::field(class, column);
        let name = match field {
            Some(field) if !field.api_field.is_empty() => field.api_field.to_owned(),
            _ => column.replace("__", "_"),
        };
        let ty = field.map_or(Type::Unlisted, |field| field.ty);
        let known = Rc::new(Known {
            field: Field {
                class,
                column: column.to_owned(),
                left_out: self.policy.field(class, &name, column),
            },
            name,
            leads: matches!(ty, Type::Ref(_)) || holds_references(&ty),
            ty,
            default: field.map_or("", |field| field.default),
        });
        of_class.insert(column.to_owned(), Rc::clone(&known));
        known
    }
}

fn change(known: &Known<'_>, delta: Delta) -> FieldChange {
    FieldChange {
        field: known.name.clone(),
        delta,
        is_told: false,
    }
}
