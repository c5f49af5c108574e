//! Zip archives.

use std::fs;

use xenspect_scan::{Collected, Container, Limits, Options, Packing, Progress, collect};

use super::support::*;

const TOP: &str = "bug-report-20240531130709";

/// The status report, written by a program that is given the name of the archive.
fn zipped(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let report = report();
    run(program, arguments, report.path()).then(|| fs::read(report.path().join("r.zip")).unwrap())
}

fn python(script: &str) -> Option<Vec<u8>> {
    zipped("python3", &["-c", script])
}

fn of(bytes: &[u8]) -> Collected {
    some(&Stored::new(bytes).path())
}

#[test]
fn a_status_report_comes_as_zip_too() {
    let all = "import os, zipfile
z = zipfile.ZipFile('r.zip', 'w', zipfile.METHOD)
for d, _, files in os.walk('bug-report-20240531130709'):
    for f in files:
        z.write(os.path.join(d, f))
z.close()
";
    let archives = [
        zipped("zip", &["-qr", "r.zip", TOP]),
        zipped("zip", &["-qr0", "r.zip", TOP]),
        zipped("zip", &["-qr", "-Z", "bzip2", "r.zip", TOP]),
        python(&all.replace("METHOD", "ZIP_STORED")),
        python(&all.replace("METHOD", "ZIP_DEFLATED")),
        python(&all.replace("METHOD", "ZIP_BZIP2")),
    ];
    for archive in archives.into_iter().flatten() {
        let collected = of(&archive);
        assert_eq!(collected.form, Container::StatusReport);
        assert_eq!(collected.packing, Packing::Zip);
        assert_eq!(texts(&collected), OF_REPORT);
        assert_eq!(collected.remarks, [""; 0]);
        assert!(!collected.truncated);
    }
}

#[test]
fn an_unknown_method_is_told() {
    let Some(archive) = python(
        "import zipfile
z = zipfile.ZipFile('r.zip', 'w', zipfile.ZIP_LZMA)
z.writestr('ip-link.json', '[]')
z.writestr('other', '[]')
z.close()
",
    ) else {
        return;
    };
    let collected = of(&archive);
    assert_eq!(collected.files, []);
    assert_eq!(
        collected.remarks,
        ["ip-link.json is left out: it is packed by method 14 of zip, which is not read"]
    );
}

#[test]
fn names_in_a_zip_are_judged_as_in_a_tar() {
    let Some(archive) = python(
        "import warnings, zipfile
warnings.simplefilter('ignore')
z = zipfile.ZipFile('r.zip', 'w')
z.writestr('ip-link.json', 'old')
z.writestr('../xensource-inventory', 'x')
z.writestr('/xensource-inventory', 'x')
z.writestr('./ip-link.json', 'new')
link = zipfile.ZipInfo('xensource-inventory')
link.create_system = 3
link.external_attr = 0o120777 << 16
z.writestr(link, 'etc/shadow')
z.close()
",
    ) else {
        return;
    };
    let collected = of(&archive);
    assert_eq!(texts(&collected), [("ip-link.json", "new")]);
    assert_eq!(
        collected.remarks,
        [
            "its member \"../xensource-inventory\" is passed by: that name leads out of the archive",
            "its member \"/xensource-inventory\" is passed by: that name leads out of the archive",
            "xensource-inventory is left out: it is a symbolic link there, which is not read",
        ]
    );
}

#[test]
fn of_a_cut_zip_what_came_before_is_there() {
    let Some(archive) = python(
        "import zipfile
z = zipfile.ZipFile('r.zip', 'w', zipfile.ZIP_DEFLATED)
z.writestr('bug-report-1/etc/xensource-inventory', 'whole')
z.writestr('bug-report-1/xapi-db.xml', ''.join(str(i * i) for i in range(10000)))
z.close()
",
    ) else {
        return;
    };
    let whole = of(&archive);
    assert_eq!(whole.files.len(), 2);
    let collected = of(&archive[..archive.len() / 2]);
    assert!(collected.truncated);
    assert_eq!(collected.form, Container::StatusReport);
    assert_eq!(texts(&collected), [("etc/xensource-inventory", "whole")]);
    assert!(collected.remarks.len() > 1);
    // Without the directory alone, nothing is lost.
    let directory = archive.windows(4).position(|four| four == b"PK\x01\x02");
    let collected = of(&archive[..directory.unwrap()]);
    assert!(collected.truncated);
    assert_eq!(collected.files, whole.files);
}

