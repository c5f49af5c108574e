//! Good archives: the same bytes each time, the numbering of the format notes, the mandatory fields.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xenspect_synth::recipe::MIB;
use xenspect_synth::{Content, DiskRecipe, Document, Holes, Kind, Recipe, Release, Role, SumKind};

fn named(name: &str) -> Recipe {
    Recipe::named(name).unwrap_or_else(|| panic!("no recipe {name}"))
}

/// Names of the data chunks with their lengths, in order.
fn chunks(recipe: &Recipe) -> Vec<(String, usize)> {
    let blocks = recipe
        .members()
        .into_iter()
        .filter(|member| matches!(member.role, Role::Block { .. }));
    blocks
        .map(|member| {
            (
                String::from_utf8(member.name).expect("ASCII"),
                member.payload.len(),
            )
        })
        .collect()
}

#[test]
fn names_are_unique_and_every_recipe_builds_the_same_bytes_streamed_and_whole() {
    let mut seen = BTreeSet::new();
    for (name, description) in Recipe::names() {
        assert!(seen.insert(name), "{name} twice");
        assert!(!description.is_empty());
        let recipe = named(name);
        let whole = recipe.build();
        let mut streamed = Vec::new();
        recipe.write_to(&mut streamed).expect("written to memory");
        assert!(whole == streamed, "{name}: streaming differs");
        assert!(whole == recipe.build(), "{name}: two builds differ");
    }
    assert!(Recipe::named("no such recipe").is_none());
}

#[test]
fn another_seed_gives_other_bytes() {
    let recipe = named("small");
    let other = Recipe {
        seed: recipe.seed + 1,
        ..named("small")
    };
    assert!(recipe.build() != other.build());
}

