//! Along a series: when objects were first and last seen, and what changed on the way.

use xenspect_diff::{Series, Settings, Side};
use xenspect_model::Catalog;
use xenspect_model::diff::{Delta, Group, Meaning, SeriesReport, Shown, Track};
use xenspect_model::report::Tool;
use xenspect_scan::{Options, Progress, Source, scan};

/// A dump of a pool with these VMs: reference, uuid, name, state.
fn dump(vms: &[[&str; 4]]) -> Catalog {
    let rows: String = vms
        .iter()
        .map(|[reference, uuid, name, state]| {
            format!(
                r#"<row ref="OpaqueRef:{reference}" uuid="{uuid}" name__label="{name}" power_state="{state}" memory__static_max="1073741824" is_a_template="false"/>"#
            )
        })
        .collect();
    let text = format!(
        r#"<?xml version="1.0"?><database><manifest><pair key="schema_major_vsn" value="5"/><pair key="schema_minor_vsn" value="603"/></manifest><table name="pool"><row ref="OpaqueRef:p" uuid="pool-uuid" name_label="p"/></table><table name="VM">{rows}</table></database>"#
    );
    let source = Source::memory(text.into_bytes());
    scan(source, &Options::default(), &Progress::default()).unwrap()
}

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0".to_owned(),
    }
}

fn side(catalog: &Catalog) -> Side<'_> {
    Side {
        path: "pool.xml",
        member: None,
        catalog: Some(catalog),
        files: None,
    }
}

fn along(steps: &[Catalog]) -> SeriesReport {
    let sides: Vec<Side<'_>> = steps.iter().map(side).collect();
    let mut series = Series::new(&tool(), &sides[0], &Settings::default());
    for pair in sides.windows(2) {
        series.next(&pair[0], &pair[1]);
    }
    series.finish()
}

const WEB: [&str; 4] = ["web", "u-web", "web", "Running"];
const DB: [&str; 4] = ["db", "u-db", "db", "Running"];

fn only(report: &SeriesReport) -> &Track {
    assert_eq!(report.tracks.len(), 1, "{:?}", report.tracks);
    &report.tracks[0]
}

/// First seen, last seen, missing in.
fn seen(track: &Track) -> (u32, u32, &[u32]) {
    (track.first_seen, track.last_seen, &track.missing_in)
}

#[test]
fn nothing_changes() {
    let report = along(&[dump(&[WEB, DB]), dump(&[DB, WEB]), dump(&[WEB, DB])]);
    assert!(report.same);
    assert_eq!(report.tracks, []);
    assert_eq!(report.unchanged.get("VM"), Some(&2));
    assert_eq!(report.inputs.len(), 3);
}

#[test]
fn what_never_changed_can_be_asked_for() {
    let (old, new) = (
        dump(&[WEB, DB]),
        dump(&[WEB, ["db", "u-db", "dbs", "Running"]]),
    );
    let (old, new) = (side(&old), side(&new));
    let mut series = Series::new(&tool(), &old, &Settings::default());
    series.next(&old, &new);
    series.add_unchanged(&new);
    let report = series.finish();
    let tracks: Vec<_> = report
        .tracks
        .iter()
        .map(|track| (&*track.title, seen(track), track.changes.len()))
        .collect();
    assert_eq!(
        tracks,
        [("dbs", (0, 1, &[][..]), 1), ("web", (0, 1, &[][..]), 0)]
    );
}

#[test]
fn a_vm_that_comes() {
    let report = along(&[dump(&[WEB]), dump(&[WEB, DB]), dump(&[WEB, DB])]);
    assert!(!report.same);
    let track = only(&report);
    assert_eq!(
        (track.group, &*track.class, &*track.title),
        (Group::Vms, "VM", "db")
    );
    assert_eq!(seen(track), (1, 2, &[][..]));
    assert_eq!(track.changes, []);
    assert_eq!(report.unchanged.get("VM"), Some(&1));
}

#[test]
fn a_vm_that_vanishes() {
    let report = along(&[
        dump(&[WEB, DB]),
        dump(&[WEB, DB]),
        dump(&[WEB]),
        dump(&[WEB]),
    ]);
    assert_eq!(seen(only(&report)), (0, 1, &[][..]));
    assert_eq!(report.unchanged.get("VM"), Some(&1));
}

#[test]
fn a_vm_that_comes_back_in_another_state() {
    let back = ["db-2", "u-db", "dbs", "Halted"];
    let report = along(&[
        dump(&[WEB, DB]),
        dump(&[WEB]),
        dump(&[WEB]),
        dump(&[WEB, back]),
    ]);
    let track = only(&report);
    assert_eq!(seen(track), (0, 3, &[1, 2][..]));
    assert_eq!(track.reference, "OpaqueRef:db-2");
    let [change] = track.changes.as_slice() else {
        panic!("{:?}", track.changes)
    };
    assert_eq!(change.at, 3);
    let renamed = Meaning::Renamed {
        old: "db".to_owned(),
        new: "dbs".to_owned(),
    };
    assert_eq!(change.means, [renamed]);
    let [field] = change.fields.as_slice() else {
        panic!("{:?}", change.fields)
    };
    assert_eq!(field.field, "power_state");
    assert_eq!(
        field.delta,
        Delta::Value {
            old: Some(Shown::Text("Running".to_owned())),
            new: Some(Shown::Text("Halted".to_owned())),
        }
    );
}

#[test]
fn a_vm_that_is_renamed_twice_is_one() {
    let named = |name| dump(&[["web", "u-web", name, "Running"]]);
    let report = along(&[named("web"), named("www"), named("www"), named("old-www")]);
    let track = only(&report);
    assert_eq!(seen(track), (0, 3, &[][..]));
    assert_eq!(track.title, "old-www");
    let renamed = |old: &str, new: &str| Meaning::Renamed {
        old: old.to_owned(),
        new: new.to_owned(),
    };
    let steps: Vec<_> = track
        .changes
        .iter()
        .map(|change| (change.at, change.means.clone()))
        .collect();
    assert_eq!(
        steps,
        [
            (1, vec![renamed("web", "www")]),
            (3, vec![renamed("www", "old-www")])
        ]
    );
}

#[test]
fn a_row_that_gets_another_uuid_stays_one_track() {
    let with = |uuid| dump(&[["web", uuid, "web", "Running"]]);
    let report = along(&[with("u-1"), with("u-2"), with("u-3")]);
    let track = only(&report);
    assert_eq!(track.uuid.as_deref(), Some("u-3"));
    assert_eq!(track.changes.len(), 2);
}
