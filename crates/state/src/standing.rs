//! What a series of verifications proves of an input now.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use xenspect_model::Severity;
use xenspect_model::report::Verdict;

use crate::key::Fingerprint;
use crate::part::Extent;
use crate::record::Record;

/// How far the clocks of several machines with one state may be apart. A verification that lies further in the future does not count.
const AHEAD: Duration = Duration::from_secs(300);

/// A verification in full with a good verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// When it was; of one in parts, when the oldest of them was read.
    pub at: Timestamp,
    /// Sound or suspect; of one in parts, the worse.
    pub verdict: Verdict,
    /// The worst severity among the findings, by the rules; of one in parts, of all of them.
    pub worst: Option<Severity>,
    /// The number of parts, if it was read in parts.
    pub parts: Option<u32>,
}

impl Verified {
    /// Whether it is at most so old, and not from the future.
    #[must_use]
    pub fn is_within(&self, within: Duration, now: Timestamp) -> bool {
        let age = now
            .as_millisecond()
            .saturating_sub(self.at.as_millisecond());
        let ahead = i64::try_from(AHEAD.as_millis()).unwrap_or(i64::MAX);
        let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
        age >= ahead.saturating_neg() && age <= within
    }

    /// In words, with the time and without an age, so that they are the same whenever they are written.
    #[must_use]
    pub fn words(&self) -> String {
        let at = to_the_second(self.at);
        let verdict = self.verdict.word();
        match self.parts {
            None => {
                format!("verified at {at}: {verdict}; length and time of change are the same since")
            }
            Some(parts) => format!(
                "verified in {parts} parts since {at}: {verdict}; length and time of change are the same since"
            ),
        }
    }
}

