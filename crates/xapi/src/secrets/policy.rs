//! The policy: which part of which column is what. One table, so that all of it can be seen at once; how a rule is
//! found is in `lookup`, how it is applied in `walk`.
//!
//! It follows `formats/pool-db.md` section 10 and `formats/xva.md` sections 3.3 and 15, and adds what the samples show.
//! Columns are spelled as in a dump; a field of an export or of a nested record is the same one with `_` for `__`.
//! Rules of a column are tried in the order of the table, secrets first. Rules for any class and any column come after
//! those, and reach into whatever no rule names: entries of maps and structs at any depth, texts of unknown columns.
//!
//! Left out on purpose: names of roles and storage managers (xapi's own words), UEFI certificates of a pool and
//! certificates of repositories (public), references to rows of `secret` (uuids).

use super::Kind;

/// Which part of a column a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The whole text.
    Whole,
    /// Each member of a set.
    Items,
    /// Each value of a map.
    Values,
    /// Values of a map whose key is one of these, in any case; `*` at either end stands for anything.
    Keys(&'static [&'static str]),
    /// As [`Part::Keys`], of words that are too common to look for in a text: every value of the column is taken apart.
    CommonKeys(&'static [&'static str]),
    /// Values of a map whose key is none of these.
    OtherKeys(&'static [&'static str]),
    /// Passwords inside the text, or inside each text of a set or map. This is looked for in every column whose type
    /// leaves room for one; see [`ANY`].
    Credentials,
    /// A record of a class in one of its three forms; the rules of that class apply inside.
    Record(&'static str),
}

/// One line of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The class, or [`ANY`].
    pub(crate) class: &'static str,
    /// The column, or [`ANY`]: every column.
    pub(crate) column: &'static str,
    pub(crate) part: Part,
    pub(crate) kind: Kind,
}

/// Stands for every class, or every column.
pub(crate) const ANY: &str = "*";

/// The keys of the manifest are looked up as columns of this.
pub(crate) const MANIFEST: &str = "manifest";

/// Maps whose values describe keys instead of holding values.
pub(crate) const DESCRIPTIONS: &[(&str, &str)] = &[("SM", "configuration")];

/// Keys that have the words of a password in them and hold a setting. Only [`ANY`] rules heed this.
pub(crate) const SETTINGS: &[&str] = &[
    "*expired",
    "*expiry",
    "*expires",
    "*enabled",
    "*required",
    "*timeout*",
    "*policy",
    "*length",
];

/// Columns of a table that is none of xapi's and has the name of a secret, in which that secret is.
pub(crate) const VALUE_COLUMNS: &[&str] = &["value", "content*", "data", "text", "payload", "blob"];

/// Columns and keys whose name alone says that a secret is in them.
pub(crate) const PASSWORD_NAMES: &[&str] = &[
    "*password*",
    "*passwd*",
    "*passphrase*",
    "*passcode*",
    "*rootpw*",
    "*credential*",
    "pass",
    "*_pass",
    "*-pass",
    "*.pass",
    "*/pass",
    "*authpass",
    "pwd",
    "*_pwd",
    "*-pwd",
    "*.pwd",
    "*/pwd",
    "pw",
    "*_pw",
    "*-pw",
    "*.pw",
    "*/pw",
];
/// As [`PASSWORD_NAMES`], for tokens and shared secrets.
pub(crate) const TOKEN_NAMES: &[&str] = &[
    "*secret*",
    "*token*",
    "*community*",
    "authorization",
    "*-authorization",
];
/// As [`PASSWORD_NAMES`], for keys.
pub(crate) const KEY_NAMES: &[&str] = &[
    "*private_key*",
    "*private-key*",
    "*privatekey*",
    "*api_key*",
    "*api-key*",
    "*apikey*",
    "*access_key*",
    "*access-key*",
    "*accesskey*",
    "*auth_key*",
    "*auth-key*",
    "*authkey*",
    "*encryption_key*",
    "*encryption-key*",
    "*key_hash*",
    "*key-hash*",
    "psk",
    "*_psk",
    "*-psk",
    "*.psk",
    "*/psk",
    "*cephx*",
    "*keyring*",
];

const fn rule(class: &'static str, column: &'static str, part: Part, kind: Kind) -> Rule {
    Rule {
        class,
        column,
        part,
        kind,
    }
}

