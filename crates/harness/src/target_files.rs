//! Any bytes as the text files of a host, and as a profile.

use xenspect_target::{NamedFile, Target, from_profile, of_files, of_text, to_json, to_toml};

/// Names that files are known by. What one is called is chosen by the byte in front of its contents.
const NAMES: [&str; 20] = [
    "xensource-inventory",
    "ip-link.json",
    "ip-addr.json",
    "pif-list.txt",
    "host-list.txt",
    "sr-list.txt",
    "network-list.txt",
    "pool-list.txt",
    "vm-list.txt",
    "vif-list.txt",
    "static-rules.conf",
    "dynamic-rules.json",
    "management.conf",
    "local.db",
    "var-lib-xcp.txt",
    "disks.txt",
    "df.txt",
    "lspci.txt",
    "etc/xensource-inventory",
    "xapi-db.xml",
];

/// Reads the bytes, cut at every byte 0, as files: the first byte of each piece chooses its name, the rest is what is in
/// it. Then all of them as one text that was given by itself.
///
/// Invariants:
/// - a target that was read comes out the same when it is written as a profile, in either form, and read again;
/// - what cannot be read says why.
///
/// # Panics
///
/// When one of them does not hold.
pub fn target_files(data: &[u8]) {
    let pieces = data.split(|byte| *byte == 0).take(NAMES.len());
    let files = pieces.filter_map(|piece| {
        let (first, rest) = piece.split_first()?;
        Some(NamedFile {
            name: NAMES[usize::from(*first) % NAMES.len()].to_owned(),
            bytes: rest.to_vec(),
        })
    });
    let files: Vec<_> = files.collect();
    let read = [
        of_files(&files),
        of_text("host.toml", data),
        of_text("notes", data),
    ];
    for reading in read {
        match reading {
            Ok(reading) => {
                assert!(!reading.sources.is_empty(), "nothing told it");
                written_again(&reading.target);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// A target in both forms of a profile, read again.
pub(crate) fn written_again(target: &Target) {
    // TOML does not have all numbers.
    for profile in to_toml(target).into_iter().chain([to_json(target)]) {
        let again = from_profile(&profile).unwrap_or_else(|error| panic!("{error}\n{profile}"));
        let again = Target {
            profile: target.profile,
            ..again
        };
        assert_eq!(&again, target, "{profile}");
    }
}
