//! Writing a seal: the same input gives the same bytes, one member a line (docs/manual/src/seal.md).

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use xenspect_model::catalog::ManifestEntry;

use crate::hex;
use crate::read::VERSION;
use crate::seal::Seal;

impl Seal {
    /// Writes the seal.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let about = &self.about;
        writeln!(out, "{{\"seal\":{VERSION},")?;
        if let Some(file) = &about.file {
            out.write_all(b"\"file\":")?;
            text(out, file)?;
            out.write_all(b",\n")?;
        }
        writeln!(out, "\"size\":{},", about.size)?;
        writeln!(out, "\"sha256\":\"{}\",", hex::encode(&about.sha256))?;
        writeln!(out, "\"kind\":\"{}\",", about.kind.name())?;
        writeln!(out, "\"envelope\":\"{}\",", about.envelope.name())?;
        writeln!(out, "\"verdict\":\"{}\",", about.verdict.word())?;
        writeln!(out, "\"complete\":{},", about.complete)?;
        if let Some(metadata) = &about.metadata {
            writeln!(out, "\"metadata\":\"{}\",", hex::encode(metadata))?;
        }
        writeln!(out, "\"root\":\"{}\",", hex::encode(&about.root))?;
        writeln!(out, "\"count\":{},", self.members.len())?;
        out.write_all(b"\"members\":[")?;
        let mut between = "\n";
        for entry in self.members.iter() {
            out.write_all(between.as_bytes())?;
            member(out, &entry)?;
            between = ",\n";
        }
        out.write_all(b"\n]}\n")
    }
}

/// One member as an object on a line, without the line's end.
pub(crate) fn member(out: &mut impl Write, entry: &ManifestEntry<'_>) -> io::Result<()> {
    out.write_all(b"{\"name\":")?;
    let name = String::from_utf8_lossy(&entry.name);
    text(out, &name)?;
    if name.as_bytes() != &*entry.name {
        write!(out, ",\"name_base64\":\"{}\"", STANDARD.encode(&entry.name))?;
    }
    write!(out, ",\"size\":{},\"sha256\":", entry.size)?;
    match &entry.sha256 {
        Some(digest) => write!(out, "\"{}\"", hex::encode(digest))?,
        None => out.write_all(b"null")?,
    }
    if let Some(attributes) = &entry.attributes {
        write!(out, ",\"attributes\":\"{}\"", hex::encode(attributes))?;
    }
    out.write_all(b"}")
}

fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(Into::into)
}
