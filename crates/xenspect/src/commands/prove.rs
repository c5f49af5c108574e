//! `xenspect prove`: a proof that a member was sealed, and checking one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use xenspect_seal::{Proof, hex};

use crate::args::Prove;
use crate::exit::Exit;
use crate::messages::say;
use crate::output::{self, escaped};
use crate::seals::{self, short_file};

/// Bytes that are hashed at once.
const PIECE: usize = 256 << 10;

/// Makes a proof, or checks one.
pub(crate) fn run(command: &Prove) -> Exit {
    let done = match (&command.check, &command.member) {
        (Some(proof), _) => check(command, proof),
        (None, Some(member)) => prove(&command.file, member.as_encoded_bytes()),
        (None, None) => Err("no member was named".to_owned()),
    };
    done.unwrap_or_else(|words| {
        say(words);
        Exit::Failed
    })
}

fn prove(path: &Path, member: &[u8]) -> Result<Exit, String> {
    let name = shown(path);
    let (seal, _) = seals::read(path, None);
    let seal = seal.map_err(|error| {
        format!("{name}: {error}; a seal is what `xenspect seal` has written, INPUT.seal.json")
    })?;
    let proof = seal.prove(member).ok_or_else(|| {
        let member = escaped(&String::from_utf8_lossy(member));
        format!(
            "there is no {member} in {name}; `xenspect ls` of what was sealed shows what there is"
        )
    })?;
    Ok(output::report(Exit::Good, |mut out| proof.write(&mut out)))
}

fn check(command: &Prove, path: &Path) -> Result<Exit, String> {
    let name = shown(path);
    let bytes = short_file(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let proof = Proof::parse(&bytes).map_err(|error| format!("{name} is no proof: {error}"))?;
    let file = shown(&command.file);
    let (size, sha256) =
        hashed(&command.file).map_err(|error| format!("{file} cannot be read: {error}"))?;
    if let Err(mismatch) = proof.check(size, &sha256, command.root.as_ref()) {
        say(format_args!("{file}: not proved: {mismatch}"));
        return Ok(Exit::Findings);
    }
    if !command.quiet {
        let member = escaped(&String::from_utf8_lossy(&proof.member.name));
        let root = hex::encode(&proof.root);
        say(format_args!(
            "{file} is {member}, member {} of {} in the seal with the root {root}",
            proof.index + 1,
            proof.count
        ));
        if command.root.is_none() {
            say("compare this root with the one of a seal that you trust, or give it with --root");
        }
    }
    Ok(Exit::Good)
}

fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

/// Length and SHA-256 of a file.
fn hashed(path: &Path) -> io::Result<(u64, [u8; 32])> {
    let mut source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path)?)
    };
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut piece = vec![0; PIECE];
    loop {
        let read = match source.read(&mut piece) {
            Ok(0) => return Ok((size, hasher.finalize().into())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&piece[..read]);
        size += read as u64;
    }
}
