//! Pages in a browser: nothing is wider than the window, nothing is asked of a network, nothing is said on the console, no
//! name becomes an element, and light and dark differ. Skipped where there is no Chromium with its driver.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "shared with other tests")]
#[path = "../diff/sample.rs"]
mod changes;
mod pages;
#[allow(dead_code, reason = "shared with other tests")]
#[path = "../renderers/preflight_sample.rs"]
mod preflight_sample;
#[allow(dead_code, reason = "shared with other tests")]
#[path = "../renderers/sample.rs"]
mod sample;
mod web;

use std::path::Path;

use serde_json::json;

use web::Browser;

/// What a page is asked. Elements that no template has, and attributes that act, are counted.
const LOOK: &str = r"
const acts = [...document.querySelectorAll('*')].filter(e =>
  ['SCRIPT','IMG','IFRAME','OBJECT','FORM','BASE','A'].includes(e.tagName) && !(e.tagName === 'A' && e.getAttribute('href').startsWith('#')) ||
  [...e.attributes].some(a => a.name.startsWith('on')));
return {
  wide: document.documentElement.scrollWidth - window.innerWidth,
  background: getComputedStyle(document.body).backgroundColor,
  acts: acts.map(e => e.outerHTML.slice(0, 100)),
  asked: performance.getEntriesByType('resource').map(r => r.name),
  mains: document.querySelectorAll('main').length,
};";

#[test]
fn pages_in_a_browser() {
    let own = format!("pages-{}", std::process::id());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own);
    std::fs::create_dir_all(&folder).expect("a folder for pages");
    let Some(browser) = Browser::start(&folder.join("profile")) else {
        eprintln!("SKIPPED: there is no chromium with chromedriver");
        return;
    };
    for (name, page) in pages::all() {
        look(&browser, name, &page, &folder);
    }
    drop(browser);
    if std::env::var_os("XENSPECT_KEEP_PAGES").is_none() {
        let _ = std::fs::remove_dir_all(&folder);
    }
}

/// Looks at a page, wide and narrow, light and dark.
fn look(browser: &Browser, name: &str, page: &[u8], folder: &Path) {
    let file = folder.join(format!("{name}.html"));
    std::fs::write(&file, page).expect("a page is written");
    browser.open(&file);
    for width in [1280, 400] {
        browser.tell(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": false }),
        );
        let seen = ["light", "dark"].map(|scheme| {
            browser.tell(
                "Emulation.setEmulatedMedia",
                &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
            );
            let seen = browser.run(LOOK);
            let at = format!("{name} at {width}, {scheme}: {seen}");
            assert!(seen["wide"].as_i64().is_some_and(|wide| wide <= 0), "{at}");
            assert_eq!(seen["acts"], json!([]), "{at}");
            assert_eq!(seen["asked"], json!([]), "{at}");
            assert_eq!(seen["mains"], 1, "{at}");
            seen
        });
        assert_ne!(seen[0]["background"], seen[1]["background"], "{name}");
    }
    assert_eq!(browser.console(), json!([]), "{name}");
    assert!(!browser.has_dialog(), "{name}");
}
