//! The series of synth along its five days.

use xenspect_diff::{Series, Settings};
use xenspect_model::diff::{Meaning, SeriesReport, Track};
use xenspect_synth::change;

use crate::support::{read, side, tool};

fn along() -> SeriesReport {
    let dumps = change::series().map(|bytes| read(&bytes));
    let names = ["1.xml", "2.xml", "3.xml", "4.xml", "5.xml"];
    let sides: Vec<_> = names
        .iter()
        .zip(&dumps)
        .map(|(name, dump)| side(name, dump))
        .collect();
    let mut series = Series::new(&tool(), &sides[0], &Settings::default());
    for pair in sides.windows(2) {
        series.next(&pair[0], &pair[1]);
    }
    series.finish()
}

/// First seen, last seen, missing in, steps with a change.
fn seen(track: &Track) -> (u32, u32, Vec<u32>, Vec<u32>) {
    let steps = track.changes.iter().map(|change| change.at).collect();
    let missing = track.missing_in.clone();
    (track.first_seen, track.last_seen, missing, steps)
}

#[test]
fn who_was_seen_when() {
    let report = along();
    let dates: Vec<_> = report
        .inputs
        .iter()
        .map(|input| input.newest_date.clone().unwrap_or_default())
        .collect();
    let expected = (1..=5).map(|day| format!("2024-07-0{day}T10:00:00Z"));
    assert_eq!(dates, expected.collect::<Vec<_>>());
    for (class, title, expected) in [
        ("VM", "gateway", (1, 4, vec![3], vec![2, 4])),
        ("VDI", "proxy", (1, 4, vec![3], vec![])),
        ("VDI", "proxy cache", (1, 4, vec![], vec![])),
        ("host", "host-3", (0, 2, vec![], vec![])),
    ] {
        let mut tracks = report.tracks.iter();
        let track = tracks.find(|track| track.class == class && track.title == title);
        let track = track.unwrap_or_else(|| panic!("no {class} {title}"));
        assert_eq!(seen(track), expected, "{class} {title}: {track:#?}");
    }
    assert!(!report.tracks.iter().any(|track| track.title == "web"));
}

#[test]
fn what_became_of_the_vm() {
    let report = along();
    let mut tracks = report.tracks.iter();
    let track = tracks.find(|track| track.title == "gateway").unwrap();
    let means: Vec<_> = track.changes.iter().map(|change| &change.means).collect();
    let text = |text: &str| text.to_owned();
    let third = vec![
        Meaning::Renamed {
            old: text("proxy"),
            new: text("gateway"),
        },
        Meaning::Moved {
            old: text("host-2"),
            new: text("host-1"),
        },
    ];
    assert_eq!(means[0], &third);
    // Whether the track notes the state as a meaning or as a field is its own business.
    let last = track.changes.last().unwrap();
    let fields: Vec<_> = last.fields.iter().map(|field| &*field.field).collect();
    assert!(fields.contains(&"power_state"), "{fields:?}");
}
