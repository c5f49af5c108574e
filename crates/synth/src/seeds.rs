//! Small inputs for the fuzz targets: whole archives, headers, checksum texts and documents.

use std::fs;
use std::io;
use std::path::Path;

use crate::envelope::Envelope;
use crate::fault::{Fault, apply};
use crate::header::{Header, HeaderStyle};
use crate::member::Role;
use crate::recipe::Recipe;
use crate::sum::SumKind;

/// Longest archive worth giving to a fuzzer, in bytes.
const LARGEST_ARCHIVE: usize = 300_000;

/// Writes the seeds into `archive`, `header`, `sum`, `ova` and `table` below a directory.
///
/// # Errors
///
/// Those of the file system.
pub fn write_all(directory: &Path) -> io::Result<()> {
    for (kind, name, bytes) in seeds() {
        let folder = directory.join(kind);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// Folder, file name and bytes of every seed.
#[must_use]
pub fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    archives(&mut seeds);
    headers(&mut seeds);
    sums(&mut seeds);
    documents(&mut seeds);
    seeds
}

type Seeds = Vec<(&'static str, String, Vec<u8>)>;

fn archives(seeds: &mut Seeds) {
    let small = [
        "tiny",
        "tiny-blocks",
        "small-sha1",
        "export-vsn-1",
        "export-vsn-0",
        "per-disk-export",
        "metadata-only",
    ];
    for name in
        small
            .into_iter()
            .chain(["xva-version-1", "no-disks", "vtpm-nvram", "host-leftovers"])
    {
        seeds.extend(
            Recipe::named(name).map(|recipe| ("archive", format!("{name}.xva"), recipe.build())),
        );
    }
    for (name, envelope) in Envelope::NAMES {
        let recipe = Recipe::named("tiny-blocks").map(|recipe| Recipe { envelope, ..recipe });
        seeds.extend(
            recipe.map(|recipe| ("archive", format!("tiny-blocks.{name}"), recipe.build())),
        );
    }
    // A fault is tried on small grounds; those that need a large one are left to the tests.
    for fault in Fault::all() {
        for name in ["tiny-blocks", "export-vsn-1"] {
            let Some(mut recipe) = Recipe::named(name) else {
                continue;
            };
            recipe.envelope = match fault.name() {
                name if name.starts_with("gzip") => Envelope::GzipMembers(4096),
                name if name.starts_with("zstd") => Envelope::ZstdFrames(4096),
                _ => Envelope::Plain,
            };
            if let Ok(bytes) = apply(&recipe, fault)
                && bytes.len() <= LARGEST_ARCHIVE
            {
                seeds.push(("archive", format!("{}.xva", fault.name()), bytes));
                break;
            }
        }
    }
}

fn headers(seeds: &mut Seeds) {
    let styles = [
        ("old", HeaderStyle::XapiOld),
        ("new", HeaderStyle::XapiNew),
        ("tar-stream", HeaderStyle::TarStream),
        ("ustar", HeaderStyle::Ustar),
        ("gnu", HeaderStyle::Gnu),
    ];
    for (style_name, style) in styles {
        for (member, size) in [
            ("ova.xml", 20_000),
            ("Ref:4/00000000", 1_048_576),
            ("Ref:4/00000000.xxhash", 16),
        ] {
            let name = format!("{style_name}-{}", member.replace(['/', ':'], "_"));
            seeds.push((
                "header",
                name,
                Header::new(style).encode(member.as_bytes(), size).to_vec(),
            ));
        }
    }
    let mut base_256 = [0; 12];
    base_256[0] = 0x80;
    base_256[9] = 0x10;
    let header = Header {
        size_field: Some(base_256),
        ..Header::new(HeaderStyle::Gnu)
    };
    seeds.push((
        "header",
        "gnu-base-256".to_owned(),
        header.encode(b"Ref:4/00000000", 0).to_vec(),
    ));
}

fn sums(seeds: &mut Seeds) {
    for (name, kind) in [("sha1", SumKind::Sha1), ("xxh64", SumKind::Xxh64)] {
        let text = kind.text(b"abc");
        seeds.push(("sum", name.to_owned(), text.clone().into_bytes()));
        seeds.push((
            "sum",
            format!("{name}-line-end"),
            format!("{text}\n").into_bytes(),
        ));
        seeds.push((
            "sum",
            format!("{name}-lower"),
            text.to_lowercase().into_bytes(),
        ));
        seeds.push((
            "sum",
            format!("{name}-short"),
            text.as_bytes()[1..].to_vec(),
        ));
    }
}

fn documents(seeds: &mut Seeds) {
    for (name, _) in Recipe::names() {
        let document = Recipe::named(name).and_then(|recipe| recipe.document());
        seeds.extend(
            document.map(|tree| ("ova", format!("{name}.xml"), tree.to_xml().into_bytes())),
        );
    }
    let legacy = Recipe::named("export-vsn-1")
        .map(|recipe| recipe.members())
        .unwrap_or_default();
    let table = legacy.into_iter().find(|member| member.role == Role::Table);
    seeds.extend(table.map(|member| ("table", "checksum.xml".to_owned(), member.payload)));
}
