//! An object store on loopback, for tests: directories of files served as buckets, in the language of S3, with signatures that are
//! checked. It can be read only. [`Proxy`] stands for a bad line to it.
//!
//! ```
//! use xenspect_objects::Server;
//!
//! let root = tempfile::tempdir().expect("a directory");
//! std::fs::create_dir(root.path().join("bucket")).expect("a bucket");
//! std::fs::write(root.path().join("bucket/key"), "contents").expect("an object");
//! let server = Server::start(root.path()).expect("a free port");
//! assert!(server.requests().is_empty());
//! let variables = server.variables();
//! assert!(variables.iter().any(|(name, _)| name == "AWS_ENDPOINT_URL"));
//! ```

mod bucket;
mod proxy;
mod server;

pub use proxy::{Line, Proxy};
pub use server::{ACCESS_KEY, Request, SECRET_KEY, Server};
