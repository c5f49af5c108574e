//! A store with a bucket of files.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use xenspect_objects::{Line, Proxy, Server};
use xenspect_remote::{Patience, Remote, RemoteError, Url};
use xenspect_scan::{Catalog, Depth, Options, Progress, Source, scan};
use xenspect_synth::{Content, DiskRecipe, Recipe, Release};

/// The name of the bucket.
pub(crate) const BUCKET: &str = "backups";

/// A server, and the directory that it serves.
pub(crate) struct Store {
    directory: TempDir,
    pub(crate) server: Server,
}

impl Store {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("a directory");
        std::fs::create_dir(directory.path().join(BUCKET)).expect("a bucket");
        let server = Server::start(directory.path()).expect("a server");
        Self { directory, server }
    }

    /// The file behind a key.
    pub(crate) fn file(&self, key: &str) -> PathBuf {
        self.bucket().join(key)
    }

    pub(crate) fn bucket(&self) -> PathBuf {
        self.directory.path().join(BUCKET)
    }

    pub(crate) fn put(&self, key: &str, bytes: &[u8]) -> Url {
        let file = self.file(key);
        std::fs::create_dir_all(file.parent().expect("below the bucket")).expect("folders");
        std::fs::write(file, bytes).expect("a file");
        url(key)
    }

    pub(crate) fn remote(&self) -> Remote {
        self.remote_by(self.server.address())
    }

    pub(crate) fn remote_by(&self, address: SocketAddr) -> Remote {
        Remote::new(self.server.variables_by(address), little_patience()).expect("a client")
    }

    pub(crate) fn line(&self, line: Line) -> Proxy {
        Proxy::start(self.server.address(), line).expect("a line")
    }

    /// How often each method was used.
    pub(crate) fn count(&self, method: &str) -> usize {
        let requests = self.server.requests();
        requests
            .iter()
            .filter(|request| request.method == method)
            .count()
    }
}

impl Drop for Store {
    /// Whatever a test does, a store is asked for nothing but what it has.
    fn drop(&mut self) {
        for request in self.server.requests() {
            assert!(
                matches!(request.method.as_str(), "GET" | "HEAD"),
                "{request:?}"
            );
        }
    }
}

pub(crate) fn url(key: &str) -> Url {
    Url::parse(&format!("s3://{BUCKET}/{key}")).expect("a URL")
}

/// Waits that a test can bear.
pub(crate) fn little_patience() -> Patience {
    Patience {
        connect: Duration::from_secs(2),
        idle: Duration::from_secs(1),
        overall: Duration::from_secs(6),
        attempts: 3,
        first_attempts: 2,
    }
}

/// What a scan says of an input, as text that can be compared.
pub(crate) fn catalog(source: Source, depth: Depth) -> String {
    let options = Options {
        threads: 2,
        depth,
        ..Options::default()
    };
    match scan(source, &options, &Progress::default()) {
        // Within a database there are tables by hash, whose order is another one each time.
        Ok(catalog @ (Catalog::Dump(_) | Catalog::Host(_))) => {
            format!("{:#?}", xenspect_rules::input(String::new(), &catalog))
        }
        Ok(catalog) => format!("{catalog:#?}"),
        Err(error) => format!("error: {error}"),
    }
}

/// A plain archive with one disk of so many MiB, all of them stored.
pub(crate) fn big_archive(mib: u64) -> Recipe {
    let mut recipe = Recipe::new(Release::named("8.2").expect("a release"));
    recipe.disks = vec![DiskRecipe::new(mib << 20, Content::Repeats)];
    recipe
}

pub(crate) fn write(recipe: &Recipe, file: &Path) {
    let file = std::fs::File::create(file).expect("a file");
    recipe
        .write_to(std::io::BufWriter::new(file))
        .expect("an archive");
}

/// The error of this crate within one of I/O.
pub(crate) fn said_by(error: &std::io::Error) -> RemoteError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    Clone::clone(inner.expect("an error of this crate"))
}
