//! A target from its own pool database.

use xenspect_xapi::db::Database;

use crate::Target;

/// What a pool database tells of its coordinator and its pool.
#[must_use]
pub fn of_database(_database: &Database<'_>) -> Target {
    Target::default()
}
