//! All objects below a prefix.

use std::collections::BTreeSet;
use std::time::SystemTime;

use futures_util::{StreamExt, stream};
use object_store::list::PaginatedListOptions;
use object_store::{GetOptions, ObjectMeta, path};

use crate::error::RemoteError;
use crate::patience::{Attempts, Patience};
use crate::setup::Bucket;
use crate::url::Url;

/// No more objects are listed. Ten million take about a gigabyte and a half.
const MOST: usize = 10_000_000;
/// Keys that cannot be asked for are kept up to here, and counted beyond.
const MOST_ODD: usize = 1_000;
/// Keys asked for at once: what stores give at most.
const PAGE: usize = 1_000;
/// Empty objects that are looked at to see whether they are folders.
const MOST_LOOKED_AT: usize = 1_000;
/// How many of them at a time.
const LOOKS: usize = 16;
/// Pages without an object behind one another, which some stores give where much was deleted.
const MOST_EMPTY: usize = 10_000;

/// An object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its whole key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub modified: SystemTime,
    /// What changes whenever the object does.
    pub etag: Option<String>,
}

/// What lies below a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects, by key.
    pub objects: Vec<Object>,
    /// Keys that cannot be asked for (`a//b`, `a/../b`, control characters), the first thousand.
    pub odd: Vec<String>,
    /// How many there are of these.
    pub odd_count: u64,
}

pub(crate) async fn list(
    bucket: &Bucket,
    url: &Url,
    patience: &Patience,
) -> Result<Listing, RemoteError> {
    let prefix = prefix(url);
    let mut listing = Listing::default();
    let mut place = Place::default();
    loop {
        match page(bucket, prefix.as_deref(), &place, patience).await? {
            Page::Good { objects, token } => {
                let last = objects.last().map(|object| object.location.to_string());
                place.count(objects.is_empty())?;
                listing.add(objects, prefix.as_deref())?;
                match token.filter(|token| !token.is_empty()) {
                    Some(token) => place.go_on(token, last)?,
                    None => break,
                }
            }
            // One bad key hides the whole page: it is asked for in ever smaller ones, until it stands alone.
            Page::Odd(key) => {
                if !bucket.starts_anywhere || !prefix.as_deref().is_none_or(|p| key.starts_with(p))
                {
                    return Err(RemoteError::Nonsense(
                        "it lists a key that cannot be asked for",
                    ));
                }
                if place.most > 1 {
                    place.narrow();
                } else {
                    place.skip(&key)?;
                    listing.add_odd(key);
                }
            }
        }
    }
    listing.sort();
    drop_folders(bucket, &mut listing.objects, patience).await;
    Ok(listing)
}

/// Whether there is anything below a prefix: one small request.
pub(crate) async fn is_any(
    bucket: &Bucket,
    url: &Url,
    patience: &Patience,
) -> Result<bool, RemoteError> {
    let place = Place {
        most: 1,
        ..Place::default()
    };
    let page = page(bucket, prefix(url).as_deref(), &place, patience).await?;
    Ok(match page {
        Page::Good { objects, .. } => !objects.is_empty(),
        Page::Odd(_) => true,
    })
}

/// What keys below a URL begin with: `-r` means a folder, with or without the slash.
fn prefix(url: &Url) -> Option<String> {
    match url.key() {
        "" => None,
        key if key.ends_with('/') => Some(key.to_owned()),
        key => Some(format!("{key}/")),
    }
}

/// Where a listing is.
struct Place {
    token: Option<String>,
    after: Option<String>,
    most: usize,
    /// Tokens that were followed: one that comes again leads in a circle.
    followed: BTreeSet<String>,
    /// The last key that was stepped over.
    skipped: Option<String>,
    /// Pages without an object, since the last one with any.
    empty: usize,
}

/// What is said of a store that gives the same again and again.
const CIRCLE: RemoteError = RemoteError::Nonsense("its listing does not go on, but begins anew");

