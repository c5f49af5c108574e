//! Seals beside inputs: found, read within a limit, and compared with what was read of the input.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use xenspect_model::catalog::{Manifest, StoredFile};
use xenspect_model::report::Input;
use xenspect_scan::Source;
use xenspect_seal::{
    Digester, Found, SIGNATURE_SUFFIX, SUFFIX, Seal, SealEvidence, SealSignature, SignatureState,
    TrustedKeys, Unusable,
};

use crate::output::escaped;
use crate::remote::{self, Manner};

/// Bytes that a seal can have: enough for thirty million members.
const LONGEST: u64 = 4 << 30;
/// Bytes that a signature or a file of keys can have.
const LONGEST_KEYS: u64 = 1 << 20;

/// Where seals are looked for, and whose signatures count.
#[derive(Debug, Default)]
pub(crate) struct Seals {
    given: Option<PathBuf>,
    trusted: Option<TrustedKeys>,
}

impl Seals {
    /// The seal of one input, if not the one beside it; and the file of the keys whose signatures count, or the line of a public
    /// key. In words why there are no such keys.
    pub(crate) fn new(seal: Option<PathBuf>, verify_key: Option<PathBuf>) -> Result<Self, String> {
        let trusted = match verify_key {
            Some(path) => Some(trusted(&path)?),
            None => None,
        };
        Ok(Self {
            given: seal,
            trusted,
        })
    }

    /// The seal of an input: the one that was given, or the one beside it. Without either it is `None`, unless signatures are
    /// asked for: then that there is no seal is as bad as a wrong one.
    pub(crate) fn beside(
        &self,
        input: Option<&Path>,
        is_there: impl Fn(&Path) -> bool,
    ) -> Option<SealFile> {
        if let Some(given) = &self.given {
            return Some(self.read(given));
        }
        let beside = input.map(seal_of);
        match beside {
            Some(path) if is_there(&path) => Some(self.read(&path)),
            path => self.trusted.as_ref().map(|_| SealFile {
                path: path.map_or_else(|| "no file".to_owned(), |path| shown(&path)),
                seal: Err(Unusable::NotRead("there is no seal".to_owned())),
                signature: None,
            }),
        }
    }

    fn read(&self, path: &Path) -> SealFile {
        let signature = self.trusted.as_ref().map(|keys| (keys, signature(path)));
        let digester = match &signature {
            Some((_, Ok(Some(signature)))) => Some(signature.digester()),
            _ => None,
        };
        let (seal, digester) = read(path, digester);
        let signature = signature.map(|(keys, signature)| match (signature, digester) {
            (Ok(None), _) => SignatureState::Missing,
            (Err(reason), _) => SignatureState::Unreadable(reason),
            (Ok(Some(signature)), Some(digester)) => keys.judge(&signature, digester),
            (Ok(Some(_)), None) => {
                SignatureState::Unreadable("the seal was not read to its end".to_owned())
            }
        });
        SealFile {
            path: shown(path),
            seal,
            signature,
        }
    }
}

/// A seal that was read, or why it was not.
#[derive(Debug)]
pub(crate) struct SealFile {
    path: String,
    seal: Result<Seal, Unusable>,
    signature: Option<SignatureState>,
}

impl SealFile {
    /// Adds what the seal tells of an input to what is said of it. The file's SHA-256 and the members are those that were taken
    /// while it was read.
    pub(crate) fn judge(
        self,
        input: &mut Input,
        stored: Option<&StoredFile>,
        manifest: Option<&Manifest>,
    ) {
        let found = Found {
            kind: input.kind,
            envelope: input.envelope,
            stored,
            manifest,
        };
        let evidence = SealEvidence::new(self.path, self.seal, self.signature, &found);
        xenspect_rules::copy::sealed(input, &evidence);
    }
}

/// Where the seal of an input is, unless it was put elsewhere.
pub(crate) fn seal_of(input: &Path) -> PathBuf {
    behind(input, SUFFIX)
}

/// Where the signature of a seal is.
pub(crate) fn signature_of(seal: &Path) -> PathBuf {
    behind(seal, SIGNATURE_SUFFIX)
}

fn behind(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Whether a file is a seal or a signature by its name, hence no input of a store.
pub(crate) fn is_named_like_a_seal(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    name.ends_with(SUFFIX.as_bytes()) || name.ends_with(SIGNATURE_SUFFIX.as_bytes())
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Reads a seal, and hashes all of its file if that is asked for. The hash is given back if the end was reached.
pub(crate) fn read(
    path: &Path,
    digester: Option<Digester>,
) -> (Result<Seal, Unusable>, Option<Digester>) {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) => {
            let words = format!("it cannot be opened: {error}");
            return (Err(Unusable::NotRead(words)), None);
        }
    };
    let mut file = Hashed {
        file: file.take(LONGEST),
        digester,
    };
    let seal = Seal::read(&mut file);
    let seal = match seal {
        Err(_) if file.file.limit() == 0 => Err(Unusable::NotRead(format!(
            "it is larger than {} GiB",
            LONGEST >> 30
        ))),
        seal => seal,
    };
    // A seal that cannot be read can still be the one that was signed.
    let rest = match file.digester {
        Some(_) => io::copy(&mut file, &mut io::sink()),
        None => Ok(0),
    };
    let digester = file
        .digester
        .filter(|_| rest.is_ok() && file.file.limit() > 0);
    (seal, digester)
}

/// A file that is hashed while it is read.
struct Hashed {
    file: io::Take<Box<dyn Read>>,
    digester: Option<Digester>,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let (Some(digester), Some(bytes)) = (&mut self.digester, buffer.get(..read)) {
            digester.update(bytes);
        }
        Ok(read)
    }
}

/// The signature beside a seal, if there is one; in words why it cannot be read.
fn signature(seal: &Path) -> Result<Option<SealSignature>, String> {
    let path = signature_of(seal);
    let is_there = match remote::is_url(&path) {
        true => remote::find(&path)?.is_some(),
        false => fs::symlink_metadata(&path)
            .map_or_else(|error| error.kind() != io::ErrorKind::NotFound, |_| true),
    };
    if !is_there {
        return Ok(None);
    }
    let text = short_file(&path).map_err(|error| error.to_string())?;
    SealSignature::parse(&text).map(Some)
}

fn trusted(path: &Path) -> Result<TrustedKeys, String> {
    let line = path.to_string_lossy();
    if line.starts_with("ssh-ed25519 ") {
        return TrustedKeys::parse(&line).map_err(|error| format!("the given line {error}"));
    }
    let name = escaped(&line);
    let text = short_file(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    TrustedKeys::parse(&String::from_utf8_lossy(&text)).map_err(|error| format!("{name} {error}"))
}

/// Opens a small file, or an object. A pipe would keep the run waiting.
fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if remote::is_url(path) {
        let opened = remote::open(path, Manner::Stream).map_err(io::Error::other)?;
        return match opened {
            Source::Sized { reader, .. } | Source::Stream(reader) => Ok(reader),
            Source::File { .. } => Err(io::Error::other("it cannot be read in one pass")),
        };
    }
    // Before it is opened: that alone waits for somebody to write into a pipe.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    Ok(Box::new(File::open(path)?))
}

/// The contents of a file that cannot be long.
pub(crate) fn short_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = open(path)?.take(LONGEST_KEYS + 1);
    file.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_KEYS {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(bytes)
}
