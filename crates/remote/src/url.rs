//! What names an object or a prefix: `s3://bucket/key` and its like.
//!
//! The text behind the bucket is the key as it is, as `aws s3` and `gcloud storage` take it: nothing is decoded, so `%20`, `+`,
//! `?` and `#` are those characters.

use std::fmt;

/// The kind of store, told by the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `s3://`: Amazon S3, and all that speaks its language.
    S3,
    /// `az://`, `abfs://`, `abfss://`: Azure Blob Storage.
    Azure,
    /// `gs://`: Google Cloud Storage.
    Google,
}

/// An object, or all objects below a prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    scheme: Scheme,
    /// What stands before the key, as it was given, with the slash behind it.
    front: String,
    bucket: String,
    account: Option<String>,
    key: String,
}

/// Why a text is no URL of an object. No message repeats more of it than the scheme: the rest may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another scheme, or none.
    #[error(
        "{0}:// is not read: an object is named by s3://bucket/key, az://container/key, abfss://container@account.dfs.core.windows.net/key or gs://bucket/key, a file by its path"
    )]
    Scheme(String),
    /// Nothing between the slashes.
    #[error("names no bucket: it is written s3://bucket/key")]
    NoBucket,
    /// `user:password@`, or a user where none can be.
    #[error(
        "holds a user name or a password: credentials are taken from the environment only, where other users of this machine do not see them"
    )]
    Credentials,
    /// A bucket of characters that no bucket has.
    #[error(
        "names no bucket: letters, digits, `.`, `-` and `_` are what the name of one is made of"
    )]
    BadBucket,
    /// `container@account` with another host than one of Azure's.
    #[error(
        "names no storage account: it is written container@account or container@account.dfs.core.windows.net"
    )]
    BadAccount,
    /// A key that cannot be asked for.
    #[error(
        "cannot be asked for: a part of the key between two slashes is empty, `.` or `..`, or holds a control character"
    )]
    BadKey,
}

/// Hosts of storage accounts: what stands behind the account.
const AZURE_HOSTS: [&str; 4] = [
    "dfs.core.windows.net",
    "blob.core.windows.net",
    "dfs.fabric.microsoft.com",
    "blob.fabric.microsoft.com",
];

impl Url {
    /// Whether a text is meant as a URL, by `scheme://` at its front. One letter is a drive; `a:b` is a path.
    #[must_use]
    pub fn is_remote(text: &str) -> bool {
        split_scheme(text).is_some()
    }

    /// Reads a URL.
    ///
    /// # Errors
    /// When it is of another scheme, names no bucket, holds credentials, or a key that cannot be asked for.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let Some((name, rest)) = split_scheme(text) else {
            return Err(UrlError::Scheme(String::new()));
        };
        let lower = name.to_ascii_lowercase();
        let scheme = match lower.as_str() {
            "s3" | "s3a" => Scheme::S3,
            "az" | "abfs" | "abfss" => Scheme::Azure,
            "gs" => Scheme::Google,
            _ => return Err(UrlError::Scheme(lower)),
        };
        let (authority, key) = rest.split_once('/').unwrap_or((rest, ""));
        let (bucket, account) = match authority.split_once('@') {
            None => (authority, None),
            Some((container, host)) if scheme == Scheme::Azure && !container.contains(':') => {
                (container, Some(account(host)?))
            }
            Some(_) => return Err(UrlError::Credentials),
        };
        if bucket.is_empty() {
            return Err(UrlError::NoBucket);
        }
        if !bucket.chars().all(is_bucket) {
            return Err(UrlError::BadBucket);
        }
        let url = Self {
            scheme,
            front: format!("{name}://{authority}/"),
            bucket: bucket.to_owned(),
            account,
            key: key.to_owned(),
        };
        // A prefix ends with a slash, so its last part is empty.
        let parts = url.key.strip_suffix('/').unwrap_or(&url.key);
        if !url.key.is_empty() && !parts.split('/').all(is_part) {
            return Err(UrlError::BadKey);
        }
        Ok(url)
    }

    /// A text to show in place of one that is meant as a URL: without what may be a password or a signature.
    #[must_use]
    pub fn shown(text: &str) -> String {
        let Some((name, rest)) = split_scheme(text) else {
            return text.to_owned();
        };
        if Self::parse(text).is_ok() {
            return text.to_owned();
        }
        // Where a password ends is not known of what cannot be read; nor is where a signature does.
        let rest = rest.split_once('?').map_or(rest, |(front, _)| front);
        match rest.rsplit_once('@') {
            Some((_, host)) => format!("{name}://…@{host}"),
            None => format!("{name}://{rest}"),
        }
    }

    /// The kind of store.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The bucket or container.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The storage account, where it is part of the URL.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The key, or the prefix.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether it means all objects below it: nothing behind the bucket, or a slash at the end.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        self.key.is_empty() || self.key.ends_with('/')
    }

    /// The last part of the key.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }

    /// Another key in the same bucket.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..self.clone()
        }
    }

    /// What stands beside it under another name.
    #[must_use]
    pub fn beside(&self, file_name: &str) -> Self {
        let folder = self
            .key
            .rfind('/')
            .map_or("", |slash| self.key.get(..=slash).unwrap_or_default());
        self.with_key(&format!("{folder}{file_name}"))
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.front, self.key)
    }
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once("://")?;
    let mut letters = name.chars();
    let named = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && name.len() > 1
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    named.then_some((name, rest))
}

