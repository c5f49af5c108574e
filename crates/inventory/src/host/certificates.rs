//! The section `certificates` of a host backup. Of a `.pem` only the parts between the lines of a certificate are looked
//! at: the private key in the same file is stepped over.

use x509_cert::Certificate;
use x509_cert::der::DecodePem;
use x509_cert::time::Time;
use xenspect_host::files::CERTIFICATES;
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use crate::bounded::clip;
use crate::section::{int, section, text, time};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Certificates of a file that are read; a chain has two or three.
const CHAIN: usize = 16;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The table. `now` is the time of the newest file, in seconds since 1970: the days that a certificate
/// has left are counted from then.
pub(super) fn certificates(files: Files<'_>, now: Option<i64>) -> Section {
    let mut table = Table::new(&[
        text("file", "file"),
        text("subject", "subject").rank(1),
        text("issuer", "issuer").rank(3),
        time("not_before", "valid from").rank(4),
        time("not_after", "valid until"),
        int("days_left", "days left").rank(2),
        text("remark", "remark").rank(5),
    ]);
    for (path, found) in all(files) {
        let mut row = vec![Cell::text(path)];
        match found {
            Ok(certificate) => {
                let certificate = certificate.tbs_certificate();
                let validity = certificate.validity();
                let date = |time: &Time| Cell::Time(time.to_date_time().to_string());
                let left = now.map(|now| days_left(&validity.not_after, now));
                let expired = left.filter(|left| *left < 0);
                let expired = expired.map(|_| "expired when the backup was made".to_owned());
                row.extend([
                    Cell::Text(clip(certificate.subject().to_string().into())),
                    Cell::Text(clip(certificate.issuer().to_string().into())),
                    date(&validity.not_before),
                    date(&validity.not_after),
                    left.into(),
                    expired.into(),
                ]);
            }
            Err(()) => {
                row.resize_with(6, || Cell::None);
                row.push(Cell::text("cannot be read"));
            }
        }
        table.rows.push(row);
    }
    section("certificates", "Certificates", table)
}

/// When the first certificate of each file ends, in words; that is the host's own, and others are of who signed it.
pub(super) fn in_words(files: Files<'_>, now: Option<i64>) -> Vec<String> {
    let mut above = "";
    let mut words = Vec::new();
    for (path, found) in all(files) {
        if path == above {
            continue;
        }
        above = path;
        let name = path.rsplit('/').next().unwrap_or(path);
        words.push(match found {
            Ok(certificate) => {
                let until = &certificate.tbs_certificate().validity().not_after;
                let left = match now.map(|now| days_left(until, now)) {
                    None => String::new(),
                    Some(days) if days < 0 => {
                        ", which was over when the backup was made".to_owned()
                    }
                    Some(1) => ", 1 day after the newest file".to_owned(),
                    Some(days) => format!(", {days} days after the newest file"),
                };
                let until = until.to_date_time().to_string();
                let day = until.split('T').next().unwrap_or_default();
                format!("{name} valid until {day}{left}")
            }
            Err(()) => format!("{name} cannot be read"),
        });
    }
    words
}

fn days_left(until: &Time, now: i64) -> i64 {
    let until = until.to_unix_duration().as_secs();
    let until = i64::try_from(until).unwrap_or(i64::MAX);
    until.saturating_sub(now).div_euclid(DAY)
}

/// All certificates with the path of their file, in its order.
fn all(files: Files<'_>) -> Vec<(&'static str, Result<Certificate, ()>)> {
    let mut all = Vec::new();
    for path in CERTIFICATES {
        let text = String::from_utf8_lossy(files.bytes(path).unwrap_or_default());
        let read = |block: &str| (path, Certificate::from_pem(block).map_err(|_| ()));
        all.extend(blocks(&text).into_iter().map(read));
    }
    all
}

/// The certificates of a PEM text, with the lines around them.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while blocks.len() < CHAIN {
        let Some((_, from)) = rest.find(BEGIN).map(|at| rest.split_at(at)) else {
            break;
        };
        let Some(end) = from.find(END).map(|at| at.saturating_add(END.len())) else {
            break;
        };
        let (block, after) = from.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stepped_over() {
        let one = format!("{BEGIN}\nMIIB\n{END}");
        let text = format!(
            "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n{one}\n{one}\n{BEGIN}\ncut"
        );
        assert_eq!(blocks(&text), [one.as_str(), one.as_str()]);
    }
}
