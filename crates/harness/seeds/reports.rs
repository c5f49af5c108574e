//! JSON reports on good and broken inputs, small enough for a fuzzer.

use xenspect_model::report::{Input, Report, SCHEMA, Tool};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{DumpRecipe, Fault, HostBackup, HostFault, Recipe, apply};

/// Larger ones say nothing that smaller ones do not.
const LARGEST: usize = 16 << 10;

/// Reports by what they are about: each fault of an archive on a small recipe, one pool database, a host, and two inputs in one.
pub(crate) fn reports() -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for fault in Fault::all() {
        for name in ["tiny-blocks", "export-vsn-1", "tiny", "small"] {
            let recipe = Recipe::named(name).expect("a recipe");
            if let Ok(bytes) = apply(&recipe, fault) {
                inputs.push((fault.name().to_owned(), bytes));
                break;
            }
        }
    }
    let dump = DumpRecipe::named("pool-small");
    inputs.extend(dump.map(|dump| ("dump".to_owned(), dump.build())));
    let host = HostBackup::named("coordinator").expect("a host");
    inputs.push(("host".to_owned(), host.bytes()));
    let fault = HostFault::all().next().expect("a fault");
    inputs.push((fault.name().to_owned(), fault.build().bytes()));
    let entries: Vec<(String, Input)> = inputs
        .into_iter()
        .map(|(name, bytes)| {
            let scanned = scan(
                Source::memory(bytes),
                &Options::default(),
                &Progress::default(),
            );
            let path = format!("s/{name}");
            let input = match scanned {
                Ok(catalog) => xenspect_rules::input(path, &catalog),
                Err(error) => Input::unreadable(path, error.to_string()),
            };
            (name, input)
        })
        .collect();
    let mut reports = Vec::new();
    for pair in entries.windows(2) {
        let [(name, one), (_, other)] = pair else {
            continue;
        };
        reports.push((name.clone(), written(vec![one.clone()])));
        reports.push((
            format!("{name}-and-next"),
            written(vec![one.clone(), other.clone()]),
        ));
    }
    reports.push(("none".to_owned(), written(Vec::new())));
    reports.retain(|(_, report)| report.len() <= LARGEST);
    reports
}

fn written(inputs: Vec<Input>) -> Vec<u8> {
    let report = Report {
        schema: SCHEMA,
        tool: Tool {
            name: "xenspect".to_owned(),
            version: "0.1.0".to_owned(),
        },
        inputs,
        left: Vec::new(),
        interrupted: false,
        fail_on: None,
        policy: None,
    };
    let mut document = Vec::new();
    xenspect_report::json::write(&report, &mut document).expect("memory takes all");
    document
}
