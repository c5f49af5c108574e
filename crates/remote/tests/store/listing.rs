//! Listing what lies below a prefix.

use crate::support::{Store, url};

fn keys(store: &Store, prefix: &str) -> Vec<String> {
    let listing = store.remote().list(&url(prefix)).expect("a listing");
    listing
        .objects
        .into_iter()
        .map(|object| object.key)
        .collect()
}

#[test]
fn more_keys_than_a_page_holds() {
    let store = Store::new();
    let mut expected: Vec<String> = (0..2500)
        .map(|n| format!("many/{}.xva", n * 7919 % 2500))
        .collect();
    for key in &expected {
        store.put(key, b"x");
    }
    expected.sort();
    assert_eq!(keys(&store, "many/"), expected);
    assert_eq!(store.server.requests().len(), 3);
}

#[test]
fn what_lies_beside_the_prefix_is_left_out() {
    let store = Store::new();
    for key in ["a/1", "a/b/2", "a/b/c/3", "ab/4", "a.5", "b/6"] {
        store.put(key, b"x");
    }
    assert_eq!(keys(&store, "a/"), ["a/1", "a/b/2", "a/b/c/3"]);
    assert_eq!(keys(&store, "a"), ["a/1", "a/b/2", "a/b/c/3"]);
    assert_eq!(keys(&store, "a/b/"), ["a/b/2", "a/b/c/3"]);
    assert_eq!(
        keys(&store, ""),
        ["a.5", "a/1", "a/b/2", "a/b/c/3", "ab/4", "b/6"]
    );
    assert!(keys(&store, "none/").is_empty());
}

#[test]
fn sizes_and_names_are_those_of_the_files_and_can_be_read() {
    let store = Store::new();
    let names = [
        " begins with a space",
        ".hidden/..file",
        "100%.xva",
        "a%2Fb",
        "a&b<c>'d'.xva",
        "a+b c.xva",
        "備份/ä.xva",
    ];
    for name in names {
        store.put(name, name.as_bytes());
    }
    let remote = store.remote();
    let listing = remote.list(&url("")).expect("a listing");
    let found: Vec<&str> = listing
        .objects
        .iter()
        .map(|object| object.key.as_str())
        .collect();
    assert_eq!(found, names);
    for object in listing.objects {
        assert_eq!(object.size, object.key.len() as u64);
        let url = url("").with_key(&object.key);
        assert_eq!(remote.small(&url, 100), Ok(object.key.into_bytes()));
    }
    assert!(listing.odd.is_empty());
}

#[test]
fn keys_that_cannot_be_asked_for_are_named_and_hide_no_others() {
    let store = Store::new();
    let mut expected = Vec::new();
    for n in 0..1200 {
        let key = format!("k/{n:04}");
        store.put(&key, b"x");
        expected.push(key);
    }
    let odd = [
        "k/0003//a",
        "k/0700/../a",
        "k/0700/./a",
        "k//",
        "k/1199a//",
        "k/bell\u{7}",
    ];
    for key in odd {
        store.server.list_also(key);
    }
    let listing = store.remote().list(&url("k/")).expect("a listing");
    let found: Vec<String> = listing
        .objects
        .into_iter()
        .map(|object| object.key)
        .collect();
    assert_eq!(found, expected);
    let mut named = odd.map(ToOwned::to_owned);
    named.sort();
    assert_eq!(listing.odd, named);
    assert_eq!(listing.odd_count, 6);
    let requests = store.server.requests().len();
    assert!(requests < 150, "{requests}");
}

#[test]
fn folders_that_consoles_make_are_no_objects() {
    let store = Store::new();
    store.put("f/a", b"x");
    store.put("f/empty", b"");
    // The last one is named as an object is.
    for folder in ["f/", "f/sub/", "g/", "f/a/"] {
        store.server.list_also(folder);
    }
    assert_eq!(keys(&store, "f/"), ["f/a", "f/empty"]);
    assert_eq!(keys(&store, ""), ["f/a", "f/empty"]);
}
