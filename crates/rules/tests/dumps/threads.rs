//! A large pool database is read in two parts where there are two threads: whatever it is, and however many there are, what is
//! found is the same.

use std::fmt::Debug;
use std::io::{self, Cursor, Read};

use xenspect_model::Catalog;
use xenspect_model::catalog::Dump;
use xenspect_model::report::Input;
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::DumpRecipe;
use xenspect_xapi::db::Split;

/// Two megabytes and more, so that it is worth two threads.
const VMS: u64 = 600;
const LEAST: usize = 2_000_000;

/// Rows whose contents are compared: all of them would take long, and each is asked for its place.
const EVERY: usize = 7;

fn large() -> String {
    let mut recipe = DumpRecipe::named("pool-large").expect("a recipe");
    recipe.vms = Some(VMS);
    let text = String::from_utf8(recipe.build()).expect("text");
    assert!(text.len() >= LEAST, "{}", text.len());
    text
}

/// Where the second part begins.
fn border(text: &str) -> usize {
    let split = Split::of(text.as_bytes()).expect("rows in the middle");
    usize::try_from(split.offset()).expect("it is in memory")
}

/// The row that begins at a place.
fn row(text: &str, at: usize) -> &str {
    let row = &text[at..];
    assert!(row.starts_with("<row "));
    &row[..row.find("/>").expect("its end") + "/>".len()]
}

/// Gives some bytes at a time, and does not tell how many there are.
struct Pipe(Cursor<Vec<u8>>);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let some = buf.len().min(70_001);
        self.0.read(&mut buf[..some])
    }
}

/// All that a scan and the rules find out.
fn found(source: Source, threads: usize) -> (Input, Vec<String>) {
    let options = Options {
        threads,
        ..Options::default()
    };
    let catalog = match scan(source, &options, &Progress::default()) {
        Ok(catalog) => catalog,
        Err(error) => panic!("{error}"),
    };
    let input = xenspect_rules::input("fixture".to_owned(), &catalog);
    match catalog {
        Catalog::Dump(dump) => (input, told(&dump)),
        other => panic!("{other:?}"),
    }
}

fn told(dump: &Dump) -> Vec<String> {
    let database = &dump.database;
    let mut told = Vec::new();
    let mut tell = |what: &dyn Debug| told.push(format!("{what:?}"));
    tell(&(dump.kind, dump.envelope, dump.bytes, dump.stream_bytes));
    tell(&(dump.rewritten, dump.interrupted, &dump.facts));
    tell(&(database.is_complete(), database.end(), database.oddities()));
    tell(&database.manifest().collect::<Vec<_>>());
    for table in database.tables() {
        tell(&(table.name(), table.offset(), table.len()));
    }
    for (at, row) in database.rows().enumerate() {
        let reference = row.reference().unwrap_or_default();
        let uuid = row.uuid().unwrap_or_default();
        let by_reference = database.by_reference(&reference).map(|row| row.number());
        let by_uuid = database.by_uuid(&uuid).map(|row| row.number());
        tell(&(
            row.number(),
            row.table(),
            row.offset(),
            by_reference,
            by_uuid,
        ));
        if at % EVERY == 0 {
            tell(&row.columns().collect::<Vec<_>>());
        }
    }
    told
}

/// Codes of what is found in all ways of reading it, which are the same.
fn same_by_all(what: &str, text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let (input, told) = found(Source::memory(bytes.to_vec()), 1);
    let pipe = || Source::Stream(Box::new(Pipe(Cursor::new(bytes.to_vec()))));
    for (how, threads, source) in [
        ("a file", 2, Source::memory(bytes.to_vec())),
        ("a file", 8, Source::memory(bytes.to_vec())),
        ("a pipe", 1, pipe()),
        ("a pipe", 2, pipe()),
        ("a pipe", 8, pipe()),
    ] {
        let (also, also_told) = found(source, threads);
        assert!(also == input, "{what}: {how}, {threads} threads: findings");
        let differs = told
            .iter()
            .zip(&also_told)
            .find(|(one, other)| one != other);
        assert_eq!(differs, None, "{what}: {how}, {threads} threads");
        assert_eq!(told.len(), also_told.len(), "{what}");
    }
    let codes = input.findings.iter();
    codes
        .map(|finding| finding.code.name().to_owned())
        .collect()
}

fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|known| known == code)
}

#[test]
fn a_good_one() {
    let codes = same_by_all("good", &large());
    assert!(!has(&codes, "db/cut-short"), "{codes:?}");
}

#[test]
fn one_that_is_cut() {
    let text = large();
    let border = border(&text);
    let behind = border + row(&text, border).len();
    // Of what is cut right behind a row the last one has nothing behind it.
    for end in [border, border + 3, behind, text.len() - 20] {
        let codes = same_by_all(&format!("cut at {end}"), &text[..end]);
        assert!(has(&codes, "db/cut-short"), "{codes:?}");
    }
}

/// With the border between its last two rows, where the end of what is cut is near too.
#[test]
fn one_that_is_cut_at_its_border() {
    let text = large();
    let first = text.find("<row ").expect("a row");
    let label = " name__label=\"";
    let vm = text.find("<table name=\"VM\">").expect("the table") + "<table name=\"VM\">".len();
    let (long, next) = (row(&text, vm), vm + row(&text, vm).len());
    let at = vm + long.find(label).expect("a name") + label.len();
    // What stands behind the long value is as long as what is in front of it at most.
    let filler = "x".repeat(vm.max(LEAST));
    let last = row(&text, next);
    let whole = format!("{}{filler}{}{last}", &text[..at], &text[at..next]);
    let place = whole.len() - last.len();
    assert!(first < vm && place > whole.len() / 2);
    // The place is the border as soon as the row behind it begins.
    assert_eq!(border(&whole), place);
    for end in [
        place - 1,
        place,
        place + 1,
        place + "<row ".len(),
        place + last.len() / 2,
        place + last.len(),
    ] {
        let cut = &whole[..end];
        assert_eq!(
            Split::of(cut.as_bytes()).is_some(),
            end >= place + "<row ".len()
        );
        let codes = same_by_all(&format!("cut at {end}, border at {place}"), cut);
        assert!(has(&codes, "db/cut-short"), "{codes:?}");
    }
}

#[test]
fn a_row_that_is_there_on_both_sides_of_the_border() {
    let text = large();
    let at = border(&text);
    let doubled = row(&text, at);
    let mut both = format!("{}{doubled}{}", &text[..at], &text[at..]);
    // White space behind the end moves the middle behind the first of the two.
    while border(&both) <= at {
        both.push_str("  ");
    }
    assert_eq!(border(&both), at + doubled.len());
    let codes = same_by_all("doubled", &both);
    assert!(has(&codes, "db/ref-doubled"), "{codes:?}");

    // The same far from one another.
    let early = row(&text, text.find("<row ").expect("a row"));
    let end = text.rfind("</table>").expect("the end of a table");
    let far = format!("{}{early}{}", &text[..end], &text[end..]);
    let codes = same_by_all("doubled far away", &far);
    assert!(has(&codes, "db/ref-doubled"), "{codes:?}");
}

#[test]
fn a_table_that_comes_again() {
    let text = large();
    let at = border(&text);
    let early = text.find("<row ").expect("a row");
    let opened = text[..early].rfind("<table name=\"").expect("its table");
    let again = format!("{}</table>", &text[opened..early + row(&text, early).len()])
        .replace("OpaqueRef:", "OpaqueRef:again-");
    // Behind the border, and in the middle of a table at its very place.
    let end = text.rfind("</database>").expect("the end");
    let behind = format!("{}{again}{}", &text[..end], &text[end..]);
    let open = text[..at].rfind("<table name=\"").expect("a table");
    let name = &text[open..];
    let name = &name[..name.find('>').expect("its end") + 1];
    let inside = format!("{}</table>{again}{name}{}", &text[..at], &text[at..]);
    for (what, text) in [("behind", behind), ("inside", inside)] {
        let codes = same_by_all(what, &text);
        assert!(has(&codes, "db/table-doubled"), "{what}: {codes:?}");
    }
}
