//! Serves the folders below a folder as buckets on loopback until standard input ends, and prints the variables by which they are
//! reached: `cargo run --release -p xenspect-objects --example serve -- FOLDER`.

use std::io::{self, Write};
use std::path::Path;

use xenspect_objects::Server;

fn main() -> io::Result<()> {
    let root = std::env::args_os()
        .nth(1)
        .ok_or_else(|| io::Error::other("which folder?"))?;
    let server = Server::start(Path::new(&root))?;
    let mut out = io::stdout();
    for (name, value) in server.variables() {
        writeln!(out, "export {name}={value}")?;
    }
    out.flush()?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    writeln!(io::stderr(), "{} requests", server.requests().len())
}
