//! What the server answers: the three requests that reading takes. Lists come from `s3s-fs`; objects are read here, since `s3s-fs`
//! sums a whole file for every range of it, and knows no conditions.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use bytes::Bytes;
use s3s::dto::{
    ETag, ETagCondition, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
    ListObjectsV2Input, ListObjectsV2Output, Object, StreamingBlob, Timestamp,
};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Bytes read of a file at once.
const CHUNK: usize = 256 << 10;

/// Directories served as buckets.
pub(crate) struct Buckets {
    pub(crate) root: PathBuf,
    pub(crate) listing: FileSystem,
    /// Keys that no file can have, and that are listed all the same.
    pub(crate) odd: Arc<Mutex<Vec<String>>>,
}

struct Found {
    path: PathBuf,
    size: u64,
    modified: Timestamp,
    tag: ETag,
}

impl Buckets {
    fn find(&self, bucket: &str, key: &str) -> S3Result<Found> {
        let bucket = self.root.join(bucket);
        if !bucket.is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        let path = bucket.join(key);
        let inside = Path::new(key)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        let meta = std::fs::metadata(&path).ok();
        let Some(meta) = meta.filter(|meta| inside && meta.is_file() && !key.ends_with('/')) else {
            return Err(s3_error!(NoSuchKey));
        };
        let modified = meta.modified().unwrap_or(UNIX_EPOCH);
        let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Found {
            path,
            size: meta.len(),
            modified: Timestamp::from(modified),
            tag: ETag::Strong(format!("{:x}-{:x}", age.as_nanos(), meta.len())),
        })
    }
}

#[async_trait]
impl S3 for Buckets {
    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let found = self.find(&request.input.bucket, &request.input.key)?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: i64::try_from(found.size).ok(),
            e_tag: Some(found.tag),
            last_modified: Some(found.modified),
            ..HeadObjectOutput::default()
        }))
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = request.input;
        let found = self.find(&input.bucket, &input.key)?;
        if let Some(ETagCondition::ETag(tag)) = &input.if_match
            && tag.value() != found.tag.value()
        {
            return Err(s3_error!(PreconditionFailed));
        }
        let range = match input.range {
            Some(range) => range.check(found.size)?,
            None => 0..found.size,
        };
        let said = input.range.map(|_| {
            let last = range.end.saturating_sub(1);
            format!("bytes {}-{last}/{}", range.start, found.size)
        });
        let mut file = File::open(&found.path)
            .await
            .map_err(|error| s3_error!(error, NoSuchKey))?;
        file.set_max_buf_size(CHUNK);
        file.seek(SeekFrom::Start(range.start))
            .await
            .map_err(|error| s3_error!(error, InternalError))?;
        let length = range.end.saturating_sub(range.start);
        let body =
            futures_util::stream::try_unfold((file, length), |(mut file, left)| async move {
                if left == 0 {
                    return Ok(None);
                }
                let mut chunk =
                    vec![0; usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK))];
                let taken = file.read(&mut chunk).await?;
                if taken == 0 {
                    return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
                }
                chunk.truncate(taken);
                let left = left.saturating_sub(taken as u64);
                Ok(Some((Bytes::from(chunk), (file, left))))
            });
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(body)),
            content_length: i64::try_from(length).ok(),
            content_range: said,
            e_tag: Some(found.tag),
            last_modified: Some(found.modified),
            ..GetObjectOutput::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let prefix = request.input.prefix.clone().unwrap_or_default();
        let most = request.input.max_keys.unwrap_or(1000).clamp(0, 1000);
        let after = request.input.continuation_token.clone();
        let after = after
            .or(request.input.start_after.clone())
            .unwrap_or_default();
        let mut all = request;
        all.input.max_keys = Some(i32::MAX);
        all.input.continuation_token = None;
        all.input.start_after = None;
        let mut answer = self.listing.list_objects_v2(all).await?;
        let mut objects = answer.output.contents.take().unwrap_or_default();
        let odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        objects.extend(
            odd.iter()
                .filter(|key| key.starts_with(&prefix))
                .map(|key| Object {
                    key: Some(key.clone()),
                    size: Some(0),
                    last_modified: Some(Timestamp::from(UNIX_EPOCH)),
                    ..Object::default()
                }),
        );
        drop(odd);
        objects.sort_by(|a, b| a.key.cmp(&b.key));
        objects.retain(|object| {
            object
                .key
                .as_deref()
                .is_some_and(|key| key > after.as_str())
        });
        let most = usize::try_from(most).unwrap_or_default();
        let more = objects.len() > most;
        objects.truncate(most);
        answer.output.is_truncated = Some(more);
        answer.output.max_keys = i32::try_from(most).ok();
        answer.output.key_count = i32::try_from(objects.len()).ok();
        answer.output.next_continuation_token = objects
            .last()
            .and_then(|object| object.key.clone())
            .filter(|_| more);
        answer.output.contents = Some(objects);
        Ok(answer)
    }
}
