//! What is kept of a container: files within bounds, the last of each name, and remarks on the others.

use std::collections::BTreeMap;

use super::bounds::Bounds;
use super::name::{Name, shown, split_top};
use super::{Collected, Container, Packing};

/// Remarks that are kept; further ones are counted.
const REMARKS: usize = 50;
/// How the one folder of a status report begins (`formats/pool-db.md` section 9).
const STATUS_REPORT: &str = "bug-report-";
/// Lists every file of a status report.
const STATUS_INVENTORY: &str = "inventory.xml";
/// Folders of a host's root: one that is shared by all files is none that was put around them.
const ROOTS: [&str; 12] = [
    "boot", "dev", "etc", "home", "mnt", "opt", "proc", "root", "run", "sys", "usr", "var",
];

/// Files and remarks, as they come.
pub(crate) struct Kept<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    bounds: Bounds,
    files: BTreeMap<String, Vec<u8>>,
    held: u64,
    remarks: Vec<String>,
    further: u64,
    truncated: bool,
    /// Whether anything was met yet.
    met: bool,
    /// The folder of a status report, with its slash.
    report: Option<String>,
    /// An `inventory.xml` stands right in the top folder.
    listed: bool,
    /// The first member is the root itself.
    rooted: bool,
    /// Something stands where a host has it.
    of_host: bool,
    /// It was said that there are too many files.
    too_many: bool,
}

impl<'a> Kept<'a> {
    pub(crate) fn new(wanted: &'a dyn Fn(&str) -> bool, bounds: Bounds) -> Self {
        Self {
            wanted,
            bounds,
            files: BTreeMap::new(),
            held: 0,
            remarks: Vec::new(),
            further: 0,
            truncated: false,
            met: false,
            report: None,
            listed: false,
            rooted: false,
            of_host: false,
            too_many: false,
        }
    }

    /// Looks at the name of a member, whatever it is, and gives the name under which it is wanted.
    pub(super) fn look(&mut self, stored: &[u8]) -> Option<String> {
        let name = Name::of(stored);
        if let Name::Unsafe(shown) = &name {
            self.remark(format!(
                "its member {shown:?} is passed by: that name leads out of the archive"
            ));
        }
        let first = !std::mem::replace(&mut self.met, true);
        let name = match &name {
            Name::Plain(name) => name,
            Name::Root => {
                self.rooted |= first;
                return None;
            }
            Name::Unsafe(_) => return None,
        };
        let top = name.split('/').next().unwrap_or(name);
        if first && top.starts_with(STATUS_REPORT) {
            self.report = Some(format!("{top}/"));
        }
        self.of_host |=
            name.starts_with("etc/xensource") || name.starts_with("var/backup/pool-database-");
        let inside = split_top(name).map(|(_, rest)| rest);
        self.listed |= inside == Some(STATUS_INVENTORY);
        if let Some(inside) = self
            .report
            .as_deref()
            .and_then(|top| name.strip_prefix(top))
        {
            return (self.wanted)(inside).then(|| inside.to_owned());
        }
        let wanted = (self.wanted)(name) || inside.is_some_and(|inside| (self.wanted)(inside));
        wanted.then(|| name.clone())
    }

    /// The bytes of a file that is kept.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Makes room for a wanted file of so many bytes, where that is known: an earlier one of the name is gone then,
    /// as it is after unpacking. Gives the number of bytes that the file may have; `None` where it is left out.
    pub(crate) fn room(&mut self, name: &str, size: Option<u64>) -> Option<u64> {
        self.forget(name);
        if self.files.len() >= self.bounds.files {
            if !std::mem::replace(&mut self.too_many, true) {
                let most = self.bounds.files;
                self.remark(format!("it has more files than the {most} that are read"));
            }
            return None;
        }
        let most = self.bounds.of_file(name);
        let left = self.bounds.total.saturating_sub(self.held);
        let room = most.min(left);
        if size.is_some_and(|size| size > room) {
            self.too_large(name);
            return None;
        }
        Some(room)
    }

    /// Says that a file is larger than the room for it.
    pub(super) fn too_large(&mut self, name: &str) {
        let most = self.bounds.of_file(name);
        let total = self.bounds.total;
        self.leave_out(
            name,
            &format!(
                "has more bytes than are read (at most {most} of such a file, and {total} of all)"
            ),
        );
    }

    /// Whether there is no file yet.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes a file. [`room`](Self::room) was asked for it before.
    pub(crate) fn keep(&mut self, name: String, bytes: Vec<u8>) {
        self.held = self.held.saturating_add(bytes.len() as u64);
        self.files.insert(name, bytes);
    }

    /// Says why a wanted file is not there. An earlier one of its name is gone too.
    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        self.forget(name);
        self.remark(format!("{} is left out: it {why}", shown(name)));
    }

    pub(crate) fn forget(&mut self, name: &str) {
        if let Some(bytes) = self.files.remove(name) {
            self.held = self.held.saturating_sub(bytes.len() as u64);
        }
    }

    pub(crate) fn remark(&mut self, remark: String) {
        if self.remarks.len() < REMARKS {
            self.remarks.push(remark);
        } else {
            self.further = self.further.saturating_add(1);
        }
    }

    /// The container ends too early or breaks.
    pub(crate) fn cut(&mut self, how: &str) {
        self.truncated = true;
        self.remark(format!("{how}; what stands before that was read"));
    }

    /// The files of a folder.
    pub(super) fn of_folder(self) -> Collected {
        self.collected(Container::Folder, Packing::Plain)
    }

    /// The files of an archive.
    pub(crate) fn of_archive(self, packing: Packing) -> Collected {
        let form = if self.report.is_some() {
            Container::StatusReport
        } else if self.rooted && self.of_host {
            Container::HostBackup
        } else {
            Container::Archive
        };
        self.collected(form, packing)
    }

    fn collected(mut self, mut form: Container, packing: Packing) -> Collected {
        let loose = matches!(form, Container::Folder | Container::Archive);
        if loose && self.strip_top() && form == Container::Archive && self.listed {
            form = Container::StatusReport;
        }
        if self.further > 0 {
            let further = self.further;
            self.remarks
                .push(format!("there are {further} further remarks"));
        }
        Collected {
            form,
            packing,
            files: self.files.into_iter().collect(),
            remarks: self.remarks,
            truncated: self.truncated,
        }
    }

    /// Takes one folder that is around all files off their names, unless it is one of a host's own.
    fn strip_top(&mut self) -> bool {
        let top = match self.files.keys().next().and_then(|name| split_top(name)) {
            Some((top, _)) if !ROOTS.contains(&top) => format!("{top}/"),
            _ => return false,
        };
        let around = self.files.keys().all(|name| {
            let inside = name.strip_prefix(&top);
            inside.is_some_and(|inside| (self.wanted)(inside))
        });
        if around {
            let files = std::mem::take(&mut self.files);
            self.files = files
                .into_iter()
                .map(|(name, bytes)| match name.strip_prefix(&top) {
                    Some(inside) => (inside.to_owned(), bytes),
                    None => (name, bytes),
                })
                .collect();
        }
        around
    }
}
