//! Schemas, products and columns: checks 4 to 6, and the way out. xapi reads the document by its own schema, fills in
//! what is missing, and only then compares numbers (`formats/restore.md` section 2): a newer dump fails in reading, an
//! older one in the comparison. `level` says what runs where, `columns` compares tables and columns, `way_out` tells
//! what to do.

mod columns;
mod level;
mod way_out;

use std::cmp::Ordering;

use xenspect_model::preflight::{VersionAnswer, VersionRelation};
use xenspect_model::{Code, Finding};

use self::level::{Schema, Side};
use super::Restore;
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Major and minor number.
type Numbers = (i64, i64);

/// Makes the checks.
pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) -> VersionAnswer {
    let dump = restore.dump.database.schema();
    let schema = level::schema_of(&restore.target.product);
    let (ours, theirs) = (Side::of_dump(restore), Side::of_target(restore.target));
    let differences = ours.differences(&theirs);
    let relation = relation(dump, &schema, !differences.is_empty());
    let input = ours.level(dump);
    let target = theirs.level(schema.known());
    if relation == VersionRelation::Unknown {
        lacks(dump, &schema, verdicts);
    }
    columns::check(restore, relation, schema.lowest(), verdicts);
    let about = |code| {
        let finding = Finding::new(code)
            .fact("schema_of_dump", input.schema.clone().unwrap_or_default())
            .fact("schema_of_target", schema.to_string());
        let finding = named(finding, "dump_is_of", &level::names(&input));
        named(finding, "target_is", &level::names(&target))
    };
    let code = match relation {
        VersionRelation::Older => Some(Code::RestoreSchemaOlder),
        VersionRelation::Newer => Some(Code::RestoreSchemaNewer),
        VersionRelation::Unknown | VersionRelation::Same | VersionRelation::SameNumber => None,
    };
    let way_out = way_out::of(relation, &input, &target, &ours, &theirs);
    // The stand-in of a rolling upgrade is no older database, and has its own finding.
    if let Some(code) = code.filter(|_| !verdicts.has(Code::DbStub)) {
        verdicts.refuse(Step::Version, Vec::new(), about(code));
    }
    builds(&ours, &theirs, relation, &differences, verdicts);
    VersionAnswer {
        input,
        target,
        relation,
        way_out,
    }
}

/// Whether both sides say that they run the same build of xapi, so that what one has the other has.
pub(super) fn is_same_build(restore: &Restore<'_>) -> bool {
    Side::of_dump(restore).is_same_build(&Side::of_target(restore.target))
}

fn named(finding: Finding, name: &str, names: &[String]) -> Finding {
    if names.is_empty() {
        finding
    } else {
        finding.fact(name, names.to_vec())
    }
}

/// How the schemas compare. Where the target's is one of several, it can still be certain that the dump's is none.
fn relation(dump: Option<Numbers>, target: &Schema, differ: bool) -> VersionRelation {
    let Some(dump) = dump else {
        return VersionRelation::Unknown;
    };
    let order = match target {
        Schema::Unknown => return VersionRelation::Unknown,
        Schema::Known(target) => dump.cmp(target),
        Schema::OneOf(all) if all.contains(&dump) => return VersionRelation::Unknown,
        Schema::OneOf(all) if all.iter().all(|one| *one < dump) => Ordering::Greater,
        Schema::OneOf(_) => Ordering::Less,
    };
    match order {
        Ordering::Less => VersionRelation::Older,
        Ordering::Greater => VersionRelation::Newer,
        Ordering::Equal if differ => VersionRelation::SameNumber,
        Ordering::Equal => VersionRelation::Same,
    }
}

fn lacks(dump: Option<Numbers>, schema: &Schema, verdicts: &mut Verdicts) {
    let fact = match schema {
        _ if dump.is_none() => "the schema's number in the dump",
        Schema::OneOf(_) => "the target's schema, since its product has had several",
        Schema::Unknown | Schema::Known(_) => "the target's schema",
    };
    verdicts.lack(Id::Restore(4), fact);
    verdicts.lack(Id::Restore(6), fact);
}

/// Check 5.
fn builds(
    ours: &Side,
    theirs: &Side,
    relation: VersionRelation,
    differences: &[level::Difference],
    verdicts: &mut Verdicts,
) {
    let check = Id::Restore(5);
    if !ours.is_known() {
        verdicts.lack(check, "product and build in the dump");
    } else if !theirs.is_known() {
        verdicts.lack(check, "the target's product and build");
    }
    if !matches!(
        relation,
        VersionRelation::SameNumber | VersionRelation::Unknown
    ) || differences.is_empty()
    {
        return;
    }
    let mut finding = Finding::new(Code::RestoreOtherBuild);
    for difference in differences {
        finding = finding
            .fact(
                &format!("{}_of_dump", difference.name),
                difference.dump.as_str(),
            )
            .fact(
                &format!("{}_of_target", difference.name),
                difference.target.as_str(),
            );
    }
    let vendors = ours.vendor().zip(theirs.vendor());
    if vendors.is_some_and(|(ours, theirs)| ours != theirs) {
        finding = finding.advice(
            "Restore to a host of the same vendor, or be ready for a refusal: XenServer and XCP-ng share schema numbers, and \
             some builds of XCP-ng 8.3 have columns under a number that XenServer uses for others. Make the dry run on \
             the target first (`xe pool-restore-database file-name=<dump> dry-run=true`): it compares the columns.",
        );
    }
    verdicts.find(finding);
}
