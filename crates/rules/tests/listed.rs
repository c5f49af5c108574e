//! Objects that others list and that are lost from `ova.xml`, with all that names them (`formats/xva.md` sections 3.3 and 15).

use xenspect_model::Fact;
use xenspect_model::report::{Input, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{Document, Recipe};

/// A good archive of which another document is said.
fn verify(recipe: &str, change: impl Fn(&mut Document)) -> Input {
    let recipe = Recipe::named(recipe).expect("a recipe");
    let mut document = recipe.document().expect("a document");
    change(&mut document);
    let mut archive = recipe.archive();
    archive.members[0].payload = document.to_xml().into_bytes();
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(archive.encode()), &options, &progress).expect("a catalog");
    xenspect_rules::input("fixture".to_owned(), &catalog)
}

/// The lists that name something lost.
fn lists(input: &Input) -> Vec<&str> {
    let lost = input
        .findings
        .iter()
        .filter(|finding| finding.code.name() == "xva/reference-dangling");
    let mut lists: Vec<_> = lost
        .filter_map(|finding| finding.place.object.as_deref()?.rsplit_once('.'))
        .map(|(_, field)| field)
        .collect();
    lists.sort_unstable();
    lists
}

/// The first object of a class is lost.
fn without(class: &str) -> impl Fn(&mut Document) {
    move |document| {
        let objects = document.objects.as_mut().expect("objects");
        let lost = objects.iter().position(|object| object.class == class);
        objects.remove(lost.expect("one of that class"));
    }
}

#[test]
fn what_is_lost_is_missed_where_it_is_listed() {
    for (class, wanted) in [("VIF", ["VIFs", "VIFs"]), ("VBD", ["VBDs", "VBDs"])] {
        let input = verify("small", without(class));
        assert_eq!(input.verdict, Verdict::Damaged, "{class}");
        assert_eq!(lists(&input), wanted, "{class}");
    }
}

/// What nothing refers to but a list: the disk, what attaches it, and its blocks.
#[test]
fn a_disk_that_is_lost_with_its_blocks_is_missed() {
    let recipe = Recipe::named("two-disks").expect("a recipe");
    let mut document = recipe.document().expect("a document");
    let id = document.streamed_ids().pop().expect("a disk");
    let objects = document.objects.as_mut().expect("objects");
    objects.retain(|object| {
        let of_it = object
            .get("VDI")
            .is_some_and(|to| *to == xenspect_synth::xmlrpc::Value::text(&id));
        object.id != id && !(object.class == "VBD" && of_it)
    });
    let mut archive = recipe.archive();
    archive.members[0].payload = document.to_xml().into_bytes();
    let folder = format!("{id}/").into_bytes();
    archive
        .members
        .retain(|member| !member.name.starts_with(&folder));
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(archive.encode()), &options, &progress).expect("a catalog");
    let input = xenspect_rules::input("fixture".to_owned(), &catalog);
    assert_eq!(input.verdict, Verdict::Damaged);
    assert_eq!(lists(&input), ["VBDs", "VDIs"]);
}

#[test]
fn what_is_listed_has_its_class() {
    let input = verify("small", |document| {
        let objects = document.objects.as_mut().expect("objects");
        let vif = objects.iter_mut().find(|object| object.class == "VIF");
        vif.expect("a VIF").class = "VIG".to_owned();
    });
    assert_eq!(input.verdict, Verdict::Damaged);
    assert_eq!(lists(&input), ["VIFs", "VIFs"]);
    let told = input
        .findings
        .iter()
        .find_map(|finding| finding.facts.get("class_found"));
    assert!(
        matches!(told, Some(Fact::Text(class)) if class == "VIG"),
        "{told:?}"
    );
}
