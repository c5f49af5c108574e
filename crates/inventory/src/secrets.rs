//! The secrets of an input, as a list to show.

use xenspect_model::Catalog;
use xenspect_model::catalog::{HostBackup, Metadata};
use xenspect_model::secret::{Grade, Secret, SecretsInput};
use xenspect_xapi::secrets;

use crate::host;
use crate::of::incomplete;

/// Lists the secrets of an input, and with `personal` also what is about persons, licences, guests and hardware. A
/// secret is named by its place, its kind and its length.
#[must_use]
pub fn secrets(path: String, catalog: &Catalog, personal: bool) -> SecretsInput {
    let grade = match personal {
        true => secrets::Grade::Personal,
        false => secrets::Grade::Secret,
    };
    let metadata = match catalog {
        Catalog::Archive(archive) => Some(&archive.metadata),
        Catalog::Document(document) => Some(&document.metadata),
        Catalog::Dump(_) | Catalog::Host(_) => None,
    };
    if let Catalog::Host(backup) = catalog {
        let mut found = of_files(backup);
        for (member, dump) in host::read(backup) {
            let in_database = secrets::in_database(&dump.database, grade);
            found.extend(in_database.into_iter().map(|secret| Secret {
                member: Some(member.to_owned()),
                ..listed(secret)
            }));
        }
        return SecretsInput {
            path,
            kind: Some(catalog.kind()),
            envelope: Some(catalog.envelope()),
            error: host::incomplete(backup),
            secrets: found,
        };
    }
    let (found, error) = match (catalog, metadata) {
        (Catalog::Dump(dump), _) => {
            let found = secrets::in_database(&dump.database, grade);
            (found, incomplete(dump))
        }
        (_, Some(Metadata::Export(export))) => (secrets::in_export(export, grade), None),
        (_, Some(Metadata::Unusable(error))) => (
            Vec::new(),
            Some(format!("its ova.xml cannot be read: {error}")),
        ),
        (_, Some(Metadata::TooLarge { size })) => (
            Vec::new(),
            Some(format!("its ova.xml has {size} bytes, more than is read")),
        ),
        (_, Some(Metadata::Absent)) => (Vec::new(), Some("it has no ova.xml".to_owned())),
        // The form of XenServer 3 has no field for one.
        (_, Some(Metadata::Appliance(_)) | None) => (Vec::new(), None),
    };
    SecretsInput {
        path,
        kind: Some(catalog.kind()),
        envelope: Some(catalog.envelope()),
        error,
        secrets: found.into_iter().map(listed).collect(),
    }
}

/// The files of a host that hold secrets. What is in them is not read.
fn of_files(backup: &HostBackup) -> Vec<Secret> {
    let files = host::sensitive_files(backup);
    files
        .map(|(path, kind, file)| Secret {
            class: "file".to_owned(),
            reference: path.to_owned(),
            uuid: None,
            name: None,
            field: "contents".to_owned(),
            kind: kind.name(),
            title: kind.title(),
            grade: Grade::Secret,
            length: file.len.unwrap_or(0),
            offset: None,
            member: None,
        })
        .collect()
}

fn listed(secret: secrets::Secret) -> Secret {
    Secret {
        class: secret.class,
        reference: secret.reference,
        uuid: secret.uuid,
        name: secret.name,
        field: secret.field,
        kind: secret.kind.name(),
        title: secret.kind.title(),
        grade: match secret.kind.grade() {
            secrets::Grade::Secret => Grade::Secret,
            secrets::Grade::Personal | secrets::Grade::Identity => Grade::Personal,
        },
        length: secret.length,
        offset: secret.offset,
        member: None,
    }
}
