//! Writing back, streaming, and dumps that are cut.

use xenspect_xapi::db::{Database, DumpLimits, Event, Reader, write};

use super::{read, samples};

#[test]
fn dumps_in_one_piece_are_rewritten_byte_for_byte() {
    let mut same = Vec::new();
    for sample in samples() {
        let database = read(&sample);
        let style = write::Style::of(&database);
        let difference = write::first_difference(&database, &style, &sample.bytes);
        assert_eq!(
            difference.is_none(),
            write::to_vec(&database, &style) == sample.bytes
        );
        if difference.is_none() {
            same.push(sample.name.trim_start_matches("pool-db/").to_owned());
            continue;
        }
        // What is written reads back with the same rows and values.
        let again = write::to_vec(&database, &style);
        let again = Database::read(&again, &DumpLimits::default()).unwrap();
        assert_eq!(again.row_count(), database.row_count(), "{}", sample.name);
        for row in database.rows() {
            let other = again.by_reference(&row.reference().unwrap()).unwrap();
            for (column, raw) in row.columns() {
                assert_eq!(other.text(column).unwrap(), raw.text(), "{}", sample.name);
            }
        }
    }
    if !samples().is_empty() {
        let expected = [
            "xs-5.6.900-cowley1.xml",
            "xs-5.9.950-boston.xml",
            "xs-5.9.960-small-vms.xml",
            "xs-6.0.50-tampa-livevdimove.xml",
            "xs-6.0.50-tampa-pool16-23.xml",
            "xs-6.1.0-tampa-poolofone.xml",
        ];
        same.sort_unstable();
        assert_eq!(same, expected);
    }
}

#[test]
fn streaming_gives_the_same_rows() {
    for sample in samples() {
        let database = read(&sample);
        let mut expected = database.rows();
        let mut reader = Reader::new(&sample.bytes, &DumpLimits::default()).unwrap();
        let mut ended = false;
        while let Some(event) = reader.next().unwrap() {
            match event {
                Event::Row(row) => {
                    let other = expected.next().unwrap();
                    assert_eq!(row.table(), other.table());
                    assert_eq!(row.reference(), other.reference());
                    assert_eq!(Some(row.offset()), other.offset());
                    let columns = row.columns().map(|column| (column.name, column.value));
                    assert!(columns.eq(other.columns()), "{}", sample.name);
                }
                Event::End { complete, .. } => ended = complete,
                Event::Manifest { .. } | Event::Table { .. } => {}
            }
        }
        assert!(ended && expected.next().is_none());
    }
}

#[test]
fn a_cut_dump_tells_how_far_it_got() {
    for sample in samples() {
        let whole = read(&sample);
        let end = usize::try_from(whole.end()).unwrap();
        for cut in (200..end).step_by(7919) {
            let database = Database::read(&sample.bytes[..cut], &DumpLimits::default()).unwrap();
            assert!(!database.is_complete(), "{} cut at {cut}", sample.name);
            assert_eq!(database.oddities().count("cut"), 1);
            assert!(database.end() <= cut as u64);
            assert!(database.row_count() <= whole.row_count());
        }
    }
}
