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

/// Seconds since 1970 in the same form: `2024-05-31T13:07:09Z`. `None` of years that have not four digits.
pub(crate) fn iso_8601_of_unix(seconds: i64) -> Option<String> {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // Years begin in March here, so that a leap day is the last of its year; 0 is 0000-03-01.
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = year + era * 400 + next;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    (0..=9999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dates() {
        for (seconds, shown) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (-1, Some("1969-12-31T23:59:59Z")),
            (951_782_399, Some("2000-02-28T23:59:59Z")),
            (951_782_400, Some("2000-02-29T00:00:00Z")),
            (1_709_251_199, Some("2024-02-29T23:59:59Z")),
            (1_717_160_829, Some("2024-05-31T13:07:09Z")),
            (253_402_300_799, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800, None),
            (-62_167_219_201, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(iso_8601_of_unix(seconds).as_deref(), shown, "{seconds}");
        }
        // Every day there and back.
        for day in (-100_000..100_000).step_by(17) {
            let shown = iso_8601_of_unix(day * DAY + 5).unwrap();
            assert_eq!(
                DateTime::parse(&shown).unwrap().unix(),
                day * DAY + 5,
                "{shown}"
            );
        }
    }

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
