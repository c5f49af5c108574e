//! The server: its port, its keys, and what it was asked.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::bucket::Buckets;

/// The access key that the server knows.
pub const ACCESS_KEY: &str = "xenspect-test-access";
/// Its secret.
pub const SECRET_KEY: &str = "xenspect-test-not-so-secret";

/// A request that the server was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` and its like.
    pub method: String,
    /// The path of the URL, as it was sent.
    pub path: String,
    /// What follows the question mark.
    pub query: String,
    /// The header `Range`.
    pub range: Option<String>,
}

/// A running server; it ends with this value.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    odd: Arc<Mutex<Vec<String>>>,
    runtime: Option<Runtime>,
}

impl Server {
    /// Serves the directories of `root` as buckets, on a free port of loopback.
    ///
    /// # Errors
    /// When there is no such directory, or no port to be had.
    pub fn start(root: &Path) -> io::Result<Self> {
        Self::serving(root, true)
    }

    /// The same to everybody: no signature is asked for. What reading takes of the languages of Azure and Google is close enough to
    /// that of S3 to be understood.
    ///
    /// # Errors
    /// When there is no such directory, or no port to be had.
    pub fn start_public(root: &Path) -> io::Result<Self> {
        Self::serving(root, false)
    }

    fn serving(root: &Path, signed: bool) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let listing =
            FileSystem::new(&root).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let odd = Arc::new(Mutex::new(Vec::new()));
        let mut builder = S3ServiceBuilder::new(Buckets {
            root,
            listing,
            odd: Arc::clone(&odd),
        });
        if signed {
            builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        }
        let service = builder.build();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        runtime.spawn(serve(listener, service, Arc::clone(&requests)));
        Ok(Self {
            address,
            requests,
            odd,
            runtime: Some(runtime),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The variables of the environment by which it is reached.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        self.variables_by(self.address)
    }

    /// The same by way of another address, as that of a [`crate::Proxy`].
    #[must_use]
    pub fn variables_by(&self, address: SocketAddr) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// What it was asked so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Forgets what it was asked.
    pub fn forget(&self) {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Lists a key as well that no file can have. It can only be listed.
    pub fn list_also(&self, key: &str) {
        self.odd
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(key.to_owned());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, service: S3Service, requests: Arc<Mutex<Vec<Request>>>) {
    while let Ok((socket, _)) = listener.accept().await {
        let service = service.clone();
        let requests = Arc::clone(&requests);
        let noting = service_fn(move |request: hyper::Request<Incoming>| {
            requests
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(noted(&request));
            Service::call(&service, request)
        });
        tokio::spawn(async move {
            // A client that goes away is none of the server's business.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(socket), noting)
                .await;
        });
    }
}

fn noted(request: &hyper::Request<Incoming>) -> Request {
    let range = request.headers().get("range");
    Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        range: range
            .and_then(|value| value.to_str().ok())
            .map(ToOwned::to_owned),
    }
}
