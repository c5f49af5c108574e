//! The section `certificates` of a host backup. Of a `.pem` only the parts between the lines of a certificate are looked
//! at: the private key in the same file is stepped over.

use x509_cert::Certificate;
use x509_cert::der::DecodePem;
use xenspect_model::inventory::{Cell, Section, Table};

use super::Files;
use crate::bounded::clip;
use crate::section::{section, text, time};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates that a host shows to clients, and to its pool.
const PATHS: [&str; 2] = [
    "etc/xensource/xapi-ssl.pem",
    "etc/xensource/xapi-pool-tls.pem",
];

/// Certificates of a file that are read; a chain has two or three.
const CHAIN: usize = 16;

pub(super) fn certificates(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("file", "file"),
        text("subject", "subject").rank(1),
        text("issuer", "issuer").rank(2),
        time("not_before", "valid from").rank(3),
        time("not_after", "valid until"),
        text("remark", "remark").rank(4),
    ]);
    for path in PATHS {
        let Some(bytes) = files.bytes(path) else {
            continue;
        };
        for block in blocks(&String::from_utf8_lossy(bytes)) {
            let mut row = vec![Cell::text(path)];
            row.extend(match Certificate::from_pem(block) {
                Ok(certificate) => {
                    let certificate = certificate.tbs_certificate();
                    let validity = certificate.validity();
                    let date =
                        |time: &x509_cert::time::Time| Cell::Time(time.to_date_time().to_string());
                    [
                        Cell::Text(clip(certificate.subject().to_string().into())),
                        Cell::Text(clip(certificate.issuer().to_string().into())),
                        date(&validity.not_before),
                        date(&validity.not_after),
                        Cell::None,
                    ]
                }
                Err(_) => [
                    Cell::None,
                    Cell::None,
                    Cell::None,
                    Cell::None,
                    Cell::text("cannot be read"),
                ],
            });
            table.rows.push(row);
        }
    }
    section("certificates", "Certificates", table)
}

/// The certificates of a PEM text, with the lines around them.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while blocks.len() < CHAIN {
        let Some((_, from)) = rest.find(BEGIN).map(|at| rest.split_at(at)) else {
            break;
        };
        let Some(end) = from.find(END).map(|at| at.saturating_add(END.len())) else {
            break;
        };
        let (block, after) = from.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stepped_over() {
        let one = format!("{BEGIN}\nMIIB\n{END}");
        let text = format!(
            "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n{one}\n{one}\n{BEGIN}\ncut"
        );
        assert_eq!(blocks(&text), [one.as_str(), one.as_str()]);
    }
}
