//! From a recipe to the members of its archive, one chunk at a time.
//!
//! Numbering, gaps, keep-alives and the legacy table are here (`formats/xva.md` sections 4, 5 and 9);
//! records are in `records`, tar bytes in [`crate::member`].

use std::io;

use crate::header::Header;
use crate::member::{Member, Role};
use crate::recipe::{DiskRecipe, Kind, Recipe};
use crate::records::Ids;
use crate::sum::SumKind;
use crate::version1;
use crate::xen_orchestra;
use crate::xmlrpc::{Spelling, Value};

pub(crate) type Sink<'a> = dyn FnMut(Member) -> io::Result<()> + 'a;

/// The text of `ova.xml`; `None` for a per-disk export.
pub(crate) fn document_text(recipe: &Recipe) -> Option<Vec<u8>> {
    match recipe.kind {
        Kind::PerDisk => None,
        Kind::Version1 => Some(version1::document(recipe).into_bytes()),
        Kind::Xva | Kind::MetadataOnly | Kind::XenOrchestra => recipe
            .document()
            .map(|document| document.to_xml().into_bytes()),
    }
}

/// All members at once.
pub(crate) fn members(recipe: &Recipe, ova: Option<Vec<u8>>) -> Vec<Member> {
    let mut members = Vec::new();
    let result = each_member(recipe, ova, &mut |member| {
        members.push(member);
        Ok(())
    });
    result.expect("collecting in memory does not fail");
    members
}

/// Hands out the members in order.
pub(crate) fn each_member(
    recipe: &Recipe,
    ova: Option<Vec<u8>>,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    if let Some(text) = ova {
        let mtime = match recipe.kind {
            Kind::XenOrchestra => member_mtime(recipe),
            _ => recipe.release.document_mtime().max(member_mtime(recipe)),
        };
        sink(Member {
            name: b"ova.xml".to_vec(),
            payload: text,
            header: Header {
                mtime,
                ..Header::new(recipe.header_style())
            },
            role: Role::Document,
        })?;
    }
    if recipe.kind == Kind::Version1 {
        return version1::each_chunk(recipe, sink);
    }
    let mut table = Vec::new();
    for (directory, ordinal, disk) in streamed(recipe) {
        if recipe.directories {
            let mut header = block_header(recipe);
            header.directory = true;
            sink(Member {
                name: format!("{directory}/").into_bytes(),
                payload: Vec::new(),
                header,
                role: Role::Directory,
            })?;
        }
        each_chunk(recipe, &directory, ordinal, &disk, &mut |block| {
            if recipe.export_vsn < 2 {
                let name = String::from_utf8_lossy(&block.name).into_owned();
                table.push((name, Value::text(SumKind::Sha1.text(&block.payload))));
            }
            let sum = recipe.sum_kind().and_then(|kind| block.sum(kind));
            sink(block)?;
            sum.map_or(Ok(()), &mut *sink)
        })?;
    }
    if recipe.export_vsn < 2 && recipe.kind == Kind::Xva {
        sink(table_member(recipe, table))?;
    }
    Ok(())
}

/// `checksum.xml`: a struct of data member names and SHA-1 texts.
pub(crate) fn table_member(recipe: &Recipe, entries: Vec<(String, Value)>) -> Member {
    let mut text = String::new();
    Spelling::default().write(&mut text, &Value::Struct(entries));
    Member {
        name: b"checksum.xml".to_vec(),
        payload: text.into_bytes(),
        header: block_header(recipe),
        role: Role::Table,
    }
}

/// Directory, ordinal for the contents, and recipe of each streamed disk in stream order.
pub(crate) fn streamed(recipe: &Recipe) -> Vec<(String, u64, DiskRecipe)> {
    let directories: Vec<String> = match recipe.kind {
        Kind::MetadataOnly | Kind::Version1 => return Vec::new(),
        Kind::PerDisk => vec!["vdi".to_owned()],
        Kind::XenOrchestra => xen_orchestra::disk_ids(recipe),
        Kind::Xva => {
            let ids = Ids::allocate(recipe);
            ids.vbds
                .iter()
                .filter_map(|vbd| vbd.disk.map(|_| vbd.vdi.clone()))
                .collect()
        }
    };
    let mut disks: Vec<(String, u64, DiskRecipe)> = directories
        .into_iter()
        .zip(&recipe.disks)
        .zip(0..)
        .map(|((directory, disk), ordinal)| (directory, ordinal, disk.clone()))
        .collect();
    if let (Kind::Xva, Some(image)) = (recipe.kind, suspend_disk(recipe)) {
        let id = Ids::allocate(recipe).suspend.map(|(vdi, _)| vdi);
        disks.extend(id.map(|id| (id, recipe.disks.len() as u64, image)));
    }
    disks.sort_by(|a, b| a.0.cmp(&b.0));
    disks
}

fn suspend_disk(recipe: &Recipe) -> Option<DiskRecipe> {
    recipe
        .suspend_image
        .map(|len| DiskRecipe::new(len, crate::Content::Repeats))
}

fn each_chunk(
    recipe: &Recipe,
    directory: &str,
    ordinal: u64,
    disk: &DiskRecipe,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let pad = recipe.kind == Kind::XenOrchestra;
    let chunks = disk.virtual_size.div_ceil(recipe.chunk_size);
    let mut number = 0;
    for chunk in 0..chunks {
        let inner = chunk != 0 && chunk + 1 != chunks;
        if inner && disk.keep_alives.contains(&chunk) {
            sink(Member::block(
                block_header(recipe),
                directory,
                number,
                Vec::new(),
            ))?;
            number += 1;
        }
        if inner && disk.is_hole(chunk) {
            number += 1;
            continue;
        }
        let rest = (disk.virtual_size - chunk * recipe.chunk_size).min(recipe.chunk_size);
        // Chunks are at most `chunk_size` long; a chunk that exceeds memory is a wrong recipe.
        let len = usize::try_from(rest).map_err(io::Error::other)?;
        let mut payload = if disk.is_zero(chunk) {
            vec![0; len]
        } else {
            disk.content.chunk(recipe.seed, ordinal, chunk, len)
        };
        if pad {
            payload.resize(
                usize::try_from(recipe.chunk_size).map_err(io::Error::other)?,
                0,
            );
        }
        sink(Member::block(
            block_header(recipe),
            directory,
            number,
            payload,
        ))?;
        number += 1;
    }
    Ok(())
}

/// General tar programs and Xen Orchestra write a real time, xapi writes 0.
fn member_mtime(recipe: &Recipe) -> u64 {
    use crate::header::HeaderStyle::{Gnu, TarStream, Ustar};
    match recipe.header_style() {
        TarStream | Ustar | Gnu => 1_700_000_000,
        _ => 0,
    }
}

pub(crate) fn block_header(recipe: &Recipe) -> Header {
    Header {
        mtime: member_mtime(recipe),
        ..Header::new(recipe.header_style())
    }
}
