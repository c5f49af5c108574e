//! The JSON that describes a backup.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Bytes of a description beyond which it is not read. One has the VM's whole record, and those of its disks.
pub const DESCRIPTION_LIMIT: u64 = 16 << 20;

/// What a description tells. Paths are as they stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What kind of backup it is of, and its data.
    pub mode: Mode,
    /// Length of the data in bytes. Of a delta backup that of all its disks together.
    pub size: Option<u64>,
    /// What it is a backup of, and when it was made.
    pub label: Option<String>,
}

/// Kinds of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// A VM as an XVA: its path.
    Full(String),
    /// A VM's disks: their paths.
    Delta(Vec<String>),
    /// A pool's database, or Xen Orchestra's configuration: the path of the data, if it is named.
    Metadata(Option<String>),
}

#[derive(Deserialize)]
struct Json {
    mode: Option<String>,
    xva: Option<String>,
    vhds: Option<BTreeMap<String, String>>,
    data: Option<String>,
    size: Option<serde_json::Number>,
    timestamp: Option<serde_json::Number>,
    vm: Option<Named>,
    pool: Option<Named>,
    #[serde(rename = "jobId")]
    job: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Named {
    name_label: Option<String>,
}

/// Reads a description.
///
/// # Errors
///
/// Why it cannot be used, in words.
pub fn describe(bytes: &[u8]) -> Result<Description, String> {
    if bytes.trim_ascii().is_empty() {
        return Err("it is empty".to_owned());
    }
    if bytes.iter().all(|&byte| byte == 0) {
        return Err("it is all zeros".to_owned());
    }
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err("it is no JSON object".to_owned());
    }
    let json: Json = serde_json::from_slice(bytes).map_err(|error| words(&error))?;
    let mode = match json.mode.as_deref() {
        Some("full") => Mode::Full(json.xva.ok_or("it names no XVA")?),
        Some("delta") => {
            let disks = json.vhds.ok_or("it names no disks")?;
            Mode::Delta(disks.into_values().collect())
        }
        Some(_) => return Err("it is of a kind of backup that is not known".to_owned()),
        None if json.job.is_some() => Mode::Metadata(json.data),
        None => return Err("it does not say what kind of backup it is of".to_owned()),
    };
    let name = json.vm.or(json.pool).and_then(|named| named.name_label);
    let time = json
        .timestamp
        .and_then(|stamp| whole(&stamp))
        .and_then(|milliseconds| milliseconds.checked_div(1000))
        .and_then(time);
    let label = match (name, time) {
        (Some(name), Some(time)) => Some(format!("{name}, {time}")),
        (name, time) => name.or(time),
    };
    let size = json.size.and_then(|size| whole(&size));
    Ok(Description { mode, size, label })
}

/// A number without a fraction that is not negative.
fn whole(number: &serde_json::Number) -> Option<u64> {
    number.as_u64()
}

/// Where and of which sort an error is. The text of the document is not repeated.
fn words(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("it ends too early, at {place}"),
        Category::Syntax => format!("it is no JSON, at {place}"),
        Category::Data | Category::Io => {
            format!("a value is not of the type that it must have, at {place}")
        }
    }
}

/// `YYYY-MM-DD hh:mm UTC` of a time in seconds since 1970; `None` beyond the year 9999.
fn time(seconds: u64) -> Option<String> {
    const DAY: u64 = 86_400;
    let (days, rest) = (seconds.checked_div(DAY)?, seconds.checked_rem(DAY)?);
    let (hour, minute) = (
        rest.checked_div(3600)?,
        rest.checked_rem(3600)?.checked_div(60)?,
    );
    // Years, months: counted off, which the bound keeps short.
    let mut left = days;
    let mut year = 1970_u64;
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        match left.checked_sub(length) {
            Some(more) => left = more,
            None => break,
        }
        year = year.checked_add(1).filter(|&year| year <= 9999)?;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1_u64;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        match left.checked_sub(length) {
            Some(more) => left = more,
            None => break,
        }
        month = month.checked_add(1)?;
    }
    let day = left.checked_add(1)?;
    Some(format!(
        "{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC"
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_description_is_read() {
        let full = br#"{"jobId":"j","mode":"full","scheduleId":"s","timestamp":1793498400000,"version":"2.0.0",
            "vm":{"name_label":"web","uuid":"u","other_config":{}},"vmSnapshot":{},"xva":"./n.xva","size":123}"#;
        let read = describe(full).unwrap();
        assert_eq!(read.mode, Mode::Full("./n.xva".to_owned()));
        assert_eq!(read.size, Some(123));
        assert_eq!(read.label.as_deref(), Some("web, 2026-11-01 02:00 UTC"));
        let delta = br#"{"mode":"delta","vhds":{"OpaqueRef:1":"vdis/j/v/n.vhd"},"size":1.5}"#;
        let read = describe(delta).unwrap();
        assert_eq!(read.mode, Mode::Delta(vec!["vdis/j/v/n.vhd".to_owned()]));
        assert_eq!((read.size, read.label), (None, None));
        let pool = br#"{"jobId":"j","pool":{"name_label":"prod"},"poolMaster":{},"timestamp":0}"#;
        let read = describe(pool).unwrap();
        assert_eq!(read.mode, Mode::Metadata(None));
        assert_eq!(read.label.as_deref(), Some("prod, 1970-01-01 00:00 UTC"));
    }

    #[test]
    fn one_that_cannot_be_used_says_why() {
        for (text, why) in [
            ("", "it is empty"),
            (" \n", "it is empty"),
            ("\0\0", "it is all zeros"),
            ("{\"mode\":", "it ends too early, at line 1, column 8"),
            ("{secret", "it is no JSON, at line 1, column 2"),
            ("secret", "it is no JSON object"),
            ("[]", "it is no JSON object"),
            (
                "{\"mode\":7}",
                "a value is not of the type that it must have, at line 1, column 9",
            ),
            ("{\"mode\":\"full\"}", "it names no XVA"),
            ("{\"mode\":\"delta\"}", "it names no disks"),
            (
                "{\"mode\":\"other\"}",
                "it is of a kind of backup that is not known",
            ),
            ("{\"a\":1}", "it does not say what kind of backup it is of"),
        ] {
            assert_eq!(describe(text.as_bytes()), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59 UTC"),
            (1_709_251_200, "2024-03-01 00:00 UTC"),
            (4_102_444_799, "2099-12-31 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
        ] {
            assert_eq!(time(seconds).as_deref(), Some(text));
        }
        assert_eq!(time(u64::MAX), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_description_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = describe(&bytes);
        }
    }
}
