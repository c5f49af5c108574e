//! Pages: what is in them, that they stand alone, and that no text of an input becomes markup.

use xenspect_model::catalog::{BlockMap, BlockState};
use xenspect_model::report::{DiskMap, PolicyApplied, Report};
use xenspect_report::{html, preflight};

use crate::{preflight_sample, sample};

/// Texts that would be markup, if they were not escaped.
pub(crate) const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"onload=\"alert(1)",
    "'><img src=x onerror=alert(1)>",
    "</title></style><h1>SOUND</h1>",
    "]]>-->",
    "{{ 7*7 }}{% include \"x\" %}",
    "javascript:alert(1)",
    "\u{202e}gpj.\u{1b}[31m",
];

fn page(report: &Report) -> String {
    let mut page = Vec::new();
    html::write(report, &mut page).expect("a Vec takes everything");
    String::from_utf8(page).expect("a page is UTF-8")
}

/// The elements of a page in their order, with their attributes; a page that is not well-formed fails.
fn elements(page: &str) -> Vec<&str> {
    const VOID: [&str; 2] = ["meta", "link"];
    let mut open: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    let mut rest = page.strip_prefix("<!doctype html>").expect("a page");
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "around {all:?}");
            continue;
        }
        all.push(tag);
        let name = tag.split([' ', '/']).next().expect("a name");
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "{tag}");
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("an end")..];
        }
        if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

/// Element names alone.
fn names<'a>(elements: &[&'a str]) -> Vec<&'a str> {
    let name = |tag: &&'a str| tag.split([' ', '/']).next().unwrap_or_default();
    elements.iter().map(name).collect()
}

#[test]
fn a_page_stands_alone() {
    let page = page(&sample::rich());
    let elements = elements(&page);
    for name in names(&elements) {
        assert!(
            !["script", "iframe", "img", "object", "form", "base"].contains(&name),
            "{name}"
        );
    }
    for word in [
        "http:", "https:", "@import", "src=", "url(h", "onload", "onclick",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("prefers-color-scheme:dark"));
    assert!(page.contains("@media print"));
}

#[test]
fn the_verdict_comes_first() {
    let page = page(&sample::report(vec![sample::sound(), sample::damaged()]));
    let body = page.split("<main>").nth(1).expect("a body");
    let verdict = body.find(">damaged</span>").expect("a verdict");
    assert!(body[..verdict].len() < 200);
    assert!(body.contains("1 of 2 inputs"));
    assert!(body.contains("href=\"#input-2\""));
}

#[test]
fn accepted_findings_are_marked() {
    let mut input = sample::damaged();
    for finding in &mut input.findings {
        finding.accepted = true;
    }
    let page = page(&sample::report(vec![input]));
    assert!(page.contains("Accepted by the baseline."));
}

#[test]
fn a_large_store_stays_usable() {
    let mut inputs = vec![sample::sound(); 10_000];
    inputs[4711] = sample::damaged();
    let page = page(&sample::report(inputs));
    assert!(page.len() < 5 << 20, "{}", page.len());
    assert_eq!(page.matches("<section class=\"card top").count(), 1);
    assert!(page.contains("href=\"#input-4712\""));
    elements(&page);
}

#[test]
fn a_map_names_its_worst_block() {
    let mut map = BlockMap::default();
    map.put_run(BlockState::Present, 0, 2 << 20);
    map.put(BlockState::Bad, 3 << 30);
    let mut input = sample::damaged();
    input.disks.truncate(1);
    input.disks[0].virtual_size = Some(2 << 40);
    input.disks[0].map = Some(DiskMap::of(&map));
    let page = page(&sample::report(vec![input]));
    assert!(page.contains("<title>disk 2–4 GiB: 1 bad, 2,048 present</title>"));
    elements(&page);
}

/// Every text of a document replaced, but for those that words of the program stand in.
fn with_texts(report: &Report, text: &str) -> Report {
    fn replace(value: &mut serde_json::Value, key: &str, text: &str) {
        const WORDS: [&str; 9] = [
            "code", "severity", "verdict", "kind", "envelope", "answer", "outcome", "state", "role",
        ];
        match value {
            serde_json::Value::String(old) if !WORDS.contains(&key) => text.clone_into(old),
            serde_json::Value::Array(all) => all.iter_mut().for_each(|one| replace(one, key, text)),
            serde_json::Value::Object(all) => {
                all.iter_mut()
                    .for_each(|(key, one)| replace(one, key, text));
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).expect("a document");
    replace(&mut value, "", text);
    serde_json::from_value(value).expect("texts may be anything")
}

#[test]
fn no_text_becomes_markup() {
    let inputs = || vec![sample::sound(), sample::damaged(), sample::metadata()];
    let plain = with_texts(&sample::report(inputs()), "text");
    let plain = page(&plain);
    let expected = names(&elements(&plain));
    for text in HOSTILE {
        let page = page(&with_texts(&sample::report(inputs()), text));
        assert_eq!(names(&elements(&page)), expected, "{text}");
        assert!(!page.contains("<script"));
        assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
        assert!(!page.contains("href=\"java"));
    }
}

#[test]
fn a_preflight_has_its_parts_and_no_markup_of_names() {
    let page = |name: &str| {
        let mut page = Vec::new();
        let report = preflight_sample::rich(name);
        preflight::html::write(&report, &mut page).expect("a Vec takes everything");
        String::from_utf8(page).expect("a page is UTF-8")
    };
    let plain = page("web");
    for part in ["NICs", "Runbook", "Checks", "What would change", "Version"] {
        assert!(plain.contains(&format!("<h2>{part}</h2>")), "{part}");
    }
    let expected = names(&elements(&plain));
    for text in HOSTILE {
        let page = page(text);
        assert_eq!(names(&elements(&page)), expected, "{text}");
        assert!(!page.contains("<script"));
    }
}

#[test]
fn what_a_policy_made_of_it_is_told_and_is_no_markup() {
    let mut report = sample::report(vec![sample::damaged()]);
    for finding in &mut report.inputs[0].findings {
        finding.accepted = true;
    }
    report.policy = Some(PolicyApplied {
        path: Some(HOSTILE[0].to_owned()),
        changed: 2,
        baseline: Some("known.json".to_owned()),
        accepted: 1,
        stale: 0,
        not_judged: vec!["ages".to_owned()],
    });
    let page = page(&report);
    let plain = elements(&page);
    assert!(!names(&plain).contains(&"script"));
    for said in [
        "alert(1)&#60;/script&#62;: 2 severities changed.",
        "Baseline known.json: 1 finding is accepted.",
        "Not judged: ages",
        "<dt>accepted</dt><dd>by the baseline</dd>",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
}