impl Default for Place {
    fn default() -> Self {
        Self {
            token: None,
            after: None,
            most: PAGE,
            followed: BTreeSet::new(),
            skipped: None,
            empty: 0,
        }
    }
}

impl Place {
    fn count(&mut self, is_empty: bool) -> Result<(), RemoteError> {
        self.empty = if is_empty {
            self.empty.saturating_add(1)
        } else {
            0
        };
        match self.empty > MOST_EMPTY {
            true => Err(CIRCLE),
            false => Ok(()),
        }
    }

    fn go_on(&mut self, token: String, last: Option<String>) -> Result<(), RemoteError> {
        if !self.followed.insert(token.clone()) {
            return Err(CIRCLE);
        }
        self.token = Some(token);
        self.after = last.or(self.after.take());
        self.most = self.most.saturating_mul(2).min(PAGE);
        Ok(())
    }

    fn narrow(&mut self) {
        self.most = (self.most / 2).max(1);
    }

    /// Goes on behind a key. Stores that can do so list keys by their bytes, so that the next one is a later one.
    fn skip(&mut self, key: &str) -> Result<(), RemoteError> {
        if self.skipped.as_deref().is_some_and(|last| key <= last) {
            return Err(CIRCLE);
        }
        self.token = None;
        self.skipped = Some(key.to_owned());
        self.after = Some(key.to_owned());
        // Tokens are of one listing, and this is another one.
        self.followed.clear();
        Ok(())
    }
}

enum Page {
    Good {
        objects: Vec<ObjectMeta>,
        token: Option<String>,
    },
    /// It holds a key that the crate does not take.
    Odd(String),
}

async fn page(
    bucket: &Bucket,
    prefix: Option<&str>,
    place: &Place,
    patience: &Patience,
) -> Result<Page, RemoteError> {
    let mut attempts = match place.token {
        None => Attempts::first(patience),
        Some(_) => Attempts::new(patience),
    };
    loop {
        let options = PaginatedListOptions {
            // A token counts for the place; a key behind which to begin is for when there is none.
            offset: place.after.clone().filter(|_| place.token.is_none()),
            page_token: place.token.clone(),
            max_keys: Some(place.most),
            ..PaginatedListOptions::default()
        };
        match bucket.pages.list_paginated(prefix, options).await {
            Ok(page) => {
                return Ok(Page::Good {
                    objects: page.result.objects,
                    token: page.page_token,
                });
            }
            Err(object_store::Error::InvalidPath {
                source: path::Error::EmptySegment { path } | path::Error::BadSegment { path, .. },
            }) => return Ok(Page::Odd(path)),
            Err(error) => {
                let error = match RemoteError::of_client(&error) {
                    RemoteError::NoSuchObject => RemoteError::NoSuchBucket,
                    error => error,
                };
                attempts.again(error).await?;
            }
        }
    }
}

impl Listing {
    fn add(&mut self, objects: Vec<ObjectMeta>, prefix: Option<&str>) -> Result<(), RemoteError> {
        for object in objects {
            let key = String::from(object.location);
            // The folder itself, `prefix/`, comes without its slash.
            if prefix.is_some_and(|prefix| !key.starts_with(prefix)) {
                continue;
            }
            if self.objects.len() >= MOST {
                return Err(RemoteError::TooMany { limit: MOST });
            }
            self.objects.push(Object {
                key,
                size: object.size,
                modified: object.last_modified.into(),
                etag: object.e_tag,
            });
        }
        Ok(())
    }

    /// Sorts by key. An object and another one with a slash behind its name look alike here. The first one listed is that without
    /// the slash; the other can be listed, but not asked for. If it is empty, it is what consoles make of a folder.
    fn sort(&mut self) {
        // A stable sort: those of a key stay as they were listed.
        self.objects.sort_by(|a, b| a.key.cmp(&b.key));
        let mut odd = Vec::new();
        self.objects.dedup_by(|later, first| {
            let same = later.key == first.key;
            if same && later.size > 0 && later != first {
                odd.push(format!("{}/", later.key));
            }
            same
        });
        for key in odd {
            self.add_odd(key);
        }
        self.odd.sort();
    }

