//! What a secret is, and how much it matters. Where each is found is the table in `policy`.

use std::fmt;

/// How much a value matters. The order is that of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Names and places that any dump is made of. Never listed; replaced in a redaction on request.
    Identity,
    /// About persons, licences, guests or hardware. Listed, shown, and replaced in a redaction.
    Personal,
    /// Opens something. Listed, never shown, always replaced in a redaction.
    Secret,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A password, in clear or merely obfuscated (`password_transformed`).
    Password,
    /// A token that stands for a login or a membership.
    Token,
    /// A private key, or a hash of an encryption key.
    Key,
    /// A value of the table `secret`.
    SecretRow,
    /// The secret that the hosts of a pool share (`pool_token` of a manifest).
    PoolSecret,
    /// The state of a virtual TPM.
    VtpmState,
    /// The UEFI variables of a VM.
    EfiVariables,
    /// A password inside a text: kernel arguments, an address with a login, data for a guest.
    Credentials,
    /// A text that should hold secrets among other things and cannot be read, so it counts as a secret as a whole.
    Unreadable,
    /// A name that somebody logs in with.
    UserName,
    /// Names, numbers and domains of a directory.
    Directory,
    /// Who has a licence, and its serial number.
    Licence,
    /// A serial number or asset tag of hardware.
    Serial,
    /// An e-mail address.
    Email,
    /// A fingerprint of a certificate.
    Fingerprint,
    /// An address or a name of a guest, a host or a server.
    Address,
    /// An identifier of a disk, a LUN, an iSCSI initiator or target.
    StorageId,
    /// What a guest says about its system.
    GuestSystem,
    /// What an administrator left in xenstore for a guest.
    GuestData,
    /// An address of a network interface, or of the network around it.
    Network,
    /// A name or a description that somebody gave.
    Name,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 21] = [
        Kind::Password,
        Kind::Token,
        Kind::Key,
        Kind::SecretRow,
        Kind::PoolSecret,
        Kind::VtpmState,
        Kind::EfiVariables,
        Kind::Credentials,
        Kind::Unreadable,
        Kind::UserName,
        Kind::Directory,
        Kind::Licence,
        Kind::Serial,
        Kind::Email,
        Kind::Fingerprint,
        Kind::Address,
        Kind::StorageId,
        Kind::GuestSystem,
        Kind::GuestData,
        Kind::Network,
        Kind::Name,
    ];

    /// How much it matters.
    pub fn grade(self) -> Grade {
        match self {
            Kind::Password
            | Kind::Token
            | Kind::Key
            | Kind::SecretRow
            | Kind::PoolSecret
            | Kind::VtpmState
            | Kind::EfiVariables
            | Kind::Credentials
            | Kind::Unreadable => Grade::Secret,
            Kind::UserName
            | Kind::Directory
            | Kind::Licence
            | Kind::Serial
            | Kind::Email
            | Kind::Fingerprint
            | Kind::Address
            | Kind::StorageId
            | Kind::GuestSystem
            | Kind::GuestData => Grade::Personal,
            Kind::Network | Kind::Name => Grade::Identity,
        }
    }

    /// A stable short name, for machines.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Password => "password",
            Kind::Token => "token",
            Kind::Key => "key",
            Kind::SecretRow => "secret-row",
            Kind::PoolSecret => "pool-secret",
            Kind::VtpmState => "vtpm-state",
            Kind::EfiVariables => "efi-variables",
            Kind::Credentials => "credentials-in-text",
            Kind::Unreadable => "unreadable",
            Kind::UserName => "user-name",
            Kind::Directory => "directory",
            Kind::Licence => "licence",
            Kind::Serial => "serial-number",
            Kind::Email => "e-mail",
            Kind::Fingerprint => "fingerprint",
            Kind::Address => "address",
            Kind::StorageId => "storage-id",
            Kind::GuestSystem => "guest-system",
            Kind::GuestData => "guest-data",
            Kind::Network => "network-address",
            Kind::Name => "name",
        }
    }

    /// A few words, for people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Password => "password",
            Kind::Token => "token",
            Kind::Key => "key or key hash",
            Kind::SecretRow => "value of table secret",
            Kind::PoolSecret => "pool secret",
            Kind::VtpmState => "vTPM state",
            Kind::EfiVariables => "UEFI variables",
            Kind::Credentials => "password inside a text",
            Kind::Unreadable => "unreadable, may hold secrets",
            Kind::UserName => "user name",
            Kind::Directory => "directory data",
            Kind::Licence => "licence data",
            Kind::Serial => "serial number",
            Kind::Email => "e-mail address",
            Kind::Fingerprint => "certificate fingerprint",
            Kind::Address => "address or server",
            Kind::StorageId => "storage identifier",
            Kind::GuestSystem => "guest system",
            Kind::GuestData => "data for the guest",
            Kind::Network => "network address",
            Kind::Name => "name",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}
