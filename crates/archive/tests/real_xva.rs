//! The small archives a third party made for its own tests, walked and compared with the tar
//! crate. Skipped where the sample data is absent.

use std::fs;
use std::path::Path;

use xenspect_archive::tar::{Ending, HeaderSum, Limits, walk_slice};

#[test]
fn third_party_archives_are_walked_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/xva");
    let Ok(files) = fs::read_dir(&folder) else {
        say_skipped(format_args!("SKIPPED: no sample data"));
        return;
    };
    let mut walked_files = 0;
    for file in files {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let walked = walk_slice(&bytes, Limits::default(), |_, _| false);
        assert_eq!(walked.oddities, []);
        assert_eq!(walked.ending, Ending::Complete);
        assert_eq!(walked.trailing.first_odd, None);
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut members = walked.members.iter();
        for entry in archive.entries().unwrap() {
            let (entry, member) = (entry.unwrap(), members.next().unwrap());
            assert_eq!(member.name, entry.path_bytes().as_ref());
            assert_eq!(
                (member.size, member.data_offset),
                (entry.size(), entry.raw_file_position())
            );
            assert_eq!(member.header_sum, HeaderSum::Right);
        }
        assert_eq!(members.next(), None);
        assert_eq!(walked.members[0].name, b"ova.xml");
        walked_files += 1;
    }
    assert!(walked_files >= 2);
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