    fn add_odd(&mut self, key: String) {
        self.odd_count = self.odd_count.saturating_add(1);
        if self.odd.len() < MOST_ODD {
            self.odd.push(key);
        }
    }
}

/// Leaves out the empty objects by which consoles show folders: their keys end with a slash, which is gone from what the client
/// gives. So an empty object is one that can be asked for by what is left of its key.
async fn drop_folders(bucket: &Bucket, objects: &mut Vec<Object>, patience: &Patience) {
    let empty: Vec<String> = objects
        .iter()
        .filter(|object| object.size == 0)
        .take(MOST_LOOKED_AT)
        .map(|object| object.key.clone())
        .collect();
    let looks = empty.into_iter().map(|key| async move {
        let is_folder = is_missing(bucket, &key, patience).await;
        is_folder.then_some(key)
    });
    let folders: BTreeSet<String> = stream::iter(looks)
        .buffer_unordered(LOOKS)
        .filter_map(|key| async move { key })
        .collect()
        .await;
    objects.retain(|object| object.size > 0 || !folders.contains(&object.key));
}

/// Whether the store says that there is no such object. What cannot be told is no answer: reading the object tells then.
async fn is_missing(bucket: &Bucket, key: &str, patience: &Patience) -> bool {
    let Ok(path) = path::Path::parse(key) else {
        return false;
    };
    let mut attempts = Attempts::new(patience);
    loop {
        let head = GetOptions::new().with_head(true);
        let Err(error) = bucket.objects.get_opts(&path, head).await else {
            return false;
        };
        match attempts.again(RemoteError::of_client(&error)).await {
            Ok(()) => {}
            Err(error) => return error == RemoteError::NoSuchObject,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, size: u64) -> Object {
        Object {
            key: key.to_owned(),
            size,
            modified: SystemTime::UNIX_EPOCH,
            etag: Some(format!("{key} {size}")),
        }
    }

    #[test]
    fn of_two_objects_that_look_alike_none_is_lost() {
        for (listed, kept, odd) in [
            (vec![("x", 3), ("x", 0)], ("x", 3), vec![]),
            (vec![("x", 0), ("x", 3)], ("x", 0), vec!["x/"]),
            (vec![("x", 3), ("x", 4)], ("x", 3), vec!["x/"]),
            // The same page twice.
            (vec![("x", 3), ("x", 3)], ("x", 3), vec![]),
        ] {
            let mut listing = Listing {
                objects: listed
                    .iter()
                    .map(|(key, size)| object(key, *size))
                    .collect(),
                ..Listing::default()
            };
            listing.sort();
            assert_eq!(listing.objects, [object(kept.0, kept.1)], "{listed:?}");
            assert_eq!(listing.odd, odd, "{listed:?}");
            assert_eq!(listing.odd_count, odd.len() as u64, "{listed:?}");
        }
    }

    #[test]
    fn a_listing_that_begins_anew_is_left() {
        let mut place = Place::default();
        assert_eq!(place.go_on("1".to_owned(), None), Ok(()));
        assert_eq!(place.go_on("2".to_owned(), None), Ok(()));
        assert_eq!(place.go_on("1".to_owned(), None), Err(CIRCLE));
        let mut place = Place::default();
        assert_eq!(place.skip("a//b"), Ok(()));
        assert_eq!(place.skip("a//c"), Ok(()));
        assert_eq!(place.skip("a//b"), Err(CIRCLE));
        assert_eq!(Place::default().count(true), Ok(()));
        let mut place = Place {
            empty: MOST_EMPTY,
            ..Place::default()
        };
        assert_eq!(place.count(true), Err(CIRCLE));
    }
}
