//! Points in time as the database writes them (xapi `ocaml/libs/clock/date.ml`). Reading and arithmetic only; how one is
//! shown is for others.

/// A point in time, to the second. Fields are as written; [`DateTime::unix`] takes the zone into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 60.
    pub second: u8,
    /// Minutes east of UTC. No zone in the text counts as UTC.
    pub offset: i16,
}

impl DateTime {
    /// Reads `YYYYMMDDThh:mm:ssZ`, also with dashes in the date, with a fraction of a second (which is dropped), with
    /// `+hh:mm` or `-hh:mm` for the zone, or without one.
    ///
    /// ```
    /// use xenspect_xapi::datamodel::DateTime;
    /// assert_eq!(DateTime::parse("20121017T15:30:14Z").unwrap().unix(), 1_350_487_814);
    /// assert_eq!(DateTime::parse("1970-01-01T01:00:00+01:00").unwrap().unix(), 0);
    /// assert_eq!(DateTime::parse("20120230T00:00:00Z"), None);
    /// ```
    pub fn parse(text: &str) -> Option<DateTime> {
        let mut rest = text;
        let year = i32::try_from(digits(&mut rest, 4)?).ok()?;
        let dashes = skip(&mut rest, "-");
        let month = digits(&mut rest, 2)?;
        if skip(&mut rest, "-") != dashes {
            return None;
        }
        let day = digits(&mut rest, 2)?;
        if !skip(&mut rest, "T") && !skip(&mut rest, "t") {
            return None;
        }
        let hour = digits(&mut rest, 2)?;
        let minute = part(&mut rest)?;
        let second = part(&mut rest)?;
        if skip(&mut rest, ".") {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            rest = rest.get(end..)?;
        }
        let offset = zone(rest)?;
        let in_range = (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let byte = |number: u32| u8::try_from(number).ok();
        in_range.then_some(DateTime {
            year,
            month: byte(month)?,
            day: byte(day)?,
            hour: byte(hour)?,
            minute: byte(minute)?,
            second: byte(second)?,
            offset,
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(&self) -> i64 {
        // Days since 1970-01-01 of the proleptic Gregorian calendar, counting years from March so that the leap day is
        // the last of its year.
        let month = i64::from(self.month);
        let year = i64::from(self.year).wrapping_sub(i64::from(month <= 2));
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let from_march = month.wrapping_add(9) % 12;
        let day_of_year = (from_march.wrapping_mul(153).wrapping_add(2) / 5)
            .wrapping_add(i64::from(self.day))
            .wrapping_sub(1);
        let day_of_era = of_era
            .wrapping_mul(365)
            .wrapping_add(of_era / 4)
            .wrapping_sub(of_era / 100)
            .wrapping_add(day_of_year);
        let days = era
            .wrapping_mul(146_097)
            .wrapping_add(day_of_era)
            .wrapping_sub(719_468);
        let minutes = i64::from(self.hour)
            .wrapping_mul(60)
            .wrapping_add(i64::from(self.minute))
            .wrapping_sub(i64::from(self.offset));
        days.wrapping_mul(86_400)
            .wrapping_add(minutes.wrapping_mul(60))
            .wrapping_add(i64::from(self.second))
    }
}

fn digits(rest: &mut &str, count: usize) -> Option<u32> {
    let (number, after) = rest.split_at_checked(count)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = after;
    number.parse().ok()
}

/// A colon and two digits.
fn part(rest: &mut &str) -> Option<u32> {
    skip(rest, ":").then(|| digits(rest, 2))?
}

fn skip(rest: &mut &str, prefix: &str) -> bool {
    match rest.strip_prefix(prefix) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

/// Minutes east of UTC.
fn zone(text: &str) -> Option<i16> {
    let mut rest = text;
    let sign = match text {
        "" | "Z" | "z" => return Some(0),
        _ if skip(&mut rest, "+") => 1,
        _ if skip(&mut rest, "-") => -1,
        _ => return None,
    };
    let hours = digits(&mut rest, 2).filter(|&hours| hours < 24)?;
    let minutes = part(&mut rest).filter(|&minutes| minutes < 60)?;
    let total = hours.checked_mul(60)?.checked_add(minutes)?;
    let total = i16::try_from(total).ok()?.checked_mul(sign)?;
    rest.is_empty().then_some(total)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
