//! Inputs, readings of them, and shorthand.

use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use xenspect_model::catalog::{DigestKind, Manifest, ManifestEntry};
use xenspect_scan::{Catalog, Options, Progress, Source, Taken, Wish, take};
use xenspect_synth::{DumpRecipe, Envelope, HostBackup, Recipe};

pub(crate) const ALL: [DigestKind; 4] = DigestKind::ALL;

pub(crate) fn options(threads: usize) -> Options {
    Options {
        threads,
        ..Options::default()
    }
}

/// What a copy was written to.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything there is, and the copy.
pub(crate) fn all_of(source: Source, options: &Options) -> (Taken, Vec<u8>) {
    let copy = Kept::default();
    let wish = Wish {
        digests: ALL.to_vec(),
        manifest: true,
        copy: Some(Box::new(copy.clone())),
    };
    let taken = take(source, wish, options, &Progress::default());
    (taken, copy.bytes())
}

pub(crate) fn manifest_of(source: Source, options: &Options) -> Manifest {
    let wish = Wish {
        manifest: true,
        ..Wish::default()
    };
    let taken = take(source, wish, options, &Progress::default());
    taken.manifest.unwrap()
}

/// The catalog, or the error, in all its parts; of a database its text, as an index is in no certain order.
pub(crate) fn shown(taken: &Taken) -> String {
    match &taken.catalog {
        Ok(Catalog::Dump(dump)) => {
            let (text, log) = (dump.database.document(), &dump.redo_log);
            let (kind, facts, rewritten) = (dump.kind, &dump.facts, &dump.rewritten);
            let sizes = (dump.bytes, dump.stream_bytes, dump.interrupted);
            let text = String::from_utf8_lossy(text);
            format!("{kind:?} {facts:?} {rewritten:?} {log:?} {sizes:?} {text}")
        }
        Ok(Catalog::Host(host)) => {
            let (tree, facts, ending) = (&host.tree, &host.facts, &host.ending);
            let sizes = (host.bytes, host.stream_bytes, host.members, &host.trailing);
            let (places, names, folders) = (&host.places, &host.names, &host.folders);
            let databases = host.databases.iter();
            let databases: Vec<_> = databases
                .map(|database| (&database.path, database.offset))
                .collect();
            format!(
                "{tree:?} {facts:?} {ending:?} {sizes:?} {places:?} {names:?} {folders:?} {databases:?}"
            )
        }
        other => format!("{other:?}"),
    }
}

/// Says where two such texts differ.
pub(crate) fn assert_same(found: &str, expected: &str, name: &str) {
    let differs = |(one, other): &(char, char)| one != other;
    let at = found
        .chars()
        .zip(expected.chars())
        .position(|pair| differs(&pair));
    let part = |text: &str| {
        text.chars()
            .skip(at.unwrap_or(0).saturating_sub(60))
            .take(200)
            .collect::<String>()
    };
    assert!(
        found == expected,
        "{name}\n{}\n{}",
        part(found),
        part(expected)
    );
}

pub(crate) fn entries(manifest: &Manifest) -> Vec<ManifestEntry<'_>> {
    manifest.iter().collect()
}

/// Hides the length, and hands out little at once.
struct Pipe(Cursor<Vec<u8>>);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let few = buf.len().min(70_001);
        self.0.read(&mut buf[..few])
    }
}

pub(crate) fn pipe(bytes: &[u8]) -> Source {
    Source::Stream(Box::new(Pipe(Cursor::new(bytes.to_vec()))))
}

pub(crate) fn file(bytes: &[u8]) -> Source {
    Source::memory(bytes.to_vec())
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn recipe(name: &str) -> Recipe {
    Recipe::named(name).unwrap()
}

pub(crate) fn packed(name: &str, envelope: Envelope) -> Vec<u8> {
    Recipe {
        envelope,
        ..recipe(name)
    }
    .build()
}

pub(crate) fn host_backup(envelope: Envelope) -> Vec<u8> {
    let mut backup = HostBackup::named("xcp-ng-8.3").unwrap();
    backup.envelope = envelope;
    backup.bytes()
}

/// An input of each kind, in several envelopes, and some that are none.
pub(crate) fn inputs() -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let dump = DumpRecipe {
            envelope,
            ..DumpRecipe::named("pool-8.2").unwrap()
        };
        let of = |name: &str| format!("{name} {envelope:?}");
        inputs.push((of("two-disks"), packed("two-disks", envelope)));
        inputs.push((of("dump"), dump.build()));
        inputs.push((of("host"), host_backup(envelope)));
        inputs.push((
            of("redo-log"),
            DumpRecipe {
                envelope,
                ..DumpRecipe::named("redo-log").unwrap()
            }
            .build(),
        ));
    }
    let document = recipe("two-disks").document_text().unwrap();
    inputs.push(("document".to_owned(), document));
    inputs.push(("text".to_owned(), vec![b'x'; 3_000_000]));
    inputs.push(("zeros".to_owned(), vec![0; 20 << 20]));
    inputs.push(("nothing".to_owned(), Vec::new()));
    inputs
}
