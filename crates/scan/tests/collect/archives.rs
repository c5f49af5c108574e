//! Tar archives as the system's programs write and pack them.

use std::fs;

use xenspect_scan::{Catalog, Container, Options, Packing, Progress, collect_stream, dump_of};

use super::support::*;

const PACKED: [(&[&str], Packing); 4] = [
    (&["-cf"], Packing::Plain),
    (&["-czf"], Packing::Gzip),
    (&["-cjf"], Packing::Bzip2),
    (&["--zstd", "-cf"], Packing::Zstd),
];

#[test]
fn a_host_backup_gives_its_files_however_it_is_packed() {
    let host = host();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("backup");
    for (how, packing) in PACKED {
        let mut arguments = how.to_vec();
        arguments.extend([path.to_str().unwrap(), "-S", "."]);
        if !run("tar", &arguments, host.path()) {
            return;
        }
        let collected = some(&path);
        assert_eq!(collected.form, Container::HostBackup, "{packing:?}");
        assert_eq!(collected.packing, packing);
        assert_eq!(texts(&collected), OF_HOST, "{packing:?}");
        assert_eq!(collected.remarks, [""; 0], "{packing:?}");
        assert!(!collected.truncated);
    }
}

#[test]
fn a_status_report_gives_its_files_without_the_folder_around_them() {
    let report = report();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("report");
    for (how, packing) in PACKED {
        let mut arguments = how.to_vec();
        arguments.extend([path.to_str().unwrap(), "bug-report-20240531130709"]);
        if !run("tar", &arguments, report.path()) {
            return;
        }
        let collected = some(&path);
        assert_eq!(collected.form, Container::StatusReport, "{packing:?}");
        assert_eq!(collected.packing, packing);
        assert_eq!(texts(&collected), OF_REPORT, "{packing:?}");
        assert_eq!(collected.remarks, [""; 0], "{packing:?}");
    }
}

#[test]
fn a_renamed_status_report_is_told_by_its_list_of_files() {
    let top = Tar::new()
        .file("mine/xapi-db.xml", DUMP)
        .file("mine/inventory.xml", "<x/>")
        .stored();
    let collected = some(&top.path());
    assert_eq!(collected.form, Container::StatusReport);
    assert_eq!(
        texts(&collected),
        [("inventory.xml", "<x/>"), ("xapi-db.xml", DUMP)]
    );
}

#[test]
fn a_folder_of_collected_files_may_be_packed_with_the_folder_or_without() {
    for names in [
        ["ip-link.json", "xensource-inventory"],
        ["facts/ip-link.json", "facts/xensource-inventory"],
    ] {
        let tar = Tar::new().file(names[0], "[]").file(names[1], INVENTORY);
        let collected = some(&tar.stored().path());
        assert_eq!(collected.form, Container::Archive);
        assert_eq!(
            texts(&collected),
            [("ip-link.json", "[]"), ("xensource-inventory", INVENTORY)]
        );
    }
}

#[test]
fn a_folder_of_a_hosts_own_root_stays_in_the_names() {
    let tar = Tar::new().file("etc/xensource-inventory", INVENTORY);
    let collected = some(&tar.stored().path());
    assert_eq!(collected.form, Container::Archive);
    assert_eq!(texts(&collected), [("etc/xensource-inventory", INVENTORY)]);
}

#[test]
fn parallel_bzip2_writes_several_streams() {
    let host = host();
    let out = tempfile::tempdir().unwrap();
    let (tar, path) = (out.path().join("plain"), out.path().join("packed"));
    if !run("tar", &["-cf", tar.to_str().unwrap(), "."], host.path()) {
        return;
    }
    let bytes = fs::read(&tar).unwrap();
    let mut packed = Vec::new();
    for piece in bytes.chunks(10_000) {
        let piece_path = out.path().join("piece");
        fs::write(&piece_path, piece).unwrap();
        if !run("bzip2", &["-kf", "piece"], out.path()) {
            return;
        }
        packed.extend(fs::read(out.path().join("piece.bz2")).unwrap());
    }
    fs::write(&path, packed).unwrap();
    let collected = some(&path);
    assert_eq!(collected.packing, Packing::Bzip2);
    assert_eq!(texts(&collected), OF_HOST);
}

#[test]
fn a_pipe_gives_the_same_as_a_file() {
    let host = host();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("backup");
    for (how, packing) in PACKED {
        let mut arguments = how.to_vec();
        arguments.extend([path.to_str().unwrap(), "."]);
        if !run("tar", &arguments, host.path()) {
            return;
        }
        let pipe = Box::new(fs::File::open(&path).unwrap());
        let options = Options::default();
        let streamed = collect_stream(pipe, &wanted, &options, &Progress::default());
        assert_eq!(streamed.unwrap(), Some(some(&path)), "{packing:?}");
    }
}

#[test]
fn a_database_that_was_taken_out_can_be_read() {
    let host = host();
    let collected = some(host.path());
    let (_, bytes) = collected.files.into_iter().next_back().unwrap();
    let Catalog::Dump(dump) = dump_of(bytes, &Options::default()).unwrap() else {
        panic!("no dump");
    };
    assert_eq!(dump.database.schema(), Some((5, 790)));
    assert!(dump_of(b"hello".to_vec(), &Options::default()).is_err());
}
