//! The sections `packages` and `rpms` of a host backup. Supplemental packs are recorded in text files. What rpm itself keeps
//! is a Berkeley DB or an SQLite database and is not read; but yum leaves a folder for each package that it installed, whose
//! name tells the package (yum `rpmsack.py`, `RPMDBAdditionalData`).

use std::collections::BTreeSet;

use xenspect_host::repository::{self, FILE, FOLDER};
use xenspect_model::catalog::FileTable;
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use crate::bounded::clip;
use crate::section::{section, text};

/// Where yum leaves its folders: `x/1f0c…-xapi-core-1.249.3-1.1-x86_64`.
const YUM: &str = "var/lib/yum/yumdb/";
/// Databases of rpm, which are not read.
const RPM: [&str; 4] = [
    "var/lib/rpm/Packages",
    "var/lib/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/Packages",
];
/// Digits of the sum in front of a folder's name.
const SUM: usize = 40;

pub(super) fn packages(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("originator", "originator").rank(1),
        text("version", "version"),
        text("build", "build").rank(3),
        text("description", "description").rank(2),
    ]);
    let known = |text: Option<String>| Cell::from(text.map(|text| clip(text.into())));
    for pack in folders(files.0, FOLDER, 0) {
        let (originator, name) = match pack.split_once(':') {
            Some((originator, name)) => (Cell::Text(clip(originator.into())), name),
            None => (Cell::None, pack),
        };
        let file = files.bytes(&format!("{FOLDER}{pack}/{FILE}"));
        let told = repository::parse(file.unwrap_or_default());
        table.rows.push(vec![
            Cell::Text(clip(name.into())),
            originator,
            known(told.version),
            known(told.build),
            known(told.description),
        ]);
    }
    section("packages", "Supplemental packs", table)
}

pub(super) fn rpms(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("version", "version"),
        text("release", "release"),
        text("arch", "arch").rank(1),
    ]);
    for package in yum(files.0) {
        let cells = package.map(|text| Cell::Text(clip(text.into())));
        table.rows.push(cells.into());
    }
    Section {
        // Hundreds, of interest to who looks for one.
        foremost: Some(0),
        ..section("rpms", "RPM packages that yum installed", table)
    }
}

/// How many packages there are, and what is not read, in words.
pub(super) fn in_words(files: Files<'_>) -> Option<String> {
    let unread = RPM.iter().find(|path| files.0.files.contains_key(**path));
    let yum = match yum(files.0).len() {
        0 => None,
        number => Some(format!("{number} installed by yum (--table rpms)")),
    };
    let unread = unread.map(|path| format!("the list in {path} is not read"));
    let words: Vec<_> = yum.into_iter().chain(unread).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Name, version, release and architecture, in their order.
fn yum(table: &FileTable) -> BTreeSet<[&str; 4]> {
    let folders = folders(table, YUM, 1).into_iter();
    folders.filter_map(package).collect()
}

/// `SUM-NAME-VERSION-RELEASE-ARCH`.
fn package(folder: &str) -> Option<[&str; 4]> {
    let (sum, rest) = folder.split_once('-')?;
    let is_sum = sum.len() == SUM && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (rest, arch) = rest.rsplit_once('-')?;
    let (rest, release) = rest.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    is_sum.then_some([name, version, release, arch])
}

/// The names so many folders below a folder, each once.
fn folders<'a>(table: &'a FileTable, above: &str, below: usize) -> BTreeSet<&'a str> {
    let paths = table.files.range(above.to_owned()..);
    let paths = paths.map(|(path, _)| path.as_str());
    let paths = paths.map_while(|path| path.strip_prefix(above));
    let names = paths.filter_map(|path| path.split('/').nth(below));
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_yum_tell_packages() {
        let sum = "0123456789abcdef0123456789abcdef01234567";
        for (folder, expected) in [
            (
                format!("{sum}-xapi-core-1.249.3-1.1.xcpng8.2-x86_64"),
                Some(["xapi-core", "1.249.3", "1.1.xcpng8.2", "x86_64"]),
            ),
            (
                format!("{sum}-bash-4.2.46-34.el7-x86_64"),
                Some(["bash", "4.2.46", "34.el7", "x86_64"]),
            ),
            (format!("{sum}-bash-4.2.46"), None),
            ("012-bash-4.2.46-34.el7-x86_64".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(package(&folder), expected, "{folder}");
        }
    }
}
