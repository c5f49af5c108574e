//! Searching an input: every object that has a text as uuid, reference, MAC, IP address or name, and how it hangs
//! together. What matches is decided in `needle`; what is said of a match is in `chain`,
//! in the `words` for one object.

mod chain;
mod needle;
mod words;

use xenspect_model::Catalog;
use xenspect_model::catalog::{Archive, Metadata};
use xenspect_model::inventory::{FindInput, Hit};

use crate::of::incomplete;
use crate::{Record, Relations, Store, host};
use chain::Chains;
use needle::{Match, Needle};

/// Objects that are told of one input; more are counted.
pub const MAX_HITS: usize = 200;

/// Every object that a text names, the best matches first, and how many there are beyond [`MAX_HITS`].
///
/// A text is compared with uuids, references and MAC addresses in any spelling, with IP addresses of hosts, NICs,
/// storage servers and guests by their value, with names in part and in any case, and with the locations of VDIs. The
/// name of a disk's file (`….vhd`, also with its folder) counts as the uuid in it. Secrets are not searched.
#[must_use]
pub fn find(store: Store<'_>, text: &str) -> (Vec<Hit>, u64) {
    let Some(needle) = Needle::new(text) else {
        return (Vec::new(), 0);
    };
    let mut found: Vec<(Match, String, Record<'_>)> = store
        .records()
        .filter_map(|record| {
            let (quality, field) = needle.field_of(&record)?;
            Some((quality, field, record))
        })
        .collect();
    // Stable, so that objects stay in the order of the document.
    found.sort_by_key(|(quality, _, record)| (*quality, weight(record.class())));
    let omitted = found.len().saturating_sub(MAX_HITS);
    let relations = Relations::new(store);
    let chains = Chains::new(&relations);
    let hits = found
        .into_iter()
        .take(MAX_HITS)
        .map(|(_, field, record)| Hit {
            class: record.class().to_owned(),
            name: chain::name_of(&record),
            uuid: record.uuid().unwrap_or_default().into_owned(),
            reference: record.reference().into_owned(),
            field,
            chain: chains.of(&record),
        });
    (hits.collect(), omitted as u64)
}

/// What people look for comes first.
fn weight(class: &str) -> usize {
    const FIRST: [&str; 7] = ["VM", "VDI", "host", "SR", "network", "VIF", "PIF"];
    FIRST
        .iter()
        .position(|first| *first == class)
        .unwrap_or(FIRST.len())
}

/// The same for an input.
#[must_use]
pub fn find_in(path: &str, catalog: &Catalog, text: &str) -> FindInput {
    let metadata = match catalog {
        Catalog::Dump(dump) => {
            return FindInput {
                error: incomplete(dump),
                ..of_store(path, catalog, Store::Pool(&dump.database), text)
            };
        }
        Catalog::Archive(archive) => {
            let Archive { metadata, .. } = &**archive;
            metadata
        }
        Catalog::Document(document) => &document.metadata,
        Catalog::Host(host) => {
            return match host::newest_database(host) {
                Some((_, dump)) => FindInput {
                    error: incomplete(dump),
                    ..of_store(path, catalog, Store::Pool(&dump.database), text)
                },
                None => FindInput {
                    kind: Some(catalog.kind()),
                    ..FindInput::unreadable(
                        path.to_owned(),
                        "There is no pool database in it that could be searched.".to_owned(),
                    )
                },
            };
        }
    };
    match metadata {
        Metadata::Export(export) => of_store(path, catalog, Store::Export(export), text),
        _ => FindInput {
            kind: Some(catalog.kind()),
            ..FindInput::unreadable(
                path.to_owned(),
                "There are no records in it that could be searched.".to_owned(),
            )
        },
    }
}

fn of_store(path: &str, catalog: &Catalog, store: Store<'_>, text: &str) -> FindInput {
    let (hits, omitted) = find(store, text);
    FindInput {
        path: path.to_owned(),
        kind: Some(catalog.kind()),
        error: None,
        hits,
        omitted,
    }
}