fn is_bucket(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '$')
}

/// What `object_store::path::Path` lets pass.
pub(crate) fn is_part(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.chars().any(|c| c.is_ascii_control())
}

fn account(host: &str) -> Result<String, UrlError> {
    let (name, domain) = host
        .split_once('.')
        .map_or((host, None), |(name, domain)| (name, Some(domain)));
    let known = domain.is_none_or(|domain| AZURE_HOSTS.contains(&domain));
    let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if known && named {
        Ok(name.to_owned())
    } else {
        Err(UrlError::BadAccount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_no_urls() {
        for path in [
            r"C:\backups\a.xva",
            "C:/backups/a.xva",
            "C://backups/a.xva",
            "a:b",
            "/srv/backups/a.xva",
            "./s3://bucket/key",
            "-",
            "",
            "://x",
            "1s3://x/y",
            "s3:/bucket/key",
            "a b://c",
        ] {
            assert!(!Url::is_remote(path), "{path}");
        }
        for url in [
            "s3://b/k",
            "S3://b/k",
            "ftp://h/f",
            "https://h/f",
            "x-y+z.1://",
        ] {
            assert!(Url::is_remote(url), "{url}");
        }
    }

    #[test]
    fn a_url_is_taken_apart_and_put_together_again() {
        let cases = [
            ("s3://bucket/key", Scheme::S3, "bucket", None, "key", false),
            ("s3://bucket", Scheme::S3, "bucket", None, "", true),
            ("s3://bucket/", Scheme::S3, "bucket", None, "", true),
            ("s3://bucket/a/b/", Scheme::S3, "bucket", None, "a/b/", true),
            (
                "s3a://b.c-d/a b%20+?#ä",
                Scheme::S3,
                "b.c-d",
                None,
                "a b%20+?#ä",
                false,
            ),
            (
                "s3://b/.hidden/..x",
                Scheme::S3,
                "b",
                None,
                ".hidden/..x",
                false,
            ),
            ("gs://b_1/k", Scheme::Google, "b_1", None, "k", false),
            ("az://c/k", Scheme::Azure, "c", None, "k", false),
            ("az://c@acc/k", Scheme::Azure, "c", Some("acc"), "k", false),
            (
                "abfss://c@acc.dfs.core.windows.net/k/",
                Scheme::Azure,
                "c",
                Some("acc"),
                "k/",
                true,
            ),
        ];
        for (text, scheme, bucket, account, key, prefix) in cases {
            let url = Url::parse(text).expect(text);
            assert_eq!(url.scheme(), scheme, "{text}");
            assert_eq!(url.bucket(), bucket, "{text}");
            assert_eq!(url.account(), account, "{text}");
            assert_eq!(url.key(), key, "{text}");
            assert_eq!(url.is_prefix(), prefix, "{text}");
            assert_eq!(Url::parse(&url.to_string()), Ok(url), "{text}");
            assert_eq!(Url::shown(text), text);
        }
    }

    #[test]
    fn what_is_no_url_of_an_object_is_said_in_words() {
        let cases = [
            ("ftp://host/file", UrlError::Scheme("ftp".to_owned())),
            ("https://host/file", UrlError::Scheme("https".to_owned())),
            ("file:///srv/a", UrlError::Scheme("file".to_owned())),
            ("s3:///key", UrlError::NoBucket),
            ("s3://", UrlError::NoBucket),
            ("s3://user:secret@bucket/key", UrlError::Credentials),
            ("s3://user@bucket/key", UrlError::Credentials),
            ("gs://user@bucket/key", UrlError::Credentials),
            ("az://user:secret@account/key", UrlError::Credentials),
            ("az://container@evil.example/key", UrlError::BadAccount),
            ("az://container@/key", UrlError::BadAccount),
            ("s3://bu cket/key", UrlError::BadBucket),
            ("s3://[::1]/key", UrlError::BadBucket),
            ("s3://b/a//b", UrlError::BadKey),
            ("s3://b//a", UrlError::BadKey),
            ("s3://b//", UrlError::BadKey),
            ("s3://b/a/../b", UrlError::BadKey),
            ("s3://b/./a", UrlError::BadKey),
            ("s3://b/a\u{7}b", UrlError::BadKey),
        ];
        for (text, error) in cases {
            assert_eq!(Url::parse(text), Err(error.clone()), "{text}");
            let words = error.to_string();
            assert!(!words.contains("secret"), "{words}");
        }
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let cases = [
            ("s3://user:secret@bucket/key", "s3://…@bucket/key"),
            ("ftp://user:se/cret@h/key", "ftp://…@h/key"),
            ("https://h/k?X-Amz-Signature=secret", "https://h/k"),
            ("https://secret@h/k", "https://…@h/k"),
            ("s3://b/what?", "s3://b/what?"),
            ("/srv/a?b", "/srv/a?b"),
        ];
        for (text, shown) in cases {
            assert_eq!(Url::shown(text), shown, "{text}");
        }
    }

    #[test]
    fn names_beside_an_object() {
        let url = Url::parse("s3://b/a/x.xva").expect("good");
        assert_eq!(url.file_name(), "x.xva");
        assert_eq!(url.beside("SHA256SUMS").to_string(), "s3://b/a/SHA256SUMS");
        let top = Url::parse("s3://b/x.xva").expect("good");
        assert_eq!(top.beside("y").to_string(), "s3://b/y");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = Url::is_remote(&text);
            let _ = Url::shown(&text);
            let _ = Url::parse(&text);
        }

        #[test]
        fn what_is_read_comes_out_as_it_went_in(
            text in "(s3|gs|az|abfss)://[a-z0-9.-]{1,9}/[ -~äß]{0,20}"
        ) {
            if let Ok(url) = Url::parse(&text) {
                proptest::prop_assert_eq!(url.to_string(), text.clone());
                proptest::prop_assert_eq!(Url::shown(&text), text);
                proptest::prop_assert!(crate::object::path_of(url.key()).is_ok() || url.is_prefix());
            }
        }

        #[test]
        fn a_password_is_neither_taken_nor_shown(
            scheme in "(s3|gs|az|https)",
            password in "[A-Z0-9/+=]{8,20}",
        ) {
            let text = format!("{scheme}://user:{password}@host/key");
            proptest::prop_assert!(Url::parse(&text).is_err());
            proptest::prop_assert!(!Url::shown(&text).contains(&password));
        }
    }
}
