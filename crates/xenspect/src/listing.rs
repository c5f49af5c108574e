//! What lies below a folder or a prefix of an object store, in one order: that of the parts of their names.

use std::path::Path;

use walkdir::WalkDir;
use xenspect_state::Look;
use xenspect_store::xo::EntryKind;

use crate::inputs::Target;
use crate::remote;
use crate::sidecars::Listed;

/// What lies below a folder or prefix.
#[derive(Default)]
pub(crate) struct Below {
    /// The inputs in the order of their names, with what was seen of each.
    pub(crate) targets: Vec<(Target, Option<Look>)>,
    /// All that is there.
    pub(crate) listed: Vec<Listed>,
}

impl Below {
    /// What lies below a folder, or below the prefix of an object store.
    pub(crate) fn of(path: &Path) -> Self {
        if remote::is_url(path) {
            objects(path)
        } else {
            files(path)
        }
    }
}

/// The files below a folder by name. Links are not followed.
fn files(folder: &Path) -> Below {
    let mut below = Below::default();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                below.targets.push((Target::Unlisted(path, reason), None));
                continue;
            }
        };
        if entry.depth() == 0 && entry.file_type().is_dir() {
            continue;
        }
        let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
        let is = entry.file_type();
        let path = entry.into_path();
        let kind = match (is.is_file(), is.is_dir()) {
            (true, _) => EntryKind::File,
            (_, true) => EntryKind::Folder,
            _ => EntryKind::Other,
        };
        match kind {
            EntryKind::File => {
                let look = Look::at(&path).ok();
                below.targets.push((Target::Met(path.clone()), look));
            }
            EntryKind::Folder => {}
            EntryKind::Other => below.targets.push((Target::Other(path.clone()), None)),
        }
        below.listed.push(Listed { path, bytes, kind });
    }
    below
}

/// The objects below a prefix, in the order in which files would be.
fn objects(prefix: &Path) -> Below {
    let mut below = Below::default();
    let found = match remote::list(prefix) {
        Ok(found) => found,
        Err(reason) => {
            let target = Target::Unlisted(prefix.to_owned(), format!("cannot be listed: {reason}"));
            below.targets.push((target, None));
            return below;
        }
    };
    let mut objects = found.objects;
    objects.sort_by(|a, b| a.url.cmp(&b.url));
    for object in objects {
        let look = remote::look(object.size, object.etag, object.modified);
        below.listed.push(Listed {
            path: object.url.clone(),
            bytes: object.size,
            kind: EntryKind::File,
        });
        below.targets.push((Target::Met(object.url), Some(look)));
    }
    for (url, reason) in found.unreadable {
        below.targets.push((Target::Unlisted(url, reason), None));
    }
    if found.more_unreadable > 0 {
        let reason = format!("{} more objects cannot be asked for", found.more_unreadable);
        below
            .targets
            .push((Target::Unlisted(prefix.to_owned(), reason), None));
    }
    below
}
