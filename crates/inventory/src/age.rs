//! How old a backup is. The only place that needs to know what day it is, and it is told.

use xenspect_model::inventory::{Cell, Inventory, Item};
use xenspect_xapi::datamodel::DateTime;

/// The facts that the age follows from: of a pool database, and of a host backup.
const NEWEST: [&str; 2] = ["newest_date", "newest_file"];

/// Seconds of a day, and days of a year.
const DAY: i64 = 86_400;
const YEAR: i64 = 365;

/// Puts the age behind the newest date of an inventory, where there is one that is not in the future. `now` is in
/// seconds since 1970.
pub fn with_age(inventory: &mut Inventory, now: i64) {
    let newest = inventory
        .summary
        .iter()
        .position(|item| NEWEST.contains(&item.name));
    let Some((at, Cell::Text(text))) =
        newest.and_then(|at| Some((at, &inventory.summary.get(at)?.value)))
    else {
        return;
    };
    let date = text.split(' ').next().and_then(DateTime::parse);
    let days = date.map(|date| (now - date.unix()).div_euclid(DAY));
    let Some(days) = days.filter(|days| *days >= 0) else {
        return;
    };
    let item = Item {
        name: "age",
        label: "age",
        value: Cell::Text(in_words(days)),
    };
    inventory.summary.insert(at + 1, item);
}

fn in_words(days: i64) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days if days < 2 * YEAR => format!("{days} days"),
        days => format!("{} years", days / YEAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(date: &str, now: i64) -> Option<String> {
        let mut inventory = Inventory::unreadable("a".to_owned(), String::new());
        inventory.summary.push(Item {
            name: NEWEST[0],
            label: "newest date",
            value: Cell::Text(format!("{date} (host_metrics.last_updated)")),
        });
        with_age(&mut inventory, now);
        match inventory.summary.get(1).map(|item| &item.value) {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    #[test]
    fn an_age_is_in_days_and_then_in_years() {
        let date = "1970-01-02T00:00:00Z";
        for (now, shown) in [
            (DAY + 3, "less than a day"),
            (3 * DAY - 1, "1 day"),
            (731 * DAY - 1, "729 days"),
            (16 * YEAR * DAY, "15 years"),
        ] {
            assert_eq!(age(date, now).as_deref(), Some(shown), "{now}");
        }
    }

    #[test]
    fn there_is_none_of_a_date_to_come() {
        assert_eq!(age("1970-01-02T00:00:00Z", 5), None);
        assert_eq!(age("no date", 5), None);
    }
}
