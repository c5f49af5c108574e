//! Clients for buckets, made of the environment and nothing else.

use std::path::Path;
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::list::PaginatedListStore;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use crate::error::RemoteError;
use crate::patience::Patience;
use crate::url::{Scheme, Url};

/// The variables that tell how to reach stores. Printed nowhere, so it can be formatted by no trait.
pub(crate) struct Environment {
    variables: Vec<(String, String)>,
}

/// A client for one bucket. Only its reading half is ever called.
#[derive(Clone)]
pub(crate) struct Bucket {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) pages: Arc<dyn PaginatedListStore>,
    /// Whether a listing can begin behind any key.
    pub(crate) starts_anywhere: bool,
}

impl Bucket {
    fn new<T: ObjectStore + PaginatedListStore>(store: T, starts_anywhere: bool) -> Self {
        let store = Arc::new(store);
        Self {
            objects: Arc::clone(&store) as Arc<dyn ObjectStore>,
            pages: store,
            starts_anywhere,
        }
    }
}

/// Fronts of the names of variables that are taken.
const FRONTS: [&str; 3] = ["AWS_", "AZURE_", "GOOGLE_"];
/// Further variables that are taken.
const OTHERS: [&str; 2] = ["IDENTITY_ENDPOINT", "SERVICE_ACCOUNT"];
/// Parts of the names of variables whose values are secret.
const SECRET: [&str; 6] = ["KEY", "SECRET", "TOKEN", "SAS", "PASSWORD", "CREDENTIAL"];

impl Environment {
    /// Takes what concerns stores. A variable that is set to nothing is one that is not set.
    pub(crate) fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let concerns = |name: &str| {
            FRONTS.iter().any(|front| name.starts_with(front)) || OTHERS.contains(&name)
        };
        let variables = variables
            .into_iter()
            .filter(|(name, value)| concerns(name) && !value.is_empty())
            .collect();
        Self { variables }
    }

    /// A client for the bucket of a URL.
    pub(crate) fn bucket(&self, url: &Url, patience: &Patience) -> Result<Bucket, RemoteError> {
        let made = match url.scheme() {
            Scheme::S3 => self.s3(url, patience),
            Scheme::Azure => self.azure(url, patience),
            Scheme::Google => self.google(url, patience),
        };
        made.map_err(|error| RemoteError::Setup(self.safe(&error)))
    }

    fn s3(&self, url: &Url, patience: &Patience) -> Result<Bucket, object_store::Error> {
        let mut builder = AmazonS3Builder::new()
            .with_client_options(options(patience))
            .with_retry(no_retry());
        for (name, value) in self.with_front("AWS_") {
            if let Ok(key) = name.parse() {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder.with_bucket_name(url.bucket()).build()?;
        Ok(Bucket::new(store, true))
    }

    fn azure(&self, url: &Url, patience: &Patience) -> Result<Bucket, object_store::Error> {
        let mut builder = MicrosoftAzureBuilder::new()
            .with_client_options(options(patience))
            .with_retry(no_retry());
        for (name, value) in self.with_front("AZURE_") {
            if let Ok(key) = name.parse() {
                builder = builder.with_config(key, value);
            }
        }
        if let Some(endpoint) = self.variable("IDENTITY_ENDPOINT") {
            builder = builder.with_msi_endpoint(endpoint);
        }
        if let Some(account) = url.account() {
            builder = builder.with_account(account);
        }
        let store = builder.with_container_name(url.bucket()).build()?;
        Ok(Bucket::new(store, false))
    }

    fn google(&self, url: &Url, patience: &Patience) -> Result<Bucket, object_store::Error> {
        let mut builder = GoogleCloudStorageBuilder::new()
            .with_client_options(options(patience))
            .with_retry(no_retry());
        if let Some(path) = self.variable("SERVICE_ACCOUNT") {
            builder = builder.with_service_account_path(path);
        }
        for (name, value) in self.with_front("GOOGLE_") {
            if let Ok(key) = name.parse() {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder.with_bucket_name(url.bucket()).build()?;
        Ok(Bucket::new(store, true))
    }

    /// The variables with that front, with names as the crate parses them.
    fn with_front(&self, front: &str) -> impl Iterator<Item = (String, &str)> {
        self.variables
            .iter()
            .filter(move |(name, _)| name.starts_with(front))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
    }

    fn variable(&self, wanted: &str) -> Option<&str> {
        self.variables
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    }

    /// The words of a builder, which may repeat the value of a variable, unless that is a secret one.
    fn safe(&self, error: &object_store::Error) -> String {
        let words = match error {
            object_store::Error::Generic { source, .. } => source.to_string(),
            other => other.to_string(),
        };
        let shows_a_secret = self.variables.iter().any(|(name, value)| {
            let secret = SECRET.iter().any(|part| name.contains(part));
            // A path to a secret is none, and is what an administrator has to know.
            secret && !Path::new(value).is_absolute() && words.contains(value.as_str())
        });
        if shows_a_secret {
            "one of the variables that hold secrets cannot be used as it is".to_owned()
        } else {
            words
        }
    }
}

fn options(patience: &Patience) -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(patience.connect)
        .with_read_timeout(patience.idle)
        // A stream of hours is one request.
        .with_timeout_disabled()
}

/// Attempts are counted here, where it is known whether the last one brought anything.
fn no_retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: 0,
        retry_timeout: std::time::Duration::ZERO,
    }
}
