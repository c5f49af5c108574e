//! Which of several pool databases counts.

use std::cmp::Reverse;

use xenspect_xapi::db::{Database, DumpLimits};

use super::kind;

/// The pool database that tells most of several: of those that can be read whole the dump that `xe host-backup` adds, else
/// the file that xapi keeps, else a status report's; of equals that of the highest generation. One that cannot be read
/// comes last.
#[must_use]
pub fn newest_database(files: Vec<(String, Vec<u8>)>) -> Option<(String, Vec<u8>)> {
    let weigh = |(name, bytes): &(String, Vec<u8>)| {
        let (state, generation) = state(bytes);
        (
            state,
            Reverse(kind::rank(name).unwrap_or(u8::MAX)),
            generation,
        )
    };
    // The first of equals.
    files.into_iter().rev().max_by_key(weigh)
}

/// How well a database can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Unreadable,
    Cut,
    Whole,
}

/// How well bytes can be read as a pool database, and its generation.
pub(super) fn state(bytes: &[u8]) -> (State, i64) {
    match Database::read(bytes, &DumpLimits::default()) {
        Ok(database) => {
            let state = match database.is_complete() {
                true => State::Whole,
                false => State::Cut,
            };
            (state, database.generation().unwrap_or(-1))
        }
        Err(_) => (State::Unreadable, -1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(generation: i64) -> Vec<u8> {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/>\
             <pair key=\"schema_minor_vsn\" value=\"603\"/><pair key=\"generation_count\" value=\"{generation}\"/>\
             </manifest><table name=\"pool\"></table></database>"
        )
        .into_bytes()
    }

    #[test]
    fn the_one_that_counts() {
        let cut = dump(90).split_at(120).0.to_vec();
        for (files, expected) in [
            (
                vec![
                    ("var/lib/xcp/state.db", dump(9)),
                    ("./var/backup/pool-database-1", dump(5)),
                ],
                1,
            ),
            (
                vec![
                    ("var/backup/pool-database-1", dump(9)),
                    ("var/backup/pool-database-2", dump(5)),
                ],
                0,
            ),
            (
                vec![
                    ("var/backup/pool-database-1", dump(5)),
                    ("var/backup/pool-database-2", dump(9)),
                ],
                1,
            ),
            (
                vec![
                    ("var/backup/pool-database-1", b"x".to_vec()),
                    ("var/lib/xcp/state.db", dump(5)),
                ],
                1,
            ),
            (
                vec![
                    ("var/backup/pool-database-1", cut),
                    ("var/lib/xcp/state.db", dump(5)),
                ],
                1,
            ),
            (
                vec![
                    ("b/xapi-db.xml", dump(9)),
                    ("b/var/lib/xcp/state.db", dump(5)),
                ],
                1,
            ),
            (vec![("b/xapi-db.xml", b"x".to_vec())], 0),
        ] {
            let files: Vec<_> = files
                .into_iter()
                .map(|(name, bytes)| (name.to_owned(), bytes))
                .collect();
            let found = newest_database(files.clone()).expect("one");
            assert_eq!(found.0, files[expected].0);
        }
        assert_eq!(newest_database(Vec::new()), None);
    }
}
