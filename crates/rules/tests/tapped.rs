//! A reading that takes digests, a copy and a manifest with it gives the same report as one that does not, for every fault
//! that the fixture writer knows.

use std::io::{self, Cursor};

use xenspect_model::Catalog;
use xenspect_model::catalog::DigestKind;
use xenspect_model::report::Input;
use xenspect_scan::{Error, Options, Part, Progress, Source, Wish, take};
use xenspect_synth::{Fault, Recipe};

fn judged(catalog: Result<Catalog, Error>) -> Input {
    let path = "fixture".to_owned();
    match catalog {
        Ok(catalog) => xenspect_rules::input(path, &catalog),
        Err(error) => Input::unreadable(path, error.to_string()),
    }
}

fn options(threads: usize) -> Options {
    Options {
        threads,
        ..Options::default()
    }
}

fn plain(source: Source, options: &Options) -> Input {
    let taken = take(source, Wish::default(), options, &Progress::default());
    judged(taken.catalog)
}

fn tapped(source: Source, options: &Options) -> Input {
    let wish = Wish {
        digests: vec![DigestKind::Sha256],
        manifest: true,
        copy: Some(Box::new(io::sink())),
    };
    let taken = take(source, wish, options, &Progress::default());
    judged(taken.catalog)
}

#[test]
fn reports_are_the_same() {
    for fault in Fault::all() {
        let bytes = fault.build();
        let file = || Source::memory(bytes.clone());
        let pipe = || Source::Stream(Box::new(Cursor::new(bytes.clone())));
        let name = fault.name();
        assert_eq!(
            tapped(file(), &options(2)),
            plain(file(), &options(2)),
            "{name}"
        );
        assert_eq!(
            tapped(pipe(), &options(2)),
            plain(pipe(), &options(2)),
            "{name}"
        );
    }
}

#[test]
fn a_sample_is_sound_about_what_was_read_and_says_what_was_not() {
    let bytes = Recipe::named("two-disks").unwrap().build();
    let whole = plain(Source::memory(bytes.clone()), &options(2));
    let sampled = Options {
        sample: Part::new(2, 7),
        ..options(2)
    };
    let part = plain(Source::memory(bytes.clone()), &sampled);
    assert_eq!(part.verdict, whole.verdict);
    assert_eq!(part.findings, whole.findings);
    let said = part.not_checked.first().unwrap();
    assert!(
        said.contains("one block of 7 was compared this time (part 3 of 7)"),
        "{said}"
    );
    // All of it is one block of one.
    let all = Options {
        sample: Part::new(0, 1),
        ..options(2)
    };
    assert_eq!(plain(Source::memory(bytes), &all), whole);
}
