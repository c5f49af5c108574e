//! Metadata-only exports, each of their faults, and an `ova.xml` by itself (`formats/xva.md` section 13).

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::PathBuf;

use xenspect_model::report::{Input, Kind, Verdict};
use xenspect_model::{Fact, Severity};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::xmlrpc::Value;
use xenspect_synth::{Archive, Document, Fault, Recipe};

fn verify(bytes: Vec<u8>) -> Input {
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(bytes), &options, &progress).expect("a catalog");
    xenspect_rules::input("fixture".to_owned(), &catalog)
}

/// Codes above notes.
fn codes(input: &Input) -> Vec<&'static str> {
    let told = input
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note);
    told.map(|finding| finding.code.name()).collect()
}

fn finding<'i>(input: &'i Input, code: &str) -> &'i xenspect_model::Finding {
    let found = input
        .findings
        .iter()
        .find(|finding| finding.code.name() == code);
    found.unwrap_or_else(|| panic!("no {code}: {:?}", input.findings))
}

/// The recipe's archive with another document in it.
fn with_document(recipe: &str, change: impl Fn(&mut Document)) -> Vec<u8> {
    let recipe = Recipe::named(recipe).expect("a recipe");
    let mut document = recipe.document().expect("a document");
    change(&mut document);
    let mut archive: Archive = recipe.archive();
    archive.members[0].payload = document.to_xml().into_bytes();
    archive.encode()
}

#[test]
fn its_own_signs_tell_a_metadata_only_export() {
    for (recipe, signs) in [
        ("metadata-only", ["a VM that is running"].as_slice()),
        ("metadata-pool", &["VM", "snapshot"]),
    ] {
        let input = verify(Recipe::named(recipe).expect("a recipe").build());
        assert_eq!(input.kind, Some(Kind::Metadata));
        assert_eq!(
            (input.verdict, codes(&input)),
            (Verdict::Sound, vec![]),
            "{recipe}"
        );
        let Some(Fact::List(found)) = finding(&input, "xva/metadata-only").facts.get("signs")
        else {
            panic!("no signs");
        };
        for sign in signs {
            assert!(
                found.iter().any(|found| found.contains(sign)),
                "{recipe}: {found:?}"
            );
        }
    }
}

#[test]
fn without_signs_it_could_be_an_export_that_lost_its_disks() {
    let bytes = with_document("metadata-only", |document| {
        for object in document.objects.iter_mut().flatten() {
            if object.class == "VM" {
                object.set("power_state", Value::text("Halted"));
            }
            if object.get("currently_attached").is_some() {
                object.set("currently_attached", Value::Bool(false));
            }
        }
    });
    let input = verify(bytes);
    assert_eq!(input.verdict, Verdict::Suspect);
    assert_eq!(codes(&input), ["xva/no-disk-data"]);
}

#[test]
fn without_its_end_marker_it_has_no_disks_all_the_same() {
    for name in ["metadata-single-end-block", "metadata-no-end-blocks"] {
        let input = verify(Fault::named(name).expect(name).build());
        assert_eq!(input.kind, Some(Kind::Metadata), "{name}");
        assert_eq!(codes(&input), ["tar/end-missing"], "{name}");
        let facts = &finding(&input, "tar/end-missing").facts;
        assert!(facts.get("disks_not_reached").is_none(), "{name}");
        assert_eq!(input.import, None, "{name}");
    }
}

/// The recipe's archive up to the end of `ova.xml`.
fn cut_behind_the_document(recipe: &str, change: impl Fn(&mut Document)) -> Vec<u8> {
    let bytes = with_document(recipe, change);
    let size = std::str::from_utf8(&bytes[124..135]).expect("octal digits");
    let size = usize::from_str_radix(size, 8).expect("a size");
    bytes[..512 + size.next_multiple_of(512)].to_vec()
}

#[test]
fn an_export_that_is_cut_behind_its_document_is_cut() {
    let input = verify(cut_behind_the_document("two-disks", |_| {}));
    assert_eq!(input.kind, Some(Kind::Xva));
    assert_eq!(input.verdict, Verdict::Incomplete);
    assert_eq!(codes(&input), ["xva/truncated-between-pairs"]);
    // A suspended VM keeps its devices.
    let suspended = |document: &mut Document| {
        for object in document.objects.iter_mut().flatten() {
            if object.class == "VM" {
                object.set("power_state", Value::text("Suspended"));
            }
            if object.get("currently_attached").is_some() {
                object.set("currently_attached", Value::Bool(true));
            }
        }
    };
    let input = verify(cut_behind_the_document("suspended", suspended));
    assert_eq!(codes(&input), ["xva/truncated-between-pairs"]);
    // One that runs was never exported with its disks.
    let input = verify(cut_behind_the_document("metadata-only", |_| {}));
    assert_eq!(input.kind, Some(Kind::Metadata));
    assert_eq!(codes(&input), ["tar/end-missing"]);
}

#[test]
fn a_snapshot_without_its_vm() {
    let bytes = with_document("metadata-pool", |document| {
        let objects = document.objects.as_mut().expect("objects");
        let snapshot = objects
            .iter_mut()
            .find(|object| {
                object.class == "VM" && object.get("is_a_snapshot") == Some(&Value::Bool(true))
            })
            .expect("a snapshot");
        snapshot.set("snapshot_of", Value::text("Ref:99999"));
    });
    let input = verify(bytes);
    assert_eq!(codes(&input), ["xva/snapshot-link-broken"]);
}