/// One that is cut ends with the directory of the archive inside of it.
#[test]
fn of_a_cut_zip_a_member_is_not_taken_for_the_whole() {
    let Some(archive) = python(
        "import io, zipfile
inner = io.BytesIO()
z = zipfile.ZipFile(inner, 'w')
z.writestr('etc/xensource-inventory', 'of the inner one')
z.close()
z = zipfile.ZipFile('r.zip', 'w')
z.writestr('xapi-db.xml', 'of the outer one')
z.writestr('inner.zip', inner.getvalue())
z.writestr('ip-link.json', '[]')
z.close()
",
    ) else {
        return;
    };
    let whole = of(&archive);
    assert_eq!(whole.files.len(), 2);
    assert!(whole.remarks.is_empty() && !whole.truncated);
    let end = archive.windows(4).position(|four| four == b"PK\x05\x06");
    let end = end.expect("that of the inner one") + 22;
    for cut in [end, end + 10, end + 40] {
        let collected = of(&archive[..cut]);
        assert!(collected.truncated, "{collected:?}");
        assert!(collected.remarks[0].contains("does not have the file that begins it"));
    }
    // No other cut hides what is missing, wherever it is.
    for end in 4..archive.len() {
        let collected = of(&archive[..end]);
        assert!(collected.truncated || collected == whole, "cut at {end}");
    }
}

#[test]
fn damage_in_a_zip_is_noticed() {
    let Some(mut archive) = python(
        "import zipfile
z = zipfile.ZipFile('r.zip', 'w')
z.writestr('ip-link.json', '[1, 2, 3]')
z.close()
",
    ) else {
        return;
    };
    let at = archive
        .windows(3)
        .position(|three| three == b"[1,")
        .unwrap();
    archive[at + 1] = b'9';
    let collected = of(&archive);
    assert_eq!(collected.files, []);
    assert_eq!(collected.remarks.len(), 1);
    assert!(collected.remarks[0].contains("ip-link.json is left out: it cannot be read"));
}

#[test]
fn a_zip_that_lies_about_sizes_is_no_bomb() {
    let Some(mut archive) = python(
        "import zipfile
z = zipfile.ZipFile('r.zip', 'w', zipfile.ZIP_DEFLATED)
z.writestr('ip-link.json', b'0' * (64 << 20))
z.close()
",
    ) else {
        return;
    };
    let size = (64_u32 << 20).to_le_bytes();
    while let Some(at) = archive.windows(4).position(|four| four == size) {
        archive[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let options = Options {
        limits: Limits {
            dump: 1 << 20,
            ..Limits::default()
        },
        ..Options::default()
    };
    let stored = Stored::new(&archive);
    let collected = collect(&stored.path(), &wanted, &options, &Progress::default());
    let collected = collected.unwrap().unwrap();
    assert_eq!(collected.files, []);
    assert_eq!(collected.remarks.len(), 1);
}

#[test]
fn every_beginning_and_every_flipped_byte_of_a_zip_is_borne() {
    let Some(archive) = zipped("zip", &["-qr", "r.zip", TOP]) else {
        return;
    };
    for end in 0..archive.len() {
        let _ = taken(&Stored::new(&archive[..end]).path()).unwrap();
    }
    for at in 0..archive.len() {
        let mut flipped = archive.clone();
        flipped[at] ^= 0xff;
        let _ = taken(&Stored::new(&flipped).path()).unwrap();
    }
}
