//! What can be done about an input that cannot be opened.

use std::fs;
use std::io;
use std::path::Path;

/// Entries of a folder that are looked at for a name that was meant.
const ENTRIES: usize = 10_000;
/// Of two names; 1 is the same.
const ALIKE: f64 = 0.75;
/// Longer names are not compared, which takes the product of their lengths.
const LONGEST: usize = 255;

/// Why a file cannot be opened, and what can be done about it.
pub(crate) fn of_file(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match meant(path) {
            Some(name) => format!("{error}; did you mean {name}?"),
            None => error.to_string(),
        },
        io::ErrorKind::PermissionDenied => {
            format!("{error}; run xenspect as a user who may read it")
        }
        io::ErrorKind::IsADirectory => format!("{error}; give a file that is in it"),
        _ => error.to_string(),
    }
}

/// The entry of the same folder whose name is most like one that is not there.
fn meant(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = match path.parent()? {
        folder if folder.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let nearest = fs::read_dir(folder)
        .ok()?
        .take(ENTRIES)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.len().max(wanted.len()) <= LONGEST)
        .map(|name| (strsim::normalized_damerau_levenshtein(&name, wanted), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        // Of two that are as near, the first by name: the order of a folder is nobody's.
        .max_by(|(a, one), (b, other)| a.total_cmp(b).then_with(|| other.cmp(one)))?;
    let name = crate::output::escaped(&nearest.1);
    Some(match folder == Path::new(".") {
        true => name,
        false => format!(
            "{}/{name}",
            crate::output::escaped(&folder.to_string_lossy())
        ),
    })
}
