//! All forms of one host give the same answer.

use xenspect_model::preflight::PreflightReport;
use xenspect_synth::restore::{File, swapped};
use xenspect_synth::{RestoreFault, Scene};
use xenspect_target::{NamedFile, Target, is_wanted, of_files};

use super::{judge, judge_scene, line};

/// Every form of the host of a scene.
fn forms(scene: &Scene) -> Vec<(&'static str, Vec<File>)> {
    // A reader of archives drops the top folder of a status report and the dot before members of a backup.
    let below = |files: Vec<File>, root: &str| {
        let cut = |(name, bytes): File| (name.trim_start_matches(root).to_owned(), bytes);
        files.into_iter().map(cut).collect()
    };
    let mut everything = scene.host.folder();
    everything.push(("xapi-db.xml".to_owned(), scene.host.database()));
    vec![
        ("everything", everything),
        ("folder", scene.host.folder()),
        (
            "database",
            vec![("host.xml".to_owned(), scene.host.database())],
        ),
        (
            "status report",
            below(scene.host.status_report(), "bug-report-20240531130709/"),
        ),
        ("host backup", below(scene.host.host_backup(), "./")),
    ]
}

/// What the readers make of files.
fn read(files: Vec<File>) -> Target {
    let files: Vec<NamedFile> = files
        .into_iter()
        .filter(|(name, _)| is_wanted(name))
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    of_files(&files).expect("facts").target
}

fn answer(report: &PreflightReport) -> (Option<bool>, String, Vec<String>, Vec<String>) {
    let answer = &report.preflight;
    let nics = report.nics.iter().map(|row| {
        let mac = row.in_target.as_ref().and_then(|side| side.mac.clone());
        format!(
            "{} {} {mac:?} {:?}",
            row.device,
            row.state.word(),
            row.now_at
        )
    });
    let further = answer.further_errors.iter();
    (
        answer.accepted,
        line(answer.xapi_error.as_ref()),
        further.map(|error| line(Some(error))).collect(),
        nics.collect(),
    )
}

/// Faults that every form of a host shows.
const FAULTS: [&str; 9] = [
    "schema-older",
    "schema-newer-by-number",
    "control-domain-dangling",
    "nic-missing",
    "nics-missing",
    "management-not-in-dump",
    "nics-swapped",
    "nic-replaced",
    "nic-more",
];

#[test]
fn all_forms_of_one_host_give_the_same_answer() {
    let mut scenes = vec![
        ("good", Scene::good()),
        ("demonstration", Scene::demonstration()),
    ];
    for name in FAULTS {
        scenes.push((name, RestoreFault::named(name).expect(name).build()));
    }
    for (name, scene) in scenes {
        let known = answer(&judge_scene(&scene));
        for (form, files) in forms(&scene) {
            let answer = answer(&judge(scene.dump(), read(files)));
            assert_eq!(answer, known, "{name}: {form}");
        }
    }
}

#[test]
fn swapped_cards_are_accepted_told_and_put_right() {
    let mut scene = Scene::good();
    scene.host = swapped();
    for (form, files) in forms(&scene) {
        let report = judge(scene.dump(), read(files));
        assert_eq!(report.preflight.accepted, Some(true), "{form}");
        let moved: Vec<_> = report
            .nics
            .iter()
            .map(|row| (row.device.as_str(), row.state.word(), row.now_at.as_deref()))
            .collect();
        assert_eq!(
            moved,
            [
                ("eth0", "moved", Some("eth2")),
                ("eth1", "moved", Some("eth3")),
                ("eth2", "moved", Some("eth0")),
                ("eth3", "moved", Some("eth1")),
            ],
            "{form}"
        );
        let renaming = report.renaming.expect("a renaming");
        let good = Scene::good();
        for rule in &renaming.rules {
            let pif = good.host.dump.rows("PIF").iter();
            let mut pif = pif.filter(|row| row.get("device") == Some(&rule.device));
            let mac = pif.next().and_then(|row| row.get("MAC"));
            assert_eq!(Some(rule.value.as_str()), mac, "{form}: {}", rule.device);
        }
        assert_eq!(renaming.rules.len(), 4, "{form}");
    }
}
