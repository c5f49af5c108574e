//! Whether somebody is still writing an input.
//!
//! Two looks decide: whatever differs in length or time of change between them is being written. A clock is only asked besides, for a
//! writer that pauses: what was changed within the time to settle is left too. The clock of a file server can differ from the one
//! here. A time of change that lies further ahead than the time to settle tells of such a clock, so it is not compared with ours;
//! one that is behind makes a file look older than it is, and then the look after the reading still sees what was written meanwhile.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// How long an input has to rest before it is verified, unless another time is asked for.
pub const SETTLE: Duration = Duration::from_secs(10);

/// What can be seen of an input without reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Bytes as stored.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970; `None` where there is none that means the contents.
    pub modified: Option<i64>,
    /// Version of an object (its ETag); empty for files.
    pub tag: String,
}

impl Look {
    /// Looks at a file. Links are followed. Of what is no regular file the time of change is not that of its contents, and left out.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn at(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        let modified = if metadata.is_file() {
            metadata.modified().ok().and_then(nanoseconds)
        } else {
            None
        };
        Ok(Self {
            size: metadata.len(),
            modified,
            tag: String::new(),
        })
    }

    /// Whether nobody writes it, as far as this look, a later one and the clock tell. What was not changed for `settle` has settled.
    ///
    /// # Errors
    /// In words: what tells that it is being written.
    pub fn settled(&self, later: &Self, now: Timestamp, settle: Duration) -> Result<(), String> {
        if later.size != self.size {
            let verb = if later.size > self.size {
                "grew"
            } else {
                "shrank"
            };
            return Err(format!(
                "it {verb} from {} to {} bytes between two looks at it",
                self.size, later.size
            ));
        }
        if later.modified != self.modified || later.tag != self.tag {
            return Err("it was written to between two looks at it".to_owned());
        }
        let Some(modified) = later.modified else {
            return Ok(());
        };
        let apart = now.as_nanosecond().abs_diff(i128::from(modified));
        if apart < settle.as_nanos() {
            return Err(format!(
                "it was last changed at {}, less than {} before it was looked at",
                shown(modified),
                seconds(settle)
            ));
        }
        Ok(())
    }
}

/// A time in nanoseconds as people read it, to the second.
fn shown(nanoseconds: i64) -> String {
    let second = nanoseconds.div_euclid(1_000_000_000);
    Timestamp::from_second(second)
        .map_or_else(|_| second.to_string(), crate::standing::to_the_second)
}

fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        1 => "1 second".to_owned(),
        n => format!("{n} seconds"),
    }
}

/// Nanoseconds since 1970; `None` beyond the years 1677 to 2262.
pub(crate) fn nanoseconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos())
            .ok()
            .and_then(i64::checked_neg),
    }
}

/// Whether a file's name is one that is given while it is written: `.part`, `.partial`, `.filepart`, `.tmp` and `.temp` behind it as
/// transfer programs have them, or a dot in front, as rsync and Xen Orchestra have it. A hint for words alone, since such a name can
/// as well be left over.
#[must_use]
pub fn looks_temporary(path: &Path) -> bool {
    const BEHIND: [&str; 5] = [".part", ".partial", ".filepart", ".tmp", ".temp"];
    let Some(name) = path.file_name() else {
        return false;
    };
    let name = name.to_string_lossy().to_ascii_lowercase();
    name.starts_with('.') || BEHIND.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn look(size: u64, second: i64) -> Look {
        Look {
            size,
            modified: Some(second * SECOND),
            tag: String::new(),
        }
    }

    fn settled(first: &Look, later: &Look) -> Result<(), String> {
        let now = Timestamp::from_second(10_000).unwrap();
        first.settled(later, now, Duration::from_secs(60))
    }

    #[test]
    fn looks_decide_and_the_clock_is_asked_besides() {
        let no_time = Look {
            modified: None,
            ..look(5, 0)
        };
        let object = Look {
            tag: "v2".to_owned(),
            ..look(5, 0)
        };
        for (name, first, later, says) in [
            ("old", look(5, 0), look(5, 0), None),
            ("grows", look(5, 0), look(6, 0), Some("grew from 5 to 6")),
            (
                "shrinks",
                look(5, 0),
                look(4, 0),
                Some("shrank from 5 to 4"),
            ),
            ("touched", look(5, 0), look(5, 1), Some("written to")),
            ("replaced", look(5, 0), object, Some("written to")),
            (
                "lately",
                look(5, 9_990),
                look(5, 9_990),
                Some("last changed at 1970-01-01 02:46:30 UTC, less than 60 seconds"),
            ),
            ("just rested", look(5, 9_940), look(5, 9_940), None),
            (
                "a little ahead",
                look(5, 10_030),
                look(5, 10_030),
                Some("last changed"),
            ),
            ("another clock", look(5, 20_000), look(5, 20_000), None),
            ("no time", no_time.clone(), no_time, None),
        ] {
            let told = settled(&first, &later);
            match says {
                None => assert_eq!(told, Ok(()), "{name}"),
                Some(says) => {
                    let words = told.expect_err(name);
                    assert!(words.contains(says), "{name}: {words}");
                }
            }
        }
    }

    #[test]
    fn no_time_to_settle_leaves_the_looks() {
        let now = Timestamp::from_second(10_000).unwrap();
        let fresh = look(5, 10_000);
        assert_eq!(fresh.settled(&fresh, now, Duration::ZERO), Ok(()));
        assert!(
            fresh
                .settled(&look(6, 10_000), now, Duration::ZERO)
                .is_err()
        );
    }

    #[test]
    fn a_file_that_is_written_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("web01.xva");
        fs::write(&path, b"one").unwrap();
        let first = Look::at(&path).unwrap();
        assert_eq!(first.size, 3);
        assert_eq!(first, Look::at(&path).unwrap());
        fs::write(&path, b"one two").unwrap();
        let later = Look::at(&path).unwrap();
        assert!(first.settled(&later, Timestamp::now(), SETTLE).is_err());
        assert!(Look::at(&folder.path().join("gone")).is_err());
        assert_eq!(Look::at(folder.path()).unwrap().modified, None);
    }

    #[test]
    fn names_of_files_that_are_written() {
        for (name, temporary) in [
            ("web01.xva", false),
            ("web01.xva.part", true),
            ("WEB01.XVA.TMP", true),
            (".web01.xva.Ab3dEf", true),
            ("partial.xva", false),
            ("", false),
        ] {
            assert_eq!(looks_temporary(Path::new(name)), temporary, "{name}");
        }
    }
}
