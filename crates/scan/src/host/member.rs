//! What is made of one member: its place in the tree, and what it replaces there.

use xenspect_archive::tar::{HeaderSum, Member, MemberKind};
use xenspect_model::catalog::{Fact, Member as MemberFact, Unpacking};
use xenspect_model::diff::{FileKind, FileState};

use super::names::{climbs, count, is_database};
use super::reader::Reader;
use super::state::{path as path_of, state, text};
use crate::collect::{Name, shown};
use crate::feed::Feed;
use crate::members::walk::Stop;

/// The type of the rest of a file that was begun in another volume, which GNU tar does not unpack.
const CONTINUED: u8 = b'M';
/// The type of an extension header of Solaris, which GNU tar reads as a pax header for the next member.
const SOLARIS_EXTENDED: u8 = b'X';

impl<F: Feed> Reader<'_, F> {
    /// Looks at a member, and reads its payload or passes it by.
    pub(super) fn member(&mut self, member: &Member) -> Result<(), Stop> {
        let offset = member.header_offset;
        if self.members == 1 {
            self.first_member = crate::member::shown(&member.name);
        }
        if let HeaderSum::Wrong { stored, computed } = member.header_sum {
            let name = crate::member::shown(&member.name);
            let fact = MemberFact::HeaderSum {
                name,
                stored,
                computed,
            };
            self.facts.push(offset, Fact::Member(fact));
            return self.pass(member.size);
        }
        self.look_at_header(member);
        let stored = text(&member.name);
        let name = Name::of(stored.as_bytes());
        let is_unsafe = matches!(name, Name::Unsafe(_));
        let wanted = matches!(&name, Name::Plain(path) if (self.options.host_files)(path));
        let path = path_of(name, &stored);
        let state = state(member);
        // The second operand of host-backup, `boot/efi`, is packed again as links of each file to itself where it is a folder
        // of the root.
        let is_itself = state.is == FileKind::HardLink && state.link.as_ref() == Some(&path);
        if is_itself && self.sizes.has(&path) {
            return self.pass(member.size);
        }
        if is_unsafe {
            // It is in no place of the tree.
            count(&mut self.names.climbing, offset, || shown(&stored));
        } else {
            self.look_at_link(member, &path, state.link.as_deref());
            self.look_at_place(member, &path, &state);
            self.count(member, &path, state.is);
        }
        self.forget(&path);
        let is = state.is;
        let in_table = self.enter(&path, state, wanted);
        match is {
            FileKind::File => {
                let mtime = member.mtime.and_then(|mtime| i64::try_from(mtime).ok());
                self.newest = self.newest.max(mtime);
                return self.file(member, path, wanted && in_table);
            }
            FileKind::HardLink => self.hard_link(member, path, wanted),
            // A folder of that name is none that anybody reads as a database.
            _ if is_database(&path) => {
                let why = format!("is a {} there, which is not read", member.kind.name());
                self.unread(member, &path, true, &why);
            }
            FileKind::Folder => {}
            _ if wanted => {
                let why = format!("is a {} there, which is not read", member.kind.name());
                self.kept.leave_out(&path, &why);
            }
            _ => {}
        }
        self.pass(member.size)
    }

    /// Notices what GNU tar stumbles over in a header. The first of it is enough.
    fn look_at_header(&mut self, member: &Member) {
        let fault = match member.kind {
            MemberKind::Other(flag @ CONTINUED) => Unpacking::Type(flag),
            MemberKind::Other(flag @ SOLARIS_EXTENDED) if member.size > 0 => Unpacking::Type(flag),
            kind if kind.is_header_only() && member.size > 0 => Unpacking::Size {
                kind,
                size: member.size,
            },
            _ => match member.unreadable.first() {
                Some(field) => Unpacking::Number(*field),
                None => return,
            },
        };
        let name = crate::member::shown(&member.name);
        let fact = MemberFact::Unpacking { name, fault };
        self.facts.push(member.header_offset, Fact::Member(fact));
    }

    fn look_at_link(&mut self, member: &Member, path: &str, link: Option<&str>) {
        let Some(link) = link else { return };
        let out = match member.kind {
            MemberKind::HardLink => matches!(Name::of(link.as_bytes()), Name::Unsafe(_)),
            _ => climbs(path, link),
        };
        if out {
            count(&mut self.names.links_out, member.header_offset, || {
                format!("{} -> {}", shown(path), shown(link))
            });
        }
    }

    /// Notices what tar puts elsewhere, or cannot unpack: it follows a link on the way, and ends with an error where a file
    /// is on the way, where a folder is in the place, where a hard link leads to nothing or to a folder, and where a symbolic
    /// link has no target.
    fn look_at_place(&mut self, member: &Member, path: &str, state: &FileState) {
        let offset = member.header_offset;
        let met = self.sizes.on_the_way(path);
        if met == Some(FileKind::Symlink) {
            count(&mut self.names.through_links, offset, || shown(path));
            return;
        }
        let is_in_the_way = met.is_some()
            || state.is != FileKind::Folder && self.sizes.kind(path) == Some(FileKind::Folder);
        let leads_nowhere = match state.is {
            FileKind::HardLink => self.links_nothing(&text(&member.link_name)),
            FileKind::Symlink => member.link_name.is_empty(),
            _ => false,
        };
        if is_in_the_way || leads_nowhere {
            count(&mut self.names.not_unpacked, offset, || {
                match state.link.as_deref().filter(|_| leads_nowhere) {
                    Some(link) => format!("{} -> {}", shown(path), shown(link)),
                    None => shown(path),
                }
            });
        }
    }

    /// Whether a hard link cannot be made: its target is not there by now, or is a folder.
    fn links_nothing(&self, stored: &str) -> bool {
        let path = match Name::of(stored.as_bytes()) {
            Name::Plain(path) => path,
            Name::Root => return true,
            Name::Unsafe(_) => return false,
        };
        match self.sizes.kind(&path) {
            Some(FileKind::Folder) => true,
            // Nothing but a folder can be meant.
            Some(_) => stored.ends_with('/'),
            None => self.sizes.knows_all(),
        }
    }

    /// Counts what a member takes up, and notices a name that is there twice. tar unpacks what it does not know as a file.
    fn count(&mut self, member: &Member, path: &str, is: FileKind) {
        let bytes = match is {
            FileKind::File | FileKind::Other => member.size,
            _ => 0,
        };
        // A second one that is not like the first has replaced it.
        let is_alike = self.sizes.bytes(path) == Some(bytes);
        let is_second = self.pairs.is_second(path, &member.name) && is_alike;
        let Some(earlier) = self.sizes.take(path, is, bytes) else {
            return;
        };
        let is_in_order = earlier == is && (is == FileKind::Folder || is_second);
        if !is_in_order {
            count(&mut self.names.repeated, member.header_offset, || {
                shown(path)
            });
        }
    }

    /// Forgets an earlier member of the name.
    fn forget(&mut self, path: &str) {
        self.kept.forget(path);
        self.places.remove(path);
        self.databases.forget(path);
        self.table.forget(path);
    }

    /// Puts a member into the table. `false` where there is no room for it.
    fn enter(&mut self, path: &str, state: FileState, wanted: bool) -> bool {
        let options = self.options;
        let is_named = wanted || options.digests || is_database(path) || (options.host_table)(path);
        !is_named || self.table.insert(path.to_owned(), state)
    }

    /// A hard link is its target as it is by now, as tar links it: a later member of the target's name is another file.
    fn hard_link(&mut self, member: &Member, path: String, wanted: bool) {
        let stored = text(&member.link_name);
        let target = path_of(Name::of(stored.as_bytes()), &stored);
        self.table.link(&path, &target);
        if is_database(&path) {
            self.unread(member, &path, true, "is a hard link, which is not followed");
            return;
        }
        if !wanted {
            return;
        }
        match self.kept.file(&target).map(<[u8]>::to_vec) {
            Some(bytes) => {
                if self.kept.room(&path, Some(bytes.len() as u64)).is_some() {
                    self.places.insert(path.clone(), member.header_offset);
                    self.kept.keep(path, bytes);
                }
            }
            None => {
                let why = "is a hard link to a file that is not read";
                self.kept.leave_out(&path, why);
            }
        }
    }
}
