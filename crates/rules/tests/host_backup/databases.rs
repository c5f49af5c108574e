//! The embedded databases.

use xenspect_model::report::Verdict;
use xenspect_model::{Fact, Severity};

use crate::build::{FRESH, STAMP, STATE, Scene, fact, found, only, verify};

/// Puts one text of a database in the place of another.
fn replace(scene: &mut Scene, index: usize, from: &str, to: &str) {
    let text = String::from_utf8(scene.databases[index].1.clone()).expect("text");
    assert!(text.contains(from), "{from}");
    scene.databases[index].1 = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn which_are_there() {
    let with = |change: fn(&mut Scene)| found(change);
    let missing = with(|scene| drop(scene.databases.remove(0)));
    assert_eq!(missing, ["host/database-missing"]);
    assert_eq!(
        with(|scene| drop(scene.databases.remove(1))),
        Vec::<&str>::new()
    );
    let unusable =
        |scene: &mut Scene| scene.databases[0].1 = b"<?xml version=\"1.0\"?><nothing/>".to_vec();
    assert_eq!(with(unusable), ["host/database-unusable"]);
    let input = verify(unusable);
    let finding = only(&input, "host/database-unusable");
    assert_eq!(finding.place.offset, Some(1_000_000));
    assert_eq!(input.verdict, Verdict::Damaged);
}

#[test]
fn several_are_left_over() {
    // The older one has the name of an earlier day, which is no fault of the newest.
    let several = |scene: &mut Scene| {
        let earlier = "var/backup/pool-database-2023-01-01--00-00-00".to_owned();
        let mut text = String::from_utf8(scene.databases[0].1.clone()).expect("text");
        let at = text
            .find("generation_count\" value=\"")
            .expect("it has one")
            + 25;
        let end = at + text[at..].find('"').expect("it ends");
        text.replace_range(at..end, "1");
        scene.databases.push((earlier, text.into_bytes()));
    };
    let input = verify(several);
    let finding = only(&input, "host/database-several");
    assert_eq!(finding.facts.get("count"), Some(&Fact::Number(2)));
    assert_eq!(fact(finding, "newest"), FRESH);
    assert_eq!(finding.severity, Severity::Warning);
    assert!(!found(several).contains(&"host/database-stamp"));
}

#[test]
fn one_that_is_whole_comes_before_a_later_one_that_loses_rows() {
    // The host's own is read to its end, but a row of it has no reference, so it is lost.
    let input = verify(|scene| {
        let text = String::from_utf8(scene.databases[1].1.clone()).expect("text");
        let at = text.find("<row ref=").expect("it has rows");
        let end = at + text[at + 10..].find('"').expect("it ends") + 11;
        let text = format!("{}<row{}", &text[..at], &text[end..]);
        scene.databases[1].1 = text.into_bytes();
        scene.databases[1].1 = later(&scene.databases[1].1);
    });
    let host = input.host.expect("a host backup");
    assert_eq!(host.databases.first().expect("a database").path, FRESH);
}

/// The same database, of a higher generation.
fn later(database: &[u8]) -> Vec<u8> {
    const NAME: &str = "generation_count\" value=\"";
    let text = String::from_utf8(database.to_vec()).expect("text");
    text.replacen(NAME, &format!("{NAME}9"), 1).into_bytes()
}

#[test]
fn the_fresh_one_is_older() {
    let newer = |scene: &mut Scene| {
        assert_eq!(scene.databases[1].0, STATE);
        let from = "generation_count\" value=\"";
        replace(scene, 1, from, &format!("{from}9"));
    };
    assert_eq!(found(newer), ["host/database-older"]);
    let input = verify(newer);
    assert_eq!(fact(only(&input, "host/database-older"), "other"), STATE);
}

#[test]
fn when_the_fresh_one_was_made() {
    const DAY: i64 = 86_400;
    let with = |modified: Option<i64>, newest: Option<i64>| {
        found(|scene| {
            scene.modified = modified;
            scene.newest_file = newest;
        })
    };
    let stamp = ["host/database-stamp"];
    let fine: Vec<&str> = Vec::new();
    // Every zone there is, with some time for the dump.
    for zone in [-12 * 3600, -3 * 3600 - 1800, 0, 14 * 3600] {
        let at = STAMP - zone + 60;
        assert_eq!(with(Some(at), Some(at + 3600)), fine, "{zone}");
        assert_eq!(with(None, Some(at)), fine, "{zone}");
    }
    assert_eq!(with(None, None), fine);
    assert_eq!(with(Some(STAMP), Some(STAMP + 3 * DAY)), stamp);
    assert_eq!(with(Some(STAMP), Some(STAMP - 3 * DAY)), stamp);
    assert_eq!(with(Some(STAMP + DAY), Some(STAMP + DAY)), stamp);
    assert_eq!(with(Some(i64::MIN), Some(i64::MAX)), stamp);
    let input = verify(|scene| scene.newest_file = Some(STAMP + 3 * DAY));
    let finding = only(&input, "host/database-stamp");
    assert_eq!(fact(finding, "stamp"), "2024-06-01--10-00-00");
    assert_eq!(fact(finding, "newest_file"), "2024-06-04T10:00:00Z");
    assert_eq!(fact(finding, "file_changed"), "2024-06-01T08:00:01Z");
    let unnamed = found(|scene| scene.databases[0].0 = "var/backup/pool-database-mine".to_owned());
    assert_eq!(unnamed, stamp);
}

#[test]
fn what_is_wrong_in_one_has_its_place() {
    let broken = |scene: &mut Scene| {
        replace(
            scene,
            0,
            "resident_on=\"OpaqueRef:",
            "resident_on=\"Opaque:",
        );
    };
    let input = verify(broken);
    let finding = input
        .findings
        .iter()
        .find(|finding| finding.place.column.as_deref() == Some("resident_on"))
        .expect("it is found");
    assert_eq!(
        finding.place.member.as_ref().map(|name| name.text.as_str()),
        Some(FRESH)
    );
    assert!(
        finding.place.table.is_some() && finding.place.row.is_some(),
        "{finding:?}"
    );
    // The place is that of the member, and where the value is in the document is a fact.
    assert_eq!(finding.place.offset, Some(1_000_000));
    assert!(matches!(
        finding.facts.get("offset_in_file"),
        Some(Fact::Number(_))
    ));
}

#[test]
fn of_one_that_is_cut_nothing_is_told_as_missing() {
    let cut = |scene: &mut Scene, index: usize| {
        let text = String::from_utf8(scene.databases[index].1.clone()).expect("text");
        let end = text.find("<table name=\"VM\"").expect("it has the table");
        scene.databases[index].1 = text.as_bytes()[..end].to_vec();
    };
    // What stands in front of the VMs does not matter here: the host's row is behind, or its control domain.
    let both = found(|scene| (0..2).for_each(|index| cut(scene, index)));
    assert!(both.iter().all(|code| code.starts_with("db/")), "{both:?}");
    let one = verify(|scene| cut(scene, 0));
    assert!(one.findings.iter().all(|finding| {
        finding.severity == Severity::Note || finding.code.name().starts_with("db/")
    }));
    let host = one.host.expect("it is of a host");
    let preferred: Vec<_> = host
        .databases
        .iter()
        .filter(|base| base.preferred)
        .collect();
    assert_eq!(preferred.len(), 1);
    assert_eq!(preferred[0].path, STATE);
}

#[test]
fn the_second_one_is_judged_as_well() {
    let broken = |scene: &mut Scene| replace(scene, 1, "</database>", "");
    let input = verify(broken);
    let finding = input
        .findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
        .expect("it is found");
    assert_eq!(
        finding.place.member.as_ref().map(|name| name.text.as_str()),
        Some(STATE)
    );
    // Its notes would say nothing new.
    let notes = |input: &xenspect_model::report::Input, code: &str| {
        let all = input.findings.iter();
        all.filter(|finding| finding.code.name() == code).count()
    };
    assert_eq!(notes(&Scene::good().verify(), "db/secrets-inside"), 1);
}
