//! Points in time as text.

use xenspect_xapi::datamodel::DateTime;

/// ISO 8601 with dashes: `2012-10-17T15:30:14Z`.
#[must_use]
pub fn iso_8601(date: DateTime) -> String {
    let zone = match date.offset {
        0 => "Z".to_owned(),
        offset => {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.unsigned_abs();
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
        date.year, date.month, date.day, date.hour, date.minute, date.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spelled_with_their_zone() {
        for (text, shown) in [
            ("20121017T15:30:14Z", "2012-10-17T15:30:14Z"),
            ("2026-01-02T03:04:05.5-03:30", "2026-01-02T03:04:05-03:30"),
        ] {
            assert_eq!(iso_8601(DateTime::parse(text).unwrap()), shown);
        }
    }
}
