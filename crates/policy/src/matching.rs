//! Patterns of paths.

use std::borrow::Cow;
use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A pattern of paths. One without `/` is about the name of a file, in whatever folder; one with `/` is about the whole path below the
/// folder that is verified. `*` and `?` do not go beyond a `/`, `**` does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathGlob {
    text: String,
    matcher: GlobMatcher,
    of_names: bool,
}

/// Longer ones cost memory, and no path is as long.
const LONGEST: usize = 1024;

impl TryFrom<String> for PathGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            return Err("a pattern of paths cannot be empty".to_owned());
        }
        if text.len() > LONGEST {
            return Err(format!("a pattern of paths has at most {LONGEST} bytes"));
        }
        let of_names = !text.contains('/');
        let matcher = GlobBuilder::new(text.trim_start_matches('/'))
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map_err(|error| format!("no pattern of paths: {}", error.kind()))?
            .compile_matcher();
        Ok(Self {
            text,
            matcher,
            of_names,
        })
    }
}

impl PathGlob {
    /// Whether a path is meant, given with `/` between its parts.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        match self.of_names {
            true => self
                .matcher
                .is_match(path.rsplit('/').next().unwrap_or(path)),
            false => self.matcher.is_match(path),
        }
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathGlob {}

impl From<PathGlob> for String {
    fn from(glob: PathGlob) -> Self {
        glob.text
    }
}

impl fmt::Display for PathGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl JsonSchema for PathGlob {
    fn schema_name() -> Cow<'static, str> {
        "PathGlob".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST,
            "description": "A pattern of paths: without `/` of names in whatever folder, with `/` of the whole path below the \
                            folder that is verified. `*` and `?` do not go beyond a `/`, `**` does."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths() {
        for (glob, path, taken) in [
            ("web01-*.xva*", "web01-1.xva.gz", true),
            ("web01-*.xva*", "deep/down/web01-1.xva", true),
            ("web01-*.xva*", "web01-/1.xva", false),
            ("archive/**", "archive/2026/a.xva", true),
            ("archive/*", "archive/2026/a.xva", false),
            ("archive/**", "other/archive/a.xva", false),
            ("**/archive/**", "other/archive/a.xva", true),
            ("/srv/*.xva", "/srv/a.xva", true),
            ("a\\*.xva", "a*.xva", true),
            ("a\\*.xva", "ab.xva", false),
            ("{a,b}.xva", "b.xva", true),
        ] {
            let glob = PathGlob::try_from(glob.to_owned()).expect("a pattern");
            assert_eq!(glob.takes(path), taken, "{glob} {path}");
        }
        for bad in ["", "a[", "{a", &"a".repeat(LONGEST + 1)] {
            assert!(PathGlob::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