#[test]
fn gaps_keep_their_numbers_and_the_first_and_last_chunk_are_there() {
    let sparse: Vec<_> = chunks(&named("sparse"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "Ref:24/00000000",
        "Ref:24/00000002",
        "Ref:24/00000003",
        "Ref:24/00000006",
        "Ref:24/00000010",
        "Ref:24/00000011",
        "Ref:27/00000000",
        "Ref:27/00000003",
    ];
    assert_eq!(sparse, expected);
    assert_eq!(chunks(&named("zero-disk")).len(), 2);
}

#[test]
fn a_keep_alive_takes_a_number_and_no_offset() {
    let mib = MIB as usize;
    let found: Vec<_> = chunks(&named("keep-alive"))
        .into_iter()
        .filter(|(name, _)| name.starts_with("Ref:24/"))
        .collect();
    // Chunks 0 to 5 of which 3 is a gap; empty chunks before 1 and before the gap.
    let expected = [
        ("Ref:24/00000000", mib),
        ("Ref:24/00000001", 0),
        ("Ref:24/00000002", mib),
        ("Ref:24/00000003", mib),
        ("Ref:24/00000004", 0),
        ("Ref:24/00000006", mib),
        ("Ref:24/00000007", mib),
    ];
    assert_eq!(found, expected.map(|(name, len)| (name.to_owned(), len)));
}

#[test]
fn disks_are_streamed_in_the_order_of_their_ids_as_strings() {
    assert_eq!(named("string-order").archive().disks(), ["Ref:10", "Ref:2"]);
    assert_eq!(named("suspended").archive().disks().len(), 2);
    assert_eq!(named("per-disk-export").archive().disks(), ["vdi"]);
    assert_eq!(
        named("xen-orchestra").archive().disks(),
        ["Ref:002", "Ref:004"]
    );
}

#[test]
fn chunks_follow_virtual_size() {
    let lens: Vec<_> = chunks(&named("partial-last"))
        .into_iter()
        .map(|(_, len)| len)
        .collect();
    assert_eq!(lens, [1 << 20, 1 << 20, 1 << 20, 512, 1 << 20, 777 * 512]);
    // A disk without bytes has no chunks.
    assert_eq!(named("empty-disk").archive().disks().len(), 2);
    // Xen Orchestra pads the last one, and says so in virtual_size.
    let recipe = named("xen-orchestra");
    assert!(chunks(&recipe).iter().all(|(_, len)| *len == 1 << 20));
    let document = recipe.document().expect("a document");
    let sizes = document
        .objects()
        .iter()
        .filter(|object| object.class == "VDI");
    let sizes: Vec<_> = sizes
        .map(|vdi| format!("{:?}", vdi.get("virtual_size")))
        .collect();
    assert_eq!(sizes, ["Some(Int(3145728))", "Some(Int(3145728))"]);
}

#[test]
fn every_checksum_member_follows_its_block_and_holds() {
    for (name, _) in Recipe::names() {
        let members = named(name).members();
        for pair in members.windows(2) {
            let Role::Sum { disk, number, kind } = &pair[1].role else {
                continue;
            };
            assert_eq!(
                pair[0].role,
                Role::Block {
                    disk: disk.clone(),
                    number: *number
                },
                "{name}"
            );
            assert_eq!(
                pair[1].payload,
                kind.text(&pair[0].payload).into_bytes(),
                "{name}"
            );
        }
    }
    assert_eq!(named("good-8.0").sum_kind(), Some(SumKind::Sha1));
    assert_eq!(named("good-8.2").sum_kind(), Some(SumKind::Xxh64));
    assert_eq!(named("export-vsn-0").sum_kind(), None);
}

/// The fields an importer has no default for (`formats/xva.md` section 3.3).
fn mandatory() -> BTreeMap<&'static str, Vec<&'static str>> {
    let vm = "uuid user_version is_a_template resident_on affinity memory_static_max memory_dynamic_max \
              memory_dynamic_min memory_static_min VCPUs_params VCPUs_max VCPUs_at_startup actions_after_shutdown \
              actions_after_reboot actions_after_crash PV_bootloader PV_kernel PV_ramdisk PV_args PV_bootloader_args \
              PV_legacy_args HVM_boot_policy HVM_boot_params platform PCI_bus other_config domid domarch \
              is_control_domain metrics guest_metrics recommendations";
    let vbd = "uuid VM VDI userdevice bootable mode type storage_lock empty status_code status_detail \
               runtime_properties qos_algorithm_type qos_algorithm_params qos_supported_algorithms other_config";
    let vif = "uuid device network VM MAC MTU status_code status_detail runtime_properties qos_algorithm_type \
               qos_algorithm_params qos_supported_algorithms other_config";
    let vdi = "uuid SR virtual_size physical_utilisation type sharable read_only other_config storage_lock managed \
               missing parent";
    let sr = "uuid virtual_allocation physical_utilisation physical_size type content_type shared other_config";
    [
        ("VM", vm),
        ("VBD", vbd),
        ("VIF", vif),
        ("VDI", vdi),
        ("SR", sr),
        ("network", "uuid other_config"),
    ]
    .map(|(class, fields)| (class, fields.split_whitespace().collect()))
    .into()
}

#[test]
fn records_of_xapi_have_every_mandatory_field_and_no_field_twice() {
    let mandatory = mandatory();
    for (name, _) in Recipe::names() {
        let recipe = named(name);
        if !matches!(recipe.kind, Kind::Xva | Kind::MetadataOnly) {
            continue;
        }
        for object in recipe.document().expect("a document").objects() {
            let fields: BTreeSet<_> = object
                .snapshot
                .iter()
                .map(|(field, _)| field.as_str())
                .collect();
            assert_eq!(
                fields.len(),
                object.snapshot.len(),
                "{name}: a field of {} twice",
                object.class
            );
            for field in mandatory.get(object.class.as_str()).into_iter().flatten() {
                assert!(
                    fields.contains(field),
                    "{name}: no {}.{field}",
                    object.class
                );
            }
        }
    }
}

#[test]
fn ids_are_unique_and_links_hold() {
    for (name, _) in Recipe::names() {
        let Some(document) = named(name).document() else {
            continue;
        };
        let ids: BTreeSet<_> = document
            .objects()
            .iter()
            .map(|object| object.id.as_str())
            .collect();
        assert_eq!(ids.len(), document.objects().len(), "{name}: an id twice");
        for (class, field) in [
            ("VBD", "VM"),
            ("VBD", "VDI"),
            ("VIF", "VM"),
            ("VIF", "network"),
            ("VDI", "SR"),
        ] {
            for object in document
                .objects()
                .iter()
                .filter(|object| object.class == class)
            {
                let to = object.text(field).expect("a reference");
                assert!(
                    ids.contains(to) || to == "OpaqueRef:NULL",
                    "{name}: {class}.{field} is {to}"
                );
            }
        }
    }
}

#[test]
fn documents_have_the_form_of_section_3() {
    for release in Release::ALL {
        let text = Recipe::new(release)
            .document()
            .expect("a document")
            .to_xml();
        let head = "<value><struct><member><name>version</name><value><struct><member><name>hostname</name><value>";
        assert!(text.starts_with(head), "{release:?}");
        assert!(
            text.ends_with("</data></array></value></member></struct></value>"),
            "{release:?}"
        );
        assert!(
            !text.contains('\n') && !text.contains("<?xml") && !text.contains("<int>"),
            "{release:?}"
        );
        assert_eq!(
            text.contains("<value/>"),
            release < Release::V8_0,
            "{release:?}"
        );
        assert_eq!(Release::named(release.name()), Some(release));
    }
    assert_eq!(Release::named("24.x"), Some(Release::V8_3));
}

/// Field names of an object class in the order of the text, from a document this crate did not write.
fn foreign_fields(text: &str, class: &str) -> Vec<String> {
    let from = text
        .find(&format!("<value>{class}</value>"))
        .expect("the class");
    let snapshot = &text[from..];
    let mut rest = &snapshot[snapshot
        .find("<name>snapshot</name><value><struct>")
        .expect("a snapshot")
        + 36..];
    let (mut depth, mut names) = (0, Vec::new());
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<struct>") {
            depth += 1;
        } else if rest.starts_with("</struct>") {
            depth -= 1;
            if depth < 0 {
                break;
            }
        } else if let Some(name) = rest.strip_prefix("<name>").filter(|_| depth == 0) {
            names.push(name[..name.find('<').expect("an end tag")].to_owned());
        }
        rest = &rest[1..];
    }
    names
}