/// A time as reports show it.
pub(crate) fn to_the_second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The last good verification in full of what an input is now, given all of its verifications, the latest first.
pub(crate) fn fully(records: &[Record], now: &Fingerprint) -> Option<Verified> {
    // By their number: what was read of each part, the latest time.
    let mut parts: BTreeMap<u32, BTreeMap<u32, &Record>> = BTreeMap::new();
    for record in records {
        if !record.print.is_same(now) || !record.is_good() {
            return None;
        }
        match record.extent {
            Extent::Headers => {}
            Extent::Full => {
                return Some(Verified {
                    at: record.at,
                    verdict: record.verdict,
                    worst: record.worst,
                    parts: None,
                });
            }
            Extent::Part(part) => {
                let read = parts.entry(part.of()).or_default();
                read.entry(part.index()).or_insert(record);
                if u32::try_from(read.len()) == Ok(part.of()) {
                    let at = read.values().map(|record| record.at).min();
                    let verdict = read.values().map(|record| record.verdict).max();
                    return Some(Verified {
                        at: at.unwrap_or(record.at),
                        verdict: verdict.unwrap_or(record.verdict),
                        worst: read.values().filter_map(|record| record.worst).max(),
                        parts: Some(part.of()),
                    });
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::Part;

    fn print(modified: i64) -> Fingerprint {
        Fingerprint {
            size: 1,
            modified: Some(modified),
            ..Fingerprint::default()
        }
    }

    fn record(day: i64, verdict: Verdict, extent: Extent) -> Record {
        Record {
            at: Timestamp::from_second(day * 86_400).unwrap(),
            print: print(7),
            sha256: None,
            kind: None,
            verdict,
            worst: None,
            extent,
            duration: Duration::ZERO,
            bytes_read: 0,
            tool: String::new(),
        }
    }

    fn part(index: u32, of: u32) -> Extent {
        Extent::Part(Part::new(index, of).unwrap())
    }

    /// The day and the number of parts that a series proves, the earliest of it first.
    fn proves(series: &[Record]) -> Option<(i64, Option<u32>)> {
        let latest_first: Vec<_> = series.iter().rev().cloned().collect();
        let full = fully(&latest_first, &print(7))?;
        Some((full.at.as_second() / 86_400, full.parts))
    }

    #[test]
    fn what_a_series_proves() {
        use Extent::{Full, Headers};
        use Verdict::{Damaged, Incomplete, Sound, Suspect, Unreadable};
        let changed = Record {
            print: print(8),
            ..record(1, Sound, Full)
        };
        let headers_bad = Record {
            worst: Some(Severity::Error),
            ..record(3, Incomplete, Headers)
        };
        let cases = [
            ("nothing", vec![], None),
            ("one", vec![record(1, Sound, Full)], Some((1, None))),
            (
                "suspect is good",
                vec![record(1, Suspect, Full)],
                Some((1, None)),
            ),
            ("bad", vec![record(1, Damaged, Full)], None),
            ("cut short", vec![record(1, Incomplete, Full)], None),
            ("another file", vec![changed.clone()], None),
            (
                "changed to and fro",
                vec![
                    record(1, Sound, Full),
                    changed.clone(),
                    record(3, Sound, Headers),
                ],
                None,
            ),
            (
                "headers say nothing",
                vec![record(1, Sound, Full), record(3, Incomplete, Headers)],
                Some((1, None)),
            ),
            (
                "unless they are bad",
                vec![record(1, Sound, Full), headers_bad],
                None,
            ),
            (
                "bad since",
                vec![record(1, Sound, Full), record(2, Unreadable, Full)],
                None,
            ),
            (
                "good since",
                vec![record(1, Damaged, Full), record(2, Sound, Full)],
                Some((2, None)),
            ),
            (
                "a part is no whole",
                vec![record(1, Sound, part(0, 2))],
                None,
            ),
            (
                "the same part twice is no whole",
                vec![record(1, Sound, part(0, 2)), record(2, Sound, part(0, 2))],
                None,
            ),
            (
                "all parts are, as old as the oldest",
                vec![
                    record(1, Sound, part(0, 3)),
                    record(2, Sound, part(1, 3)),
                    record(3, Sound, part(2, 3)),
                    record(4, Sound, part(0, 3)),
                ],
                Some((2, Some(3))),
            ),
            (
                "in any order, with other reads between",
                vec![
                    record(1, Sound, part(1, 2)),
                    record(2, Incomplete, Headers),
                    record(3, Sound, part(0, 3)),
                    record(4, Sound, part(0, 2)),
                ],
                Some((1, Some(2))),
            ),
            (
                "a bad part spoils what is before it",
                vec![
                    record(1, Sound, part(0, 2)),
                    record(2, Damaged, part(1, 2)),
                    record(3, Sound, part(1, 2)),
                ],
                None,
            ),
            (
                "a change between parts begins anew",
                vec![
                    record(1, Sound, part(0, 2)),
                    changed,
                    record(2, Sound, part(1, 2)),
                ],
                None,
            ),
            (
                "in full before the parts are all there",
                vec![record(1, Sound, Full), record(2, Sound, part(0, 2))],
                Some((1, None)),
            ),
            (
                "a part that was cut short",
                vec![record(1, Incomplete, part(0, 1))],
                None,
            ),
        ];
        for (name, series, expected) in cases {
            assert_eq!(proves(&series), expected, "{name}");
        }
    }

    #[test]
    fn ages() {
        let at = |second: i64| Verified {
            at: Timestamp::from_second(second).unwrap(),
            verdict: Verdict::Sound,
            worst: None,
            parts: None,
        };
        let now = Timestamp::from_second(1000).unwrap();
        let within = Duration::from_secs(100);
        for (second, counts) in [
            (1000, true),
            (900, true),
            (899, false),
            (1299, true),
            (1301, false),
            (i64::from(u32::MAX), false),
        ] {
            assert_eq!(at(second).is_within(within, now), counts, "{second}");
        }
        assert!(at(0).is_within(Duration::MAX, now));
    }

    #[test]
    fn words_have_a_time_and_no_age() {
        let full = Verified {
            at: Timestamp::from_second(86_400).unwrap(),
            verdict: Verdict::Suspect,
            worst: None,
            parts: Some(7),
        };
        assert_eq!(
            full.words(),
            "verified in 7 parts since 1970-01-02 00:00:00 UTC: suspect; length and time of change are the same since"
        );
    }
}