#[test]
fn an_import_of_metadata_answers_with_an_error_of_its_own() {
    let bytes = with_document("metadata-only", |document| {
        let objects = document.objects.as_mut().expect("objects");
        let vm = objects
            .iter_mut()
            .find(|object| object.class == "VM")
            .expect("a VM");
        assert!(vm.remove("domid"));
    });
    let input = verify(bytes);
    let missing = finding(&input, "xva/metadata-field-missing");
    assert_eq!(missing.xapi_error.as_deref(), Some("INTERNAL_ERROR"));
    assert_eq!(input.import, None);
    let open = input.not_checked.join("\n");
    assert!(open.contains("VDI_LOCATION_MISSING"), "{open}");
}

#[test]
fn a_document_by_itself() {
    let recipe = Recipe::named("two-disks").expect("a recipe");
    let good = recipe.document_text().expect("a document");
    let input = verify(good.clone());
    assert_eq!(input.kind, Some(Kind::OvaXml));
    assert_eq!((input.verdict, codes(&input)), (Verdict::Sound, vec![]));
    assert_eq!((input.members, input.disks.len()), (0, 0));
    assert!(input.exporter.is_some() && !input.vms.is_empty());

    let half = good[..good.len() / 2].to_vec();
    let input = verify(half);
    assert_eq!(input.verdict, Verdict::Damaged);
    assert_eq!(codes(&input), ["xva/metadata-not-well-formed"]);
    assert_eq!(input.findings[0].place.member, None);
}

#[test]
fn real_documents_are_sound() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/ova-xml");
    if !root.is_dir() {
        eprintln!("skipped: no folder with real documents");
        return;
    }
    for name in ["xs-6.2.0-one-vif.xml", "xs-7.0.0-two-vifs.xml"] {
        let input = verify(fs::read(root.join(name)).expect(name));
        assert_eq!(
            (input.verdict, codes(&input)),
            (Verdict::Sound, vec![]),
            "{name}"
        );
    }
}

/// Verdict and findings of each fault of a metadata-only export beyond those of the undamaged one.
#[rustfmt::skip]
const FAULTS: &[(&str, Verdict, &[&str])] = &[
    ("metadata-snapshot-of-dangling", Verdict::Suspect, &["xva/snapshot-link-broken"]),
    ("metadata-snapshot-of-null", Verdict::Sound, &[]),
    ("metadata-parent-dangling", Verdict::Suspect, &["xva/snapshot-link-broken"]),
    ("metadata-parent-circle", Verdict::Suspect, &["xva/snapshot-link-broken"]),
    ("metadata-suspend-vdi-dangling", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-suspended-without-vdi", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-vgpu-group-dangling", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-vgpu-vm-dangling", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-vtpm-vm-dangling", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-duplicate-uuid", Verdict::Suspect, &["xva/uuid-doubled"]),
    // Importers do not read the sets.
    ("metadata-set-lacks-member", Verdict::Sound, &[]),
    ("metadata-bad-power-state", Verdict::Damaged, &["xva/metadata-field-invalid"]),
    ("metadata-unknown-class", Verdict::Sound, &["xva/class-unknown"]),
    ("metadata-no-vms", Verdict::Damaged, &["xva/reference-dangling"]),
    ("metadata-single-end-block", Verdict::Suspect, &["tar/end-missing"]),
    ("metadata-no-end-blocks", Verdict::Suspect, &["tar/end-missing"]),
    ("metadata-extra-member", Verdict::Suspect, &["xva/member-foreign"]),
];

#[test]
fn each_fault_gives_exactly_its_findings() {
    let all = Fault::all().filter(|fault| fault.name().starts_with("metadata-"));
    let mut wrong = Vec::new();
    for fault in all {
        let undamaged = verify(fault.default_recipe().build());
        let mut damaged = verify(fault.build());
        damaged.findings.retain(|finding| {
            let known = undamaged.findings.iter();
            let same = |known: &xenspect_model::Finding| {
                let alike = finding.severity == Severity::Note || known.facts == finding.facts;
                known.code == finding.code && alike
            };
            !known.clone().any(same)
        });
        let mut found: Vec<_> = damaged
            .findings
            .iter()
            .map(|finding| finding.code.name())
            .collect();
        // One for each device.
        found.dedup();
        let row = FAULTS.iter().find(|row| row.0 == fault.name());
        if row.is_none_or(|row| (row.1, row.2) != (damaged.verdict, found.as_slice())) {
            wrong.push(format!(
                "    ({:?}, {:?}, &{found:?}),",
                fault.name(),
                damaged.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
}

#[test]
fn a_vm_that_lists_a_device_that_is_not_there() {
    let bytes = with_document("metadata-only", |document| {
        let objects = document.objects.as_mut().expect("objects");
        let vm = objects.iter_mut().find(|object| object.class == "VM");
        let lost = Value::Array(vec![Value::text("Ref:99999")]);
        vm.expect("a VM").set("VTPMs", lost);
    });
    let input = verify(bytes);
    assert_eq!(codes(&input), ["xva/reference-dangling"]);
    let place = finding(&input, "xva/reference-dangling")
        .place
        .object
        .clone();
    assert!(place.expect("a place").ends_with(".VTPMs"));
}
