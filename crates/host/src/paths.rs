//! Patterns of paths below the root of a host, without `./` in front. One that ends in `/` is of everything below that
//! folder; `*` stands for any characters, once in a pattern; one without a `/` is of the last part of a path.

/// Whether a path is one of those.
#[must_use]
pub fn matches(pattern: &str, path: &str) -> bool {
    let last = || path.rsplit('/').next().unwrap_or(path);
    match pattern.strip_suffix('/') {
        Some(_) => begins(pattern, path),
        None if pattern.contains('/') => is_like(pattern, path),
        None => is_like(pattern, last()),
    }
}

/// Whether a text begins as a pattern says, and goes on behind that.
fn begins(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => text.len() > pattern.len() && text.starts_with(pattern),
        Some((head, tail)) => text
            .strip_prefix(head)
            .and_then(|rest| Some((rest.find(tail)?, rest.len())))
            .is_some_and(|(at, len)| at.saturating_add(tail.len()) < len),
    }
}

/// Whether all of a text is as a pattern with at most one star says.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text
            .strip_prefix(head)
            .is_some_and(|rest| rest.ends_with(tail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("var/log/", "var/log/messages", true),
            ("var/log/", "var/log/a/b", true),
            ("var/log/", "var/log", false),
            ("var/log/", "var/logs/x", false),
            ("var/log/", "opt/var/log/x", false),
            ("etc/adjtime", "etc/adjtime", true),
            ("etc/adjtime", "etc/adjtime2", false),
            ("etc/shadow*", "etc/shadow", true),
            ("etc/shadow*", "etc/shadow-", true),
            ("etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_rsa_key", true),
            (
                "etc/ssh/ssh_host_*_key",
                "etc/ssh/ssh_host_rsa_key.pub",
                false,
            ),
            ("home/*/.ssh/", "home/a/.ssh/id", true),
            ("home/*/.ssh/", "home/a/.ssh/", false),
            ("*.lock", "a/b.lock", true),
            ("*.lock", ".lock", true),
            ("*.lock", "a.lock/b", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
