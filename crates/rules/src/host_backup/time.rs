//! Points in time: seconds since 1970 as text, and the time in the name of a dump.

use xenspect_xapi::datamodel::DateTime;

const DAY: i64 = 86_400;

/// `2024-06-01T10:00:00Z`.
pub(super) fn utc(seconds: i64) -> String {
    let (days, of_day) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a number of days since 1970, in the Gregorian calendar; years from March, so that the leap day is
/// the last of its year.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leaps = day_of_era / 36_524 - day_of_era / 1_460 - day_of_era / 146_096;
    let year_of_era = (day_of_era + leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era
        .saturating_mul(400)
        .saturating_add(year_of_era)
        .saturating_add(i64::from(month <= 2));
    (year, month, day)
}

/// The stamp of a dump's name, `2024-05-31--13-07-09`, as seconds since 1970 if it were in UTC. It is in the host's own zone.
pub(super) fn stamp(text: &str) -> Option<i64> {
    let (date, time) = text.split_once("--")?;
    let text = format!("{date}T{}", time.replace('-', ":"));
    // A zone or a fraction behind it is not written there.
    (time.len() == 8)
        .then(|| DateTime::parse(&text))?
        .map(|at| at.unix())
}

#[cfg(test)]
mod tests {
    use super::{stamp, utc};

    #[test]
    fn seconds_as_text_and_back() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_717_160_829, "2024-05-31T13:07:09Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(utc(seconds), text);
        }
        for seconds in [i64::MIN, i64::MAX] {
            assert!(utc(seconds).ends_with('Z'));
        }
        for days in -200_000..200_000 {
            let text = utc(days * 86_400);
            let at = xenspect_xapi::datamodel::DateTime::parse(&text);
            assert_eq!(at.map(|at| at.unix()), Some(days * 86_400), "{text}");
        }
    }

    #[test]
    fn stamps() {
        for (text, seconds) in [
            ("2024-05-31--13-07-09", Some(1_717_160_829)),
            ("2024-05-31", None),
            ("2024-05-31--13-07-09-2", None),
            ("2024-05-32--13-07-09", None),
            ("x--y", None),
            ("", None),
        ] {
            assert_eq!(stamp(text), seconds, "{text}");
        }
    }
}
