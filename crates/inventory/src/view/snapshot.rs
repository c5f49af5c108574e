//! Snapshots of VMs as trees. `VM.parent` says which snapshot a VM, or another snapshot, goes on from; where that is not
//! known, a snapshot stands directly below its VM.

use std::collections::{HashMap, HashSet};

use super::{Role, Vm};
use crate::{Record, Relation, Relations};

/// One line of a tree: a VM, or a snapshot below it.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// 0 for the VM, 1 for its oldest snapshots.
    pub depth: usize,
    /// The VM or the snapshot. `None` in place of a VM that is not there, but whose snapshots are.
    pub vm: Option<Record<'a>>,
    /// Whether the VM of this tree goes on from this snapshot.
    pub is_current: bool,
}

/// A tree for each VM that has snapshots, in pre-order, oldest first; the snapshots of VMs that are not there make
/// trees of their own behind.
#[must_use]
pub fn snapshot_trees<'a>(relations: &Relations<'a>) -> Vec<Node<'a>> {
    let store = relations.store();
    let mut snapshots = Vec::new();
    let mut owners: Vec<Record<'a>> = Vec::new();
    for record in store.of_class("VM") {
        if Vm(record).role() == Role::Snapshot {
            snapshots.push(record);
        } else if !relations.of(Relation::SnapshotsOfVm, &record).is_empty() {
            owners.push(record);
        }
    }
    owners.sort_by_cached_key(|vm| (vm.title().to_lowercase(), vm.reference()));

    let mut nodes = Vec::new();
    let mut placed = HashSet::new();
    for owner in owners {
        let of_it = relations.of(Relation::SnapshotsOfVm, &owner);
        let of_it: Vec<_> = of_it
            .iter()
            .filter(|record| Vm(**record).role() == Role::Snapshot)
            .copied()
            .collect();
        placed.extend(of_it.iter().map(|record| record.reference()));
        if !of_it.is_empty() {
            tree(Some(owner), &of_it, &mut nodes);
        }
    }
    // Of a VM that is not there any more: by what they were snapshots of.
    let mut orphans: Vec<(String, Vec<Record<'a>>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for snapshot in snapshots {
        if placed.contains(&snapshot.reference()) {
            continue;
        }
        let of = snapshot
            .link("snapshot_of")
            .unwrap_or_default()
            .into_owned();
        let at = *known.entry(of.clone()).or_insert_with(|| {
            orphans.push((of, Vec::new()));
            orphans.len() - 1
        });
        orphans[at].1.push(snapshot);
    }
    for (_, of_it) in orphans {
        tree(None, &of_it, &mut nodes);
    }
    nodes
}

/// One tree. No recursion: an input decides how deep it is, and parents may go in circles.
fn tree<'a>(owner: Option<Record<'a>>, snapshots: &[Record<'a>], nodes: &mut Vec<Node<'a>>) {
    let mut sorted = snapshots.to_vec();
    sorted.sort_by_cached_key(|snapshot| {
        let time = snapshot.date_time("snapshot_time").map(|date| date.unix());
        (time, snapshot.title().into_owned(), snapshot.reference())
    });
    let index: HashMap<_, usize> = sorted
        .iter()
        .enumerate()
        .map(|(at, snapshot)| (snapshot.reference(), at))
        .collect();
    let parents: Vec<Option<usize>> = sorted
        .iter()
        .map(|snapshot| index.get(&snapshot.link("parent")?).copied())
        .collect();
    let current = owner.and_then(|vm| index.get(&vm.link("parent")?).copied());
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); sorted.len()];
    for (at, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(at);
        }
    }

    nodes.push(Node {
        depth: 0,
        vm: owner,
        is_current: false,
    });
    let mut seen = vec![false; sorted.len()];
    let roots = (0..sorted.len()).filter(|at| parents[*at].is_none());
    // Behind them all again: those in a circle are reached from no root.
    for root in roots.chain(0..sorted.len()) {
        let mut stack = vec![(root, 1)];
        while let Some((at, depth)) = stack.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            nodes.push(Node {
                depth,
                vm: Some(sorted[at]),
                is_current: current == Some(at),
            });
            stack.extend(children[at].iter().rev().map(|child| (*child, depth + 1)));
        }
    }
}
