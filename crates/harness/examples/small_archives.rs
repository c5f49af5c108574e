//! Writes archives with an `ova.xml` of a few fields as seeds for the fuzzer, and host backups of a few files:
//! `small_archives DIR HOSTS`.
//!
//! The seeds of `xenspect-synth` have whole records, and a scan of one spends most of its time
//! in them. Here members count, so each of them is left out and doubled once.

#[path = "../seeds/host_backups.rs"]
mod host_backups;

use std::path::{Path, PathBuf};
use std::{fs, io};

use xenspect_synth::{Archive, Member, Recipe, Role};

/// What tells the disks and the VM.
const FIELDS: [&str; 9] = [
    "uuid",
    "name_label",
    "VM",
    "VDI",
    "SR",
    "type",
    "userdevice",
    "virtual_size",
    "content_type",
];

/// First bytes of inputs for `whole_scan`, by how it wraps the rest.
const WRAPPINGS: [(&str, u8); 4] = [("plain", 0), ("gzip", 1), ("zstd", 2), ("sealed", 3)];

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(directory), Some(hosts)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: small_archives DIR HOSTS"));
    };
    write_hosts(&hosts)?;
    fs::create_dir_all(&directory)?;
    for name in ["tiny-blocks", "small-sha1", "export-vsn-0", "export-vsn-1"] {
        let mut recipe = Recipe::named(name).ok_or_else(|| io::Error::other("no such recipe"))?;
        recipe.chunk_size = 512;
        for (disk, size) in recipe.disks.iter_mut().zip([1536, 512]) {
            disk.virtual_size = size;
        }
        write_recipe(&directory, name, &recipe)?;
    }
    Ok(())
}

fn write_hosts(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (name, bytes) in host_backups::host_backups() {
        for (wrapping, choice) in WRAPPINGS {
            let bytes = [&[choice], bytes.as_slice()].concat();
            fs::write(directory.join(format!("{name}-{wrapping}")), bytes)?;
        }
    }
    Ok(())
}

fn write_recipe(directory: &Path, name: &str, recipe: &Recipe) -> io::Result<()> {
    let archive = small(recipe);
    for (wrapping, choice) in WRAPPINGS {
        let bytes = [vec![choice], archive.encode()].concat();
        fs::write(directory.join(format!("{name}-{wrapping}")), bytes)?;
    }
    if name != "tiny-blocks" {
        return Ok(());
    }
    for (index, member) in archive.members.iter().enumerate() {
        let mut without = archive.clone();
        without.members.remove(index);
        fs::write(
            directory.join(format!("{name}-without-{index}")),
            sealed(&without),
        )?;
        let mut doubled = archive.clone();
        doubled.members.insert(index, member.clone());
        fs::write(
            directory.join(format!("{name}-doubled-{index}")),
            sealed(&doubled),
        )?;
    }
    Ok(())
}

/// With the first byte for header checksums that hold whatever the fuzzer changes.
fn sealed(archive: &Archive) -> Vec<u8> {
    [vec![3], archive.encode()].concat()
}

/// The recipe's archive, its records cut down to [`FIELDS`].
fn small(recipe: &Recipe) -> Archive {
    let mut members: Vec<Member> = recipe.members();
    if let Some(mut document) = recipe.document() {
        if let Some(objects) = &mut document.objects {
            objects.retain(|object| ["VM", "VBD", "VDI", "SR"].contains(&object.class.as_str()));
            for object in objects {
                object
                    .snapshot
                    .retain(|(field, _)| FIELDS.contains(&field.as_str()));
            }
        }
        let metadata = members
            .iter_mut()
            .find(|member| member.role == Role::Document);
        if let Some(member) = metadata {
            member.payload = document.to_xml().into_bytes();
        }
    }
    Archive {
        members,
        ending: recipe.ending.clone(),
    }
}
