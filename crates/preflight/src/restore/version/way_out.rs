//! What to do where the schemas differ. A restore never upgrades a database: the host does, when it is updated.

use xenspect_model::preflight::{Level, VersionRelation};

use super::level::{self, Side, names};

/// The steps, in order.
pub(super) fn of(
    relation: VersionRelation,
    input: &Level,
    target: &Level,
    ours: &Side,
    theirs: &Side,
) -> Vec<String> {
    let schema = input.schema.as_deref().unwrap_or("of the dump");
    let then = match target.product.as_deref().or(target.xapi.as_deref()) {
        Some(product) => format!("to {product}"),
        None => "to the level wanted".to_owned(),
    };
    let first = match relation {
        VersionRelation::Older => {
            let what = wanted(input, ours);
            format!(
                "Install {what} on the target, and no later update: that is the level with schema {schema}."
            )
        }
        VersionRelation::Newer => newer(input, ours, theirs, schema),
        VersionRelation::Unknown | VersionRelation::Same | VersionRelation::SameNumber => {
            return Vec::new();
        }
    };
    let mut steps = vec![
        first,
        format!(
            "On the target, `xe host-param-get uuid=<host uuid> param-name=software-version param-key=db_schema` must say \
             {schema}; releases that do not show it are told by `xe host-list params=software-version`."
        ),
        "Collect the facts of the target again, and run this preflight again: NICs and uuids of a new installation are \
         others."
            .to_owned(),
        "Restore there: `xe pool-restore-database file-name=<dump> --force`.".to_owned(),
    ];
    if relation == VersionRelation::Older {
        steps.push(format!(
            "When the pool runs, update it {then}, in the order that the vendor's upgrade paths allow: xapi then \
             upgrades its own database, which a restore never does."
        ));
    }
    steps
}

fn newer(input: &Level, ours: &Side, theirs: &Side, schema: &str) -> String {
    let what = wanted(input, ours);
    let same_vendor = ours.vendor().is_some() && ours.vendor() == theirs.vendor();
    let same_version = ours.version.is_some() && ours.version == theirs.version;
    if same_vendor && same_version {
        format!(
            "Update the target to {what}, and not beyond: that is the level with schema {schema}."
        )
    } else if same_vendor {
        format!(
            "Upgrade or re-install the target with {what}, and no later update: that is the level with schema {schema}."
        )
    } else {
        format!(
            "Re-install the target with {what}, and no later update: that is the level with schema {schema}."
        )
    }
}

/// The level of the dump in words: what the dump's own host ran if it says so, and what has this schema.
fn wanted(level: &Level, side: &Side) -> String {
    let xapi = side.whole_xapi();
    let xapi = xapi
        .map(|xapi| format!(" with xapi {xapi}"))
        .unwrap_or_default();
    // Of both vendors' products those of the dump's own.
    let own: Vec<String> = level
        .releases
        .iter()
        .filter(|name| {
            side.vendor()
                .is_some_and(|vendor| level::vendor_of(name) == Some(vendor))
        })
        .cloned()
        .collect();
    let mut all = if own.is_empty() { names(level) } else { own };
    if !level.releases.is_empty() && !level.builds.is_empty() {
        all.push(format!("xapi {}", level.builds.join(", ")));
    }
    match (side.product(), all.is_empty()) {
        (Some(product), true) => format!("{product}{xapi}"),
        (Some(product), false) => {
            format!("{product}{xapi} (what has this schema: {})", all.join("; "))
        }
        (None, false) => all.join(" or "),
        (None, true) => "the release that the dump is from".to_owned(),
    }
}
