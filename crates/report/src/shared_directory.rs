//! The part that many paths begin with, so that it is shown once.

/// Length of the directory that all paths are below, with its separator; zero for less than two paths.
pub(crate) fn shared_directory(paths: &[&str]) -> usize {
    let [first, others @ ..] = paths else {
        return 0;
    };
    if others.is_empty() {
        return 0;
    }
    let mut shared = first.len();
    for other in others {
        let same = first.bytes().zip(other.bytes());
        shared = shared.min(same.take_while(|(one, other)| one == other).count());
    }
    // Up to a separator, which is ASCII and hence no part of another character.
    let shared = first.as_bytes().get(..shared).unwrap_or_default();
    let end = shared.iter().rposition(|byte| matches!(byte, b'/' | b'\\'));
    // A root alone is not worth a line.
    end.filter(|end| *end > 0).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_that_are_shared() {
        for (paths, shared) in [
            (&["/b/a.xva"][..], 0),
            (&["/b/a.xva", "/b/c.xva"], 3),
            (&["/b/a/x", "/b/ab/y"], 3),
            (&["/b/a", "/c/a"], 0),
            (&["a.xva", "b.xva"], 0),
            (&["s3://b/x", "s3://b/y"], 7),
            (&["/ü/a", "/û/a"], 0),
            (&["/b/a", "/b/a"], 3),
            (&[], 0),
        ] {
            assert_eq!(shared_directory(paths), shared, "{paths:?}");
        }
    }
}
