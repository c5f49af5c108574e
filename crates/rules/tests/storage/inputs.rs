//! Good inputs of every kind, what is said of them, and which of their bytes matter.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use proptest::prelude::*;
use xenspect_host::files::{is_named, is_wanted};
use xenspect_model::Code;
use xenspect_model::catalog::{DigestKind, StoredFile};
use xenspect_model::report::{Input, Verdict};
use xenspect_scan::{Options, Progress, Source, Wish, take};
use xenspect_synth::{DumpRecipe, Envelope, HostBackup, Recipe};

use crate::script::{Script, Storage};

/// A good input.
pub(crate) struct Good {
    pub(crate) name: String,
    pub(crate) bytes: Arc<Vec<u8>>,
    /// What is said of it.
    clean: Input,
}

/// All of them.
pub(crate) static GOOD: LazyLock<Vec<Good>> = LazyLock::new(|| {
    let mut good = Vec::new();
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let of = |name: &str| format!("{name} {envelope:?}");
        let archive = |name: &str| Recipe {
            envelope,
            ..Recipe::named(name).unwrap()
        };
        let dump = |name: &str| DumpRecipe {
            envelope,
            ..DumpRecipe::named(name).unwrap()
        };
        let mut host = HostBackup::named("xcp-ng-8.3").unwrap();
        host.envelope = envelope;
        good.push(Good::new(of("export"), archive("small").build()));
        good.push(Good::new(of("pool database"), dump("pool-8.2").build()));
        good.push(Good::new(of("redo log"), dump("redo-log").build()));
        good.push(Good::new(of("host backup"), host.bytes()));
    }
    let text = Recipe::named("small").unwrap().document_text().unwrap();
    good.push(Good::new("ova.xml".to_owned(), text));
    good
});

impl fmt::Debug for Good {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Good {
    fn new(name: String, bytes: Vec<u8>) -> Self {
        let bytes = Arc::new(bytes);
        let source = Storage::new(&bytes, Script::default()).file();
        let clean = Reading::of(source, false, 2).input;
        assert!(clean.verdict <= Verdict::Suspect, "{name}: {clean:?}");
        Self { name, bytes, clean }
    }

    pub(crate) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(crate) fn storage(&self, script: Script) -> Storage {
        Storage::new(&self.bytes, script)
    }

    /// Whether this is what is said of it where nothing fails. Only a pipe without a length, and a file that is packed, differ in how
    /// many bytes are said to have been taken.
    pub(crate) fn is_clean(&self, said: &Input) -> bool {
        let mut said = said.clone();
        said.bytes = self.clean.bytes;
        said == self.clean
    }
}

/// How many scripts are tried: so many, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(usual: u32) -> u32 {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default().cases,
        None => usual,
    }
}

/// One of them.
pub(crate) fn any() -> impl Strategy<Value = &'static Good> {
    (0..GOOD.len()).prop_map(|index| &GOOD[index])
}

/// What a reading gave.
pub(crate) struct Reading {
    pub(crate) input: Input,
    pub(crate) stored: Option<StoredFile>,
    pub(crate) copy: Vec<u8>,
}

impl Reading {
    /// Reads a source, with all that can be wished for, or with nothing.
    pub(crate) fn of(source: Source, all: bool, threads: usize) -> Self {
        let copy = Kept::default();
        let wish = match all {
            true => Wish {
                digests: vec![DigestKind::Sha256],
                manifest: true,
                copy: Some(Box::new(copy.clone())),
            },
            false => Wish::default(),
        };
        let options = Options {
            threads,
            host_files: is_wanted,
            host_table: is_named,
            ..Options::default()
        };
        let taken = take(source, wish, &options, &Progress::default());
        let path = "in".to_owned();
        let mut input = match &taken.catalog {
            Ok(catalog) => xenspect_rules::input(path, catalog),
            Err(error) => Input::unreadable(path, error.to_string()),
        };
        if let Some(stored) = &taken.stored {
            xenspect_rules::copy::stored(&mut input, stored);
        }
        let copy = copy.0.lock().unwrap().clone();
        Self {
            input,
            stored: taken.stored,
            copy,
        }
    }

    pub(crate) fn has(&self, code: Code) -> bool {
        let mut findings = self.input.findings.iter();
        findings.any(|finding| finding.code == code)
    }

    /// Whether it says that the input is good.
    pub(crate) fn is_good(&self) -> bool {
        self.input.verdict <= Verdict::Suspect
    }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
