//! The boot loader's configuration, as far as the installer needs it (`formats/host-backup.md` section 5.2, python-libs
//! `xcp/bootloader.py`): which entry is the default one, and the label of the root in its kernel arguments.

/// Where the installer looks, in this order: the first that is there is taken.
pub const CONFIGS: [&str; 3] = [
    "boot/efi/EFI/xenserver/grub.cfg",
    "boot/grub/grub.cfg",
    "boot/grub2/grub.cfg",
];

/// Legacy GRUB, which the installer refuses.
pub const LEGACY: [&str; 2] = ["boot/grub/menu.lst", "boot/grub/grub.conf"];

/// What in the kernel arguments names the root.
const ROOT: &str = "root=LABEL=";

/// A menu entry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    title: String,
    /// All words of its lines that begin with `module` or `linux`.
    words: Vec<String>,
}

/// A configuration of GRUB 2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loader {
    default: Option<String>,
    entries: Vec<Entry>,
}

impl Loader {
    /// Reads a `grub.cfg`.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut loader = Self::default();
        let mut is_inside = false;
        for line in text.lines().map(str::trim) {
            let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            match first {
                "menuentry" => {
                    is_inside = true;
                    loader.entries.push(Entry {
                        title: quoted(rest).to_owned(),
                        words: Vec::new(),
                    });
                }
                "}" => is_inside = false,
                "set" if !is_inside => {
                    if let Some(value) = rest.trim_start().strip_prefix("default=") {
                        loader.default = Some(quoted(value).to_owned());
                    }
                }
                _ if is_inside && (first.starts_with("module") || first.starts_with("linux")) => {
                    if let Some(entry) = loader.entries.last_mut() {
                        entry
                            .words
                            .extend(rest.split_whitespace().map(str::to_owned));
                    }
                }
                _ => {}
            }
        }
        loader
    }

    /// Whether it has a menu entry at all.
    #[must_use]
    pub fn has_entries(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Whether there is the entry that it names as its default one.
    #[must_use]
    pub fn has_default(&self) -> bool {
        self.default_entry().is_some()
    }

    /// The default entry: `set default=` names it by its number or title; without that it is the first.
    fn default_entry(&self) -> Option<&Entry> {
        let Some(default) = &self.default else {
            return self.entries.first();
        };
        match default.parse::<usize>() {
            Ok(number) => self.entries.get(number),
            Err(_) => self.entries.iter().find(|entry| entry.title == *default),
        }
    }

    /// The label of the root in the default entry.
    #[must_use]
    pub fn root_label(&self) -> Option<&str> {
        let words = &self.default_entry()?.words;
        words.iter().find_map(|word| word.strip_prefix(ROOT))
    }
}

/// What stands between the first pair of quotes, or else the first word.
fn quoted(text: &str) -> &str {
    let text = text.trim_start();
    for quote in ['\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Loader;

    const GRUB: &str = "serial --unit=0
set default=\"1\"
set timeout=5
menuentry 'XCP-ng' {
\tsearch --label --set root root-aaaaaa
\tmultiboot2 /boot/xen.gz dom0_mem=7584M
\tmodule2 /boot/vmlinuz-4.19-xen root=LABEL=root-aaaaaa ro
\tmodule2 /boot/initrd.img
}
menuentry \"XCP-ng (Safe Mode)\" {
\tlinux /boot/vmlinuz root=LABEL=root-bbbbbb ro
}
";

    #[test]
    fn the_default_entry_names_the_root() {
        for (from, to, label) in [
            ("", "", Some("root-bbbbbb")),
            ("\"1\"", "0", Some("root-aaaaaa")),
            ("\"1\"", "'XCP-ng'", Some("root-aaaaaa")),
            ("\"1\"", "7", None),
            ("set default=\"1\"", "", Some("root-aaaaaa")),
            ("root=LABEL=root-bbbbbb", "root=/dev/sda1", None),
        ] {
            let loader = Loader::parse(GRUB.replacen(from, to, 1).as_bytes());
            assert_eq!(loader.root_label(), label, "{from} {to}");
        }
        let empty = Loader::parse(b"");
        assert!(!empty.has_entries() && !empty.has_default());
        assert!(Loader::parse(GRUB.as_bytes()).has_default());
    }
}
