//! The redo log on a block device (`formats/pool-db.md` section 8.2): a database record and what changed since.

use std::io::{self, Write};

/// Which half of the device is said to be valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// The one at byte 18.
    First,
    /// The one 60 MiB behind it.
    Second,
}

/// Bytes from one half to the next.
const HALF: usize = 60 * 1024 * 1024;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new row: table, reference, columns.
    Create(String, String, Vec<(String, String)>),
    /// A row gone: table, reference.
    Delete(String, String),
    /// A column set: table, reference, column, text.
    Write(String, String, String, String),
}

impl Change {
    fn data(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let text = |out: &mut Vec<u8>, text: &str| {
            out.extend_from_slice(format!("{:08}", text.len()).as_bytes());
            out.extend_from_slice(text.as_bytes());
        };
        match self {
            Self::Create(table, reference, pairs) => {
                out.extend_from_slice(b"CreateRow");
                text(&mut out, table);
                text(&mut out, reference);
                out.extend_from_slice(format!("{:08}", pairs.len()).as_bytes());
                for (key, value) in pairs {
                    text(&mut out, key);
                    text(&mut out, value);
                }
            }
            Self::Delete(table, reference) => {
                out.extend_from_slice(b"DeleteRow");
                text(&mut out, table);
                text(&mut out, reference);
            }
            Self::Write(table, reference, column, value) => {
                out.extend_from_slice(b"WriteFiel");
                [table, reference, column, value]
                    .into_iter()
                    .for_each(|part| text(&mut out, part));
            }
        }
        out
    }
}

/// What one half holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// Frames every record: the text of a uuid.
    pub marker: String,
    /// The dump.
    pub database: Vec<u8>,
    /// Generation of the dump.
    pub generation: i64,
    /// Changes with the generation behind each.
    pub changes: Vec<(i64, Change)>,
}

impl Records {
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(self.marker.as_bytes());
        out.extend_from_slice(format!("{:016}", self.database.len()).as_bytes());
        out.extend_from_slice(&self.database);
        out.extend_from_slice(format!("{:016}{}", self.generation, self.marker).as_bytes());
        for (generation, change) in &self.changes {
            let data = change.data();
            out.extend_from_slice(format!("{:016}", data.len()).as_bytes());
            out.extend_from_slice(&data);
            out.extend_from_slice(format!("{generation:016}{}", self.marker).as_bytes());
        }
        out
    }
}

/// A device cut off behind its last record and a page of zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The half the validity byte names.
    pub valid: Half,
    /// The first half.
    pub first: Records,
    /// The second half; without one the device ends before it.
    pub second: Option<Records>,
}

impl Device {
    /// Writes the device.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        out.write_all(b"redo-log--------\0")?;
        out.write_all(match self.valid {
            Half::First => b"1",
            Half::Second => b"2",
        })?;
        let first = self.first.encode();
        out.write_all(&first)?;
        if let Some(second) = &self.second {
            let page = [0; 64 * 1024];
            let mut gap = HALF.saturating_sub(first.len());
            while gap > 0 {
                let len = gap.min(page.len());
                out.write_all(&page[..len])?;
                gap -= len;
            }
            out.write_all(&second.encode())?;
        }
        out.write_all(&[0; 4096])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_the_widths_of_section_8_2() {
        let records = Records {
            marker: "m".repeat(36),
            database: b"<database/>".to_vec(),
            generation: 7,
            changes: vec![(
                8,
                Change::Write("VM".into(), "r".into(), "c".into(), "v".into()),
            )],
        };
        let device = Device {
            valid: Half::Second,
            first: records.clone(),
            second: Some(records),
        };
        let mut out = Vec::new();
        device.write_to(&mut out).expect("written");
        let marker = "m".repeat(36);
        let half = format!(
            "{marker}0000000000000011<database/>0000000000000007{marker}\
             0000000000000046WriteFiel00000002VM00000001r00000001c00000001v0000000000000008{marker}"
        );
        assert_eq!(&out[..18], b"redo-log--------\x002");
        assert_eq!(&out[18..18 + half.len()], half.as_bytes());
        let second = 18 + 60 * 1024 * 1024;
        assert_eq!(&out[second..second + half.len()], half.as_bytes());
        assert!(out[second + half.len()..].iter().all(|&byte| byte == 0));
    }
}
