use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const OTHER: &str = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

fn list(text: &str) -> List {
    List::parse(text.as_bytes(), None)
}

/// Kinds and lines of what is told.
fn lines<'a>(told: impl Iterator<Item = Told<'a>>) -> Vec<(DigestKind, u64)> {
    told.map(|told| (told.kind, told.line)).collect()
}

#[test]
fn one_bad_line_does_not_spoil_the_others() {
    let list = list(&format!(
        "{SHA256}  a\nnonsense\n\n# remark\n{OTHER} *b\r\n{SHA256}"
    ));
    assert_eq!(lines(list.get(b"a")), [(DigestKind::Sha256, 1)]);
    assert_eq!(lines(list.get(b"b")), [(DigestKind::Sha256, 5)]);
    assert_eq!(list.get(b"c").count(), 0);
    // A digest without a name says nothing in a list of several.
    assert_eq!(list.bad_lines(), [2, 6]);
    assert_eq!((list.lines(), list.is_lone()), (2, false));
}

#[test]
fn names_are_below_the_folder_of_the_list() {
    let list = list(&format!(
        "{SHA256}  ./a\n{SHA256}  sub/./b\n{SHA256}  sub//c\n{SHA256}  ../d\n{SHA256}  sub/../e\n{SHA256}  /x/f\n{SHA256}  -\n"
    ));
    let names: Vec<_> = list.names().collect();
    assert_eq!(names, [&b"a"[..], b"sub/b", b"sub/c"]);
    assert_eq!(lines(list.get_absolute(b"f")), [(DigestKind::Sha256, 6)]);
    assert!(list.is_about(b"") && list.is_about(b"sub"));
    assert!(!list.is_about(b"su") && !list.is_about(b"sub/b"));
    assert!(list.bad_lines().is_empty());
}

#[test]
fn the_last_line_of_a_name_counts() {
    let list = list(&format!("{SHA256}  a\n{MD5}  a\n{OTHER}  ./a\n"));
    assert_eq!(
        lines(list.get(b"a")),
        [(DigestKind::Md5, 2), (DigestKind::Sha256, 3)]
    );
    assert_eq!(list.names().count(), 1);
}

#[test]
fn an_absolute_name_that_ends_like_another_does_not_count() {
    let list = list(&format!(
        "{SHA256}  /x/a\n{OTHER}  /y/a\n{SHA256}  C:\\store\\b\n{MD5}  /x/a\n"
    ));
    assert_eq!(lines(list.get_absolute(b"a")), [(DigestKind::Md5, 4)]);
    assert_eq!(lines(list.get_absolute(b"b")), [(DigestKind::Sha256, 3)]);
}

#[test]
fn a_name_that_is_absolute_behind_a_dot_is_none() {
    for name in [&b"./C:/b"[..], b".//C:\\b", b"./\\b", b"./."] {
        assert_eq!(normal(name), None, "{}", name.escape_ascii());
    }
    assert_eq!(normal(b"./c:b"), Some(b"c:b".to_vec()));
}

#[test]
fn the_only_one_has_any_name_or_none() {
    let told = |text: String| lines(list(&text).of_the_only_one());
    assert_eq!(told(SHA256.to_owned()), [(DigestKind::Sha256, 1)]);
    assert_eq!(told(format!("\n{SHA256}\r\n")), [(DigestKind::Sha256, 2)]);
    assert_eq!(told(format!("{SHA256}  -\n")), [(DigestKind::Sha256, 1)]);
    assert_eq!(
        told(format!("{SHA256}  /old/a\n")),
        [(DigestKind::Sha256, 1)]
    );
    let both = format!("MD5 (a) = {MD5}\nSHA256 (a) = {SHA256}\n");
    assert_eq!(told(both).len(), 2);
    assert_eq!(told(format!("{SHA256}  a\n{OTHER}  b\n")), []);
    assert_eq!(told(format!("{SHA256}\n{OTHER}\n")), []);
    assert_eq!(told(String::new()), []);
}

#[test]
fn many_bad_lines_are_counted() {
    let list = list(&"x\n".repeat(20));
    assert_eq!(list.bad_lines(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((list.more_bad_lines(), list.lines()), (12, 0));
}

#[test]
fn powershell_and_zero_ended_lists_are_read() {
    let text = format!("{SHA256}  web.xva\r\n");
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let list = List::parse(&wide, Some(DigestKind::Sha256));
    assert_eq!(lines(list.get(b"web.xva")), [(DigestKind::Sha256, 1)]);
    let zeros = format!("{SHA256}  a\nb\0{OTHER}  c\\d\0");
    let list = List::parse(zeros.as_bytes(), Some(DigestKind::Sha256));
    assert_eq!(list.get(b"a\nb").count(), 1);
    assert_eq!(list.get(b"c\\d").count(), 1);
}

/// A line as coreutils writes it, here written from its documentation.
fn written(name: &[u8], digest: &[u8], tagged: bool) -> Vec<u8> {
    let escape = name.iter().any(|byte| b"\\\n\r".contains(byte));
    let mut spelled = Vec::new();
    for &byte in name {
        match byte {
            b'\\' => spelled.extend(b"\\\\"),
            b'\n' => spelled.extend(b"\\n"),
            b'\r' => spelled.extend(b"\\r"),
            byte => spelled.push(byte),
        }
    }
    let digits = xenspect_model::hex::encode(digest);
    let mut line = if escape { b"\\".to_vec() } else { Vec::new() };
    if tagged {
        line.extend(b"SHA256 (");
        line.extend(spelled);
        line.extend(format!(") = {digits}\n").into_bytes());
    } else {
        line.extend(format!("{digits}  ").into_bytes());
        line.extend(spelled);
        line.push(b'\n');
    }
    line
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        name in vec(prop_oneof![Just(b'\\'), Just(b'\n'), Just(b'\r'), Just(b'a'), Just(b' '), Just(b')'), 1..=255_u8], 1..20)
            .prop_filter("one that stays below", |name| normal(name).as_deref() == Some(name)),
        digest in vec(any::<u8>(), 32),
        tagged in any::<bool>(),
    ) {
        let list = List::parse(&written(&name, &digest, tagged), None);
        let told: Vec<_> = list.get(&name).map(|told| told.digest.to_vec()).collect();
        prop_assert_eq!(told, [digest]);
    }

    #[test]
    fn any_bytes_are_read_to_their_end(bytes in vec(prop_oneof![Just(b'\n'), Just(b'a'), Just(b' '), any::<u8>()], 0..400)) {
        let list = List::parse(&bytes, None);
        for name in list.names() {
            prop_assert!(list.get(name).count() >= 1);
            prop_assert_eq!(normal(name), Some(name.to_vec()));
        }
    }
}
