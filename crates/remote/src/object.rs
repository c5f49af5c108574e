//! One object as it was when it was opened, and reading any range of it.

use std::ops::Range;
use std::time::SystemTime;

use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectMeta};

use crate::error::RemoteError;
use crate::patience::{Attempts, Patience};
use crate::setup::Bucket;
use crate::url::{Url, UrlError};

/// An opened object.
#[derive(Clone)]
pub(crate) struct Object {
    bucket: Bucket,
    path: Path,
    meta: ObjectMeta,
    patience: Patience,
}

impl Object {
    /// Asks for size and tag of an object (`HEAD`). If there is none, a second request tells more of why.
    pub(crate) async fn open(
        bucket: Bucket,
        url: &Url,
        patience: Patience,
    ) -> Result<Self, RemoteError> {
        Self::asked(bucket, url, patience, is_silent).await
    }

    /// The same, where it is no wonder if there is none: that takes one request.
    pub(crate) async fn find(
        bucket: Bucket,
        url: &Url,
        patience: Patience,
    ) -> Result<Option<Self>, RemoteError> {
        let is_silent =
            |error: &RemoteError| *error != RemoteError::NoSuchObject && is_silent(error);
        match Self::asked(bucket, url, patience, is_silent).await {
            Ok(object) => Ok(Some(object)),
            Err(RemoteError::NoSuchObject) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn asked(
        bucket: Bucket,
        url: &Url,
        patience: Patience,
        is_silent: impl Fn(&RemoteError) -> bool,
    ) -> Result<Self, RemoteError> {
        let path = path_of(url.key())?;
        let mut attempts = Attempts::first(&patience);
        let meta = loop {
            let head = GetOptions::new().with_head(true);
            match bucket.objects.get_opts(&path, head).await {
                Ok(answer) => break answer.meta,
                Err(error) => {
                    let mut error = RemoteError::of_client(&error);
                    if is_silent(&error) {
                        error = told_more(&bucket, &path, error).await;
                    }
                    attempts.again(error).await?;
                }
            }
        };
        Ok(Self {
            bucket,
            path,
            meta,
            patience,
        })
    }

    /// A small object whole, in one request where the line holds.
    pub(crate) async fn small(
        bucket: Bucket,
        url: &Url,
        patience: Patience,
        limit: u64,
    ) -> Result<Vec<u8>, RemoteError> {
        let path = path_of(url.key())?;
        let mut attempts = Attempts::first(&patience);
        let answer = loop {
            match bucket.objects.get_opts(&path, GetOptions::new()).await {
                Ok(answer) => break answer,
                Err(error) => attempts.again(RemoteError::of_client(&error)).await?,
            }
        };
        let size = answer.meta.size;
        if size > limit {
            return Err(RemoteError::TooLarge { size, limit });
        }
        let object = Self {
            bucket,
            path,
            meta: answer.meta.clone(),
            patience,
        };
        let mut bytes = Vec::new();
        let mut at = 0;
        let mut body = answer.into_stream();
        // Whatever is wrong with it is met again, and told, by asking for the rest.
        while let Some(Ok(more)) = body.next().await {
            add(&more, &mut at, size, &mut bytes);
        }
        drop(body);
        object.read(at..size, &mut bytes).await?;
        Ok(bytes)
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.meta.size
    }

    pub(crate) fn modified(&self) -> SystemTime {
        self.meta.last_modified.into()
    }

    pub(crate) fn tag(&self) -> Option<&str> {
        self.meta.e_tag.as_deref()
    }

    /// Reads a range that ends within the object, and adds it to what is there. A connection that breaks is taken up where it broke.
    pub(crate) async fn read(
        &self,
        range: Range<u64>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), RemoteError> {
        let mut at = range.start;
        let mut attempts = Attempts::new(&self.patience);
        while at < range.end {
            let before = at;
            let outcome = self.read_once(&mut at, range.end, bytes).await;
            if at > before {
                attempts.progress();
            }
            if let Err(error) = outcome {
                attempts.again(error).await?;
            }
        }
        Ok(())
    }

    /// One request; `at` moves on with what came.
    async fn read_once(
        &self,
        at: &mut u64,
        end: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<(), RemoteError> {
        let mut options = GetOptions::new().with_range(Some(GetRange::Bounded(*at..end)));
        match &self.meta.e_tag {
            Some(tag) => options = options.with_if_match(Some(tag.clone())),
            None => options.if_unmodified_since = Some(self.meta.last_modified),
        }
        let answer = self.bucket.objects.get_opts(&self.path, options).await;
        let answer = answer.map_err(|error| match RemoteError::of_client(&error) {
            // Gone, or cut below where reading is.
            RemoteError::NoSuchObject | RemoteError::Refused { status: 416, .. } => {
                RemoteError::Changed
            }
            error => error,
        })?;
        // Not every store keeps to a condition.
        if is_another(&answer.meta, &self.meta) {
            return Err(RemoteError::Changed);
        }
        if answer.range != (*at..end) {
            return Err(RemoteError::Nonsense("it gives another range"));
        }
        let mut body = answer.into_stream();
        while let Some(more) = body.next().await {
            let more = more.map_err(|error| RemoteError::of_client(&error))?;
            add(&more, at, end, bytes);
        }
        if *at < end {
            return Err(RemoteError::Broken(
                "it ends before all has come".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Whether an object is not the one that was opened. Where a store gives no tag, its time has to tell.
fn is_another(now: &ObjectMeta, opened: &ObjectMeta) -> bool {
    now.size != opened.size
        || now.e_tag != opened.e_tag
        || opened.e_tag.is_none() && now.last_modified != opened.last_modified
}

/// Adds what came, but nothing beyond `end`.
fn add(more: &[u8], at: &mut u64, end: u64, bytes: &mut Vec<u8>) {
    let left = usize::try_from(end.saturating_sub(*at)).unwrap_or(usize::MAX);
    let more = more.get(..left).unwrap_or(more);
    bytes.extend_from_slice(more);
    *at = at.saturating_add(more.len() as u64);
}

/// The key as the crate takes it.
pub(crate) fn path_of(key: &str) -> Result<Path, RemoteError> {
    // A slash at the end would be dropped, and another object be read.
    if key.is_empty() || key.ends_with('/') {
        return Err(RemoteError::NoSuchObject);
    }
    Path::parse(key).map_err(|_| RemoteError::Url(UrlError::BadKey))
}

/// Whether it is an answer to `HEAD`, which has no body to say why.
fn is_silent(error: &RemoteError) -> bool {
    match error {
        RemoteError::NoSuchObject => true,
        RemoteError::Denied { code, .. } | RemoteError::Refused { code, .. } => code.is_none(),
        _ => false,
    }
}

/// The same asked with a request whose answer has a body.
async fn told_more(bucket: &Bucket, path: &Path, error: RemoteError) -> RemoteError {
    let first = GetOptions::new().with_range(Some(GetRange::Bounded(0..1)));
    match bucket.objects.get_opts(path, first).await {
        Err(told) => match RemoteError::of_client(&told) {
            told @ (RemoteError::NoSuchBucket
            | RemoteError::Denied { .. }
            | RemoteError::Refused { .. }
            | RemoteError::OtherRegion) => told,
            _ => error,
        },
        Ok(_) => error,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn meta(tag: Option<&str>, second: u64, size: u64) -> ObjectMeta {
        ObjectMeta {
            location: Path::from("a"),
            last_modified: (SystemTime::UNIX_EPOCH + Duration::from_secs(second)).into(),
            size,
            e_tag: tag.map(ToOwned::to_owned),
            version: None,
        }
    }

    #[test]
    fn without_a_tag_the_time_tells_another_object() {
        for (opened, now, expected) in [
            (meta(Some("t"), 1, 3), meta(Some("t"), 2, 3), false),
            (meta(Some("t"), 1, 3), meta(Some("u"), 1, 3), true),
            (meta(None, 1, 3), meta(None, 1, 3), false),
            (meta(None, 1, 3), meta(None, 2, 3), true),
            (meta(None, 1, 3), meta(None, 1, 4), true),
        ] {
            assert_eq!(is_another(&now, &opened), expected, "{opened:?} {now:?}");
        }
    }
}
