//! Objects of two pool databases or exports: which is which, what differs, what that means.
//!
//! From the bottom up: `matching` finds the two records of an object, `keys` says what values are compared by, `values`
//! compares two of them and `fields` all of two records; `policy` and `volatile` know what is left out, `titles`,
//! `groups`, `shown` and `meanings` how it is told.

mod budget;
mod defaults;
mod fields;
mod groups;
mod keys;
mod matching;
mod meanings;
mod policy;
mod scope;
mod shown;
mod text;
mod titles;
mod values;
mod volatile;

use std::collections::BTreeMap;

use xenspect_inventory::{Record, Store};
use xenspect_model::diff::{Change, Group, GroupChanges, ObjectChange};

use crate::Settings;
use fields::Fields;
use keys::{Sides, Which};
use matching::Pair;
use policy::Policy;

/// What became of the objects.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    pub(crate) groups: Vec<GroupChanges>,
    pub(crate) left_out: BTreeMap<String, u64>,
    pub(crate) not_compared: Vec<String>,
}

/// Compares the objects of two stores.
pub(crate) fn compare(old: Store<'_>, new: Store<'_>, settings: &Settings) -> Compared {
    let mut sides = Sides::new(old, new);
    let mut not_compared = Vec::new();
    for (store, side, effect) in [(old, "older", "added"), (new, "newer", "removed")] {
        if let Store::Pool(database) = store
            && !database.is_complete()
        {
            not_compared.push(format!(
                "The {side} pool database ends early: what is missing there counts as {effect}."
            ));
        } else if is_damaged(store) {
            not_compared.push(format!(
                "The {side} pool database is not well-formed: what is lost or misread there is not compared as it was. \
                 `xenspect verify` tells where."
            ));
        }
    }
    not_compared.extend(scope::narrow(&mut sides));
    not_compared.extend(scope::unrelated(&sides));

    let policy = Policy::new(settings);
    let mut fields = Fields::new(&sides, policy);
    let mut groups: BTreeMap<Group, Vec<ObjectChange>> = BTreeMap::new();
    let matching = &sides.matching;
    for (records, which) in [
        (&matching.removed, Which::Old),
        (&matching.added, Which::New),
    ] {
        for record in records {
            let class = record.class();
            if policy.leaves_out_objects(class) && !is_news(&sides, record, which, policy) {
                fields.leave_out(class, "*", 1);
                continue;
            }
            let object = one_sided(&sides, &mut fields, record, which);
            groups.entry(groups::group(class)).or_default().push(object);
        }
    }
    let compared = matching.pairs.iter();
    for pair in compared.filter(|pair| scope::is_compared(&sides, pair)) {
        if let Some(object) = changed(&sides, &mut fields, pair) {
            let group = groups::group(pair.new.class());
            groups.entry(group).or_default().push(object);
        }
    }
    Compared {
        groups: groups.into_iter().map(grouped).collect(),
        left_out: fields.into_counts(),
        not_compared,
    }
}

/// Whether something of a pool database may be lost or misread.
pub(crate) fn is_damaged(store: Store<'_>) -> bool {
    let Store::Pool(database) = store else {
        return false;
    };
    let mut oddities = database.oddities().kept.iter();
    !database.is_complete() || oddities.any(|oddity| oddity.kind.is_damage())
}

/// Every record of some classes of a store, as if it had come: what there is to call it by, without fields.
pub(crate) fn all<'a>(
    store: Store<'a>,
    classes: &'a [&'a str],
) -> impl Iterator<Item = (Group, ObjectChange)> + 'a {
    let names = titles::Names::new(store);
    let records = classes.iter().flat_map(move |class| store.of_class(class));
    records.map(move |record| {
        let object = object(&names, &record, Change::Added);
        (groups::group(record.class()), object)
    })
}

/// What there is to call an object by, with nothing told of it yet.
fn object<'a>(names: &titles::Names<'a>, record: &Record<'a>, change: Change) -> ObjectChange {
    let title = names.title(record);
    ObjectChange {
        change,
        class: record.class().to_owned(),
        role: groups::role(record),
        title: title.title,
        of: title.of,
        uuid: record.uuid().map(Into::into),
        reference: record.reference().into_owned(),
        matched_by: None,
        means: Vec::new(),
        fields: Vec::new(),
    }
}

/// Whether it is told that an object came or went although others of its class do so all the time: what a guest reports,
/// where its VM is there on both sides in one state.
fn is_news<'a>(sides: &Sides<'a>, record: &Record<'a>, which: Which, policy: Policy<'_>) -> bool {
    if record.class() != "VM_guest_metrics" || policy.ignores_objects(record.class()) {
        return false;
    }
    let vm = sides.names(which).vm_of_guest_metrics(record);
    let pair = vm.and_then(|vm| sides.matching.pair_of(which, &vm));
    pair.is_some_and(|pair| pair.old.text("power_state") == pair.new.text("power_state"))
}

/// An object that came or went.
fn one_sided<'a>(
    sides: &Sides<'a>,
    fields: &mut Fields<'_, 'a>,
    record: &Record<'a>,
    which: Which,
) -> ObjectChange {
    let mut told = fields.telling(record, which, groups::telling(record.class()));
    // A template is always halted.
    if record.is("is_a_template") {
        told.retain(|field| field.field != "power_state");
    }
    let (change, means) = match which {
        Which::Old => (Change::Removed, meanings::of_removed(record, &mut told)),
        Which::New => (Change::Added, meanings::of_added(record, &mut told)),
    };
    ObjectChange {
        means,
        fields: told,
        ..object(sides.names(which), record, change)
    }
}

/// An object of both sides, if it differs.
fn changed<'a>(
    sides: &Sides<'a>,
    fields: &mut Fields<'_, 'a>,
    pair: &Pair<'a>,
) -> Option<ObjectChange> {
    let mut changes = fields.pair(pair);
    fields.leave_out_consequences(pair, &mut changes);
    if changes.is_empty() {
        return None;
    }
    let means = meanings::of_changed(pair, &mut changes);
    Some(ObjectChange {
        matched_by: Some(pair.by),
        means,
        fields: changes,
        ..object(&sides.new_names, &pair.new, Change::Changed)
    })
}

fn grouped((group, mut objects): (Group, Vec<ObjectChange>)) -> GroupChanges {
    objects.sort_by(|a, b| {
        a.change
            .cmp(&b.change)
            .then_with(|| a.class.cmp(&b.class))
            .then_with(|| a.role.cmp(&b.role))
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| a.of.cmp(&b.of))
            .then_with(|| a.reference.cmp(&b.reference))
    });
    let count = |change| {
        let objects = objects.iter().filter(|object| object.change == change);
        u64::try_from(objects.count()).unwrap_or(u64::MAX)
    };
    GroupChanges {
        group,
        added: count(Change::Added),
        removed: count(Change::Removed),
        changed: count(Change::Changed),
        objects,
    }
}
