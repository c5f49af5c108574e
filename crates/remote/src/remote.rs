//! The way in: what reads objects for callers that know nothing of futures.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::SystemTime;

use tokio::runtime::Runtime;
use xenspect_scan::Source;

use crate::error::RemoteError;
use crate::list::{self, Listing};
use crate::object::Object;
use crate::patience::Patience;
use crate::ranges::Ranges;
use crate::setup::{Bucket, Environment};
use crate::stream::Reading;
use crate::url::{Scheme, Url};

/// Reads objects, and nothing but reads. One of it serves a whole run, from any number of threads.
pub struct Remote {
    engine: Arc<Engine>,
    environment: Environment,
    patience: Patience,
    buckets: Mutex<BTreeMap<BucketKey, Bucket>>,
}

/// Scheme, name and account.
type BucketKey = (Scheme, String, Option<String>);

/// The threads that talk to stores. They live as long as anything that was opened.
pub(crate) struct Engine {
    runtime: Option<Runtime>,
}

/// What a store says of an object by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub modified: SystemTime,
    /// What changes whenever the object does, by the store's own rule. It is no checksum that could be relied on.
    pub etag: Option<String>,
}

impl About {
    fn of(object: &Object) -> Self {
        Self {
            size: object.len(),
            modified: object.modified(),
            etag: object.tag().map(ToOwned::to_owned),
        }
    }
}

impl Remote {
    /// Reaches stores as the environment of the process says.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn from_environment() -> Result<Self, RemoteError> {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::new(variables, Patience::default())
    }

    /// Reaches stores as the variables say.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn new(
        variables: impl IntoIterator<Item = (String, String)>,
        patience: Patience,
    ) -> Result<Self, RemoteError> {
        use_ring();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING)
            .thread_name("object-store")
            .enable_all()
            .build()
            .map_err(|error| RemoteError::Setup(error.to_string()))?;
        Ok(Self {
            engine: Arc::new(Engine {
                runtime: Some(runtime),
            }),
            environment: Environment::of(variables),
            patience,
            buckets: Mutex::default(),
        })
    }

    /// Opens an object to be read at any place, in small ranges: for what looks at parts of it.
    ///
    /// # Errors
    /// When the store does not give it.
    pub fn open_random(&self, url: &Url) -> Result<Source, RemoteError> {
        let object = self.object(url)?;
        Ok(Source::File {
            len: object.len(),
            reader: Arc::new(Ranges::new(Arc::clone(&self.engine), object)),
            readable_by_others: false,
        })
    }

    /// Opens an object to be read once from its beginning to its end.
    ///
    /// # Errors
    /// When the store does not give it.
    pub fn open_stream(&self, url: &Url) -> Result<Source, RemoteError> {
        let object = self.object(url)?;
        Ok(Source::Sized {
            len: object.len(),
            reader: Box::new(Reading::start(Arc::clone(&self.engine), object)),
        })
    }

    /// What the store says of an object.
    ///
    /// # Errors
    /// When it says nothing.
    pub fn about(&self, url: &Url) -> Result<About, RemoteError> {
        Ok(About::of(&self.object(url)?))
    }

    /// The same of an object that may well not be there; `None` where there is none. That takes one request.
    ///
    /// # Errors
    /// When the store says neither.
    pub fn find(&self, url: &Url) -> Result<Option<About>, RemoteError> {
        let bucket = self.bucket(url)?;
        let object = self.engine.wait(Object::find(bucket, url, self.patience))?;
        Ok(object.as_ref().map(About::of))
    }

    /// A small object whole: a list of checksums, a seal, a description.
    ///
    /// # Errors
    /// When the store does not give it, or it has more than `limit` bytes.
    pub fn small(&self, url: &Url, limit: u64) -> Result<Vec<u8>, RemoteError> {
        let bucket = self.bucket(url)?;
        let small = Object::small(bucket, url, self.patience, limit);
        self.engine.wait(small)
    }

    /// All objects below a prefix, by key.
    ///
    /// # Errors
    /// When the store does not list them, or there are too many.
    pub fn list(&self, url: &Url) -> Result<Listing, RemoteError> {
        let bucket = self.bucket(url)?;
        self.engine.wait(list::list(&bucket, url, &self.patience))
    }

    /// Whether there is anything below a prefix, which is no more than one small request.
    ///
    /// # Errors
    /// When the store does not list it.
    pub fn is_any_below(&self, url: &Url) -> Result<bool, RemoteError> {
        let bucket = self.bucket(url)?;
        self.engine.wait(list::is_any(&bucket, url, &self.patience))
    }

    fn object(&self, url: &Url) -> Result<Object, RemoteError> {
        let bucket = self.bucket(url)?;
        self.engine.wait(Object::open(bucket, url, self.patience))
    }

    fn bucket(&self, url: &Url) -> Result<Bucket, RemoteError> {
        let key: BucketKey = (
            url.scheme(),
            url.bucket().to_owned(),
            url.account().map(ToOwned::to_owned),
        );
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(&key) {
            return Ok(bucket.clone());
        }
        // Connections belong to the runtime that was there when the client was made.
        let bucket = self
            .engine
            .enter(|| self.environment.bucket(url, &self.patience))?;
        buckets.insert(key, bucket.clone());
        Ok(bucket)
    }
}

/// Threads that move bytes. TLS takes a core for about every gigabyte a second, and there are other things to do.
const WORKERS: usize = 2;
/// Threads that look up names.
const BLOCKING: usize = 4;

impl Engine {
    fn runtime(&self) -> &Runtime {
        // Taken out by `drop` alone.
        self.runtime.as_ref().expect("there until it is dropped")
    }

    /// Waits for an answer.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime().block_on(answer)
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        self.runtime().spawn(task)
    }

    fn enter<T>(&self, action: impl FnOnce() -> T) -> T {
        let _inside = self.runtime().enter();
        action()
    }
}

impl Drop for Engine {
    /// Waits for nobody: a look-up of a name may hang for long.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Says once which implementation of ciphers TLS uses: there is but one in the program.
fn use_ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Whoever was first has chosen ring as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