fn own_fields(document: &Document, class: &str) -> Vec<String> {
    let object = document
        .objects()
        .iter()
        .find(|object| object.class == class)
        .expect("the class");
    object
        .snapshot
        .iter()
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn records_have_the_fields_of_real_exports_in_the_same_order() {
    let data =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/ova-xml");
    for (file, release) in [
        ("xs-6.2.0-one-vif.xml", Release::V6_2),
        ("xs-7.0.0-two-vifs.xml", Release::V7_0),
    ] {
        let Ok(text) = std::fs::read_to_string(data.join(file)) else {
            say_skipped(format_args!("skipped: {file} is not there"));
            continue;
        };
        let mut recipe = named("small");
        recipe.release = release;
        let document = recipe.document().expect("a document");
        for class in [
            "VM",
            "VM_guest_metrics",
            "VBD",
            "VIF",
            "network",
            "VDI",
            "SR",
        ] {
            assert_eq!(
                own_fields(&document, class),
                foreign_fields(&text, class),
                "{file}: {class}"
            );
        }
    }
}

#[test]
fn version_1_chunks_are_gzip_members_of_the_nominal_length() {
    use std::io::Read;
    let recipe = named("xva-version-1");
    let members = recipe.members();
    assert!(
        members[0]
            .payload
            .starts_with(b"<?xml version=\"1.0\" ?>\n<appliance version=\"0.1\">")
    );
    let mut lens = Vec::new();
    for member in &members[1..] {
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(&member.payload[..])
            .read_to_end(&mut out)
            .expect("gzip");
        lens.push((
            String::from_utf8(member.name.clone()).expect("ASCII"),
            out.len(),
        ));
    }
    let expected = [
        ("sda/chunk-000000000.gz", 65_536),
        ("sda/chunk-000000001.gz", 65_536),
        ("sda/chunk-000000002.gz", 65_536),
        ("sda/chunk-000000003.gz", 8_192),
        ("sdb/chunk-000000000.gz", 65_536),
    ];
    assert_eq!(lens, expected.map(|(name, len)| (name.to_owned(), len)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Placing the chunks by the rule of section 5.1 gives the whole disk, whatever the recipe.
    #[test]
    fn chunks_add_up_to_the_disk(
        sectors in 0_u64..60,
        holes in proptest::collection::vec(0_u64..30, 0..6),
        keep_alives in proptest::collection::vec(0_u64..30, 0..6),
        seed in any::<u64>(),
    ) {
        let chunk = 1024;
        let mut disk = DiskRecipe::new(sectors * 512, Content::Repeats);
        disk.holes = Holes::Chunks(holes.iter().map(|&at| at..at + 2).collect());
        disk.keep_alives = keep_alives;
        let recipe = Recipe { seed, chunk_size: chunk, disks: vec![disk], ..Recipe::new(Release::V8_2) };
        let (mut pos, mut next) = (0_u64, 0_u64);
        for member in recipe.members() {
            let Role::Block { number, .. } = member.role else { continue };
            prop_assert!(number >= next);
            pos += (number - next) * chunk + member.payload.len() as u64;
            next = number + 1;
        }
        prop_assert_eq!(pos, sectors * 512);
    }

    /// The tar library reads back the names and payloads that went in.
    #[test]
    fn the_tar_library_reads_the_members(sectors in 0_u64..9, seed in any::<u64>(), old in any::<bool>()) {
        let release = if old { Release::V6_2 } else { Release::V8_3 };
        let disks = vec![DiskRecipe::new(sectors * 512, Content::Random)];
        let recipe = Recipe { seed, chunk_size: 1024, disks, ..Recipe::new(release) };
        let bytes = recipe.build();
        let mut archive = tar::Archive::new(&bytes[..]);
        let mut read = Vec::new();
        for entry in archive.entries().expect("entries") {
            let mut entry = entry.expect("an entry");
            let mut payload = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut payload).expect("a payload");
            read.push((entry.path_bytes().into_owned(), payload));
        }
        let written: Vec<_> = recipe.members().into_iter().map(|member| (member.name, member.payload)).collect();
        prop_assert_eq!(read, written);
    }
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