use Kind::{
    Address, Credentials, Directory, EfiVariables, Email, Fingerprint, GuestData, GuestSystem, Key,
    Licence, Name, Network, Password, PoolSecret, SecretRow, Serial, StorageId, Token, Unreadable,
    UserName, VtpmState,
};
use Part::{CommonKeys, Credentials as Within, Items, Keys, OtherKeys, Record, Values, Whole};

/// All rules: secrets, then what is personal, then what only a redaction on request replaces.
#[rustfmt::skip]
pub(crate) static RULES: &[Rule] = &[
    // Secrets.
    rule(MANIFEST, "pool_token", Whole, PoolSecret),
    rule("secret", "value", Whole, SecretRow),
    rule("pool", "wlb_password", Whole, Password),
    rule("pool", "repository_proxy_password", Whole, Password),
    rule("Cluster", "cluster_token", Whole, Token),
    rule("VTPM", "content", Whole, VtpmState),
    rule("VTPM", "contents", Whole, VtpmState),
    rule("VM", "NVRAM", OtherKeys(&["EFI-variables-backend", "EFI-variables-on-boot"]), EfiVariables),
    rule("VM", "last_booted_record", Record("VM"), Unreadable),
    rule("VM", "snapshot_metadata", Record("VM"), Unreadable),
    rule("PBD", "device_config", Keys(&["password", "cifspassword", "chappassword", "incoming_chappassword", "*password_transformed"]), Password),
    rule("PBD", "device_config", CommonKeys(&["key", "*_key", "*-key"]), Key),
    rule("host", "power_on_config", Keys(&["power_on_password"]), Password),
    rule("host", "external_auth_configuration", Keys(&["pass", "password"]), Password),
    rule("VMPP", "archive_target_config", Keys(&["password"]), Password),
    rule("VMPP", "alarm_config", Keys(&["password", "smtp_password"]), Password),
    rule("VDI", "sm_config", Keys(&["key_hash"]), Key),
    rule("SR", "sm_config", Keys(&["key_hash"]), Key),
    rule(ANY, ANY, Keys(&["EFI-variables"]), EfiVariables),
    rule(ANY, ANY, Keys(PASSWORD_NAMES), Password),
    rule(ANY, ANY, Keys(TOKEN_NAMES), Token),
    rule(ANY, ANY, Keys(KEY_NAMES), Key),
    rule(ANY, ANY, Within, Credentials),

    // Personal: persons, licences, hardware.
    rule("pool", "wlb_username", Whole, UserName),
    rule("pool", "repository_proxy_username", Whole, UserName),
    rule("pool", "client_certificate_auth_name", Whole, UserName),
    rule("user", "short_name", Whole, UserName),
    rule("user", "fullname", Whole, UserName),
    rule("session", "auth_user_name", Whole, UserName),
    rule("session", "auth_user_sid", Whole, Directory),
    rule("PBD", "device_config", Keys(&["username", "chapuser", "incoming_chapuser", "cifsuser", "user"]), UserName),
    rule("host", "power_on_config", Keys(&["power_on_user"]), UserName),
    rule("VMPP", "archive_target_config", Keys(&["username"]), UserName),
    rule("host", "external_auth_configuration", Keys(&["user"]), UserName),
    rule("host", "external_auth_configuration", Keys(&["domain", "ou", "*joined*", "*machine*", "*netbios*", "*kdc*"]), Directory),
    rule("host", "external_auth_service_name", Whole, Directory),
    rule("subject", "subject_identifier", Whole, Directory),
    rule("subject", "other_config", Keys(&["subject-name", "subject-upn", "subject-uid", "subject-gid", "subject-sid", "subject-gecos", "subject-displayname", "*subject-name*"]), Directory),
    rule("host", "license_params", Keys(&["name", "company", "address1", "address2", "city", "state", "postalcode", "country", "email", "serialnumber", "productcode"]), Licence),
    rule("host", "bios_strings", Keys(&["*serial*", "*asset*"]), Serial),
    rule("VM", "bios_strings", Keys(&["*serial*", "*asset*"]), Serial),
    rule("host", "software_version", Keys(&["machine_serial_*"]), Serial),
    rule("PUSB", "serial", Whole, Serial),
    rule("Certificate", "fingerprint", Whole, Fingerprint),
    rule("Certificate", "fingerprint_sha1", Whole, Fingerprint),
    rule("Certificate", "fingerprint_sha256", Whole, Fingerprint),
    rule("VM", "xenstore_data", Keys(&["vm-data/*"]), GuestData),
    rule("VMPP", "alarm_config", Keys(&["email_address"]), Email),
    rule(ANY, ANY, Keys(&["*mail-destination", "*mail-sender", "*email*"]), Email),
    rule(ANY, ANY, Keys(&["username", "user", "user_name", "*_user", "*-user", "*_username", "*-username", "*.username", "*authuser", "*chapuser"]), UserName),

    // Personal: guests, hosts, servers and storage, which a redaction replaces on request.
    rule("host", "address", Whole, Address),
    rule("host", "power_on_config", Keys(&["power_on_ip"]), Address),
    rule("host", "license_server", Keys(&["address"]), Address),
    rule("pool", "license_server", Keys(&["address"]), Address),
    rule("host", "logging", Keys(&["syslog_destination"]), Address),
    rule("PBD", "device_config", Keys(&["target", "server", "location", "multihomelist", "control", "portal"]), Address),
    rule("VM_guest_metrics", "networks", Values, Address),
    rule("Repository", "binary_url", Whole, Address),
    rule("Repository", "source_url", Whole, Address),
    rule("pool", "wlb_url", Whole, Address),
    rule("pool", "repository_proxy_url", Whole, Address),
    rule("pool", "guest_agent_config", Keys(&["*url*"]), Address),
    rule("VMPP", "archive_target_config", Keys(&["location"]), Address),
    rule("VMPP", "alarm_config", Keys(&["smtp_server"]), Address),
    rule("pool", "other_config", Keys(&["*mailhub", "storagelink_host"]), Address),
    rule("SDN_controller", "address", Whole, Address),
    rule("PVS_server", "addresses", Items, Address),
    rule("Caller", "client_ip", Whole, Address),
    rule("Observer", "endpoints", Items, Address),
    rule("host", "iscsi_iqn", Whole, StorageId),
    rule("host", "other_config", Keys(&["iscsi_iqn"]), StorageId),
    rule("PBD", "device_config", Keys(&["SCSIid", "*IQN", "device", "multiSession", "storageSystemId"]), StorageId),
    rule("SR", "sm_config", Keys(&["SCSIid", "devserial", "*IQN", "LUNid"]), StorageId),
    rule("VDI", "sm_config", Keys(&["SCSIid", "LUNid"]), StorageId),
    rule("VDI", "xenstore_data", Keys(&["scsi/*"]), StorageId),
    rule("VM_guest_metrics", "os_version", Keys(&["name", "distro", "uname"]), GuestSystem),
    rule("VM_guest_metrics", "netbios_name", Values, GuestSystem),

    // Neither, but replaced on request.
    rule(MANIFEST, "pool_conf", Whole, Network),
    rule("PIF", "IP", Whole, Network),
    rule("PIF", "IPv6", Items, Network),
    rule("PIF", "gateway", Whole, Network),
    rule("PIF", "ipv6_gateway", Whole, Network),
    rule("PIF", "DNS", Whole, Network),
    rule("PIF", "MAC", Whole, Network),
    rule("VIF", "MAC", Whole, Network),
    rule("VIF", "ipv4_allowed", Items, Network),
    rule("VIF", "ipv6_allowed", Items, Network),
    rule("VIF", "ipv4_addresses", Items, Network),
    rule("VIF", "ipv6_addresses", Items, Network),
    rule("VIF", "ipv4_gateway", Whole, Network),
    rule("VIF", "ipv6_gateway", Whole, Network),
    rule("PIF", "other_config", Keys(&["domain"]), Name),
    rule("host", "hostname", Whole, Name),
    rule("host", "software_version", Keys(&["hostname"]), Name),
    rule("pool", "gui_config", Values, Name),
    rule("Certificate", "name", Whole, Name),
    rule(ANY, "name__label", Whole, Name),
    rule(ANY, "name__description", Whole, Name),
    rule(ANY, "tags", Items, Name),
    rule(ANY, "other_config", Keys(&["folder", "EMPTY_FOLDERS", "XenCenter.CustomFields*", "base_template_name", "i18n-original-value-*"]), Name),
];

/// Classes whose names are xapi's own words.
pub(crate) const NAMED_BY_XAPI: &[&str] = &["role", "SM", "Feature"];
