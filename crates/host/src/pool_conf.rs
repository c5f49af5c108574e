//! `etc/xensource/pool.conf`: what the host is in its pool (xapi `ocaml/xapi/pool_role.ml`).

/// The role of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The coordinator.
    Coordinator,
    /// A member, whose coordinator has this address.
    Member(String),
    /// The text says so, or cannot be read: xapi starts in emergency mode.
    Broken,
}

impl Role {
    /// Reads the file. What xapi takes for white space does not matter around it, and an IPv6 address keeps its colons.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        match text.trim_ascii() {
            "master" => Self::Coordinator,
            text => match text.strip_prefix("slave:") {
                Some(address) => Self::Member(address.to_owned()),
                None => Self::Broken,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn roles() {
        let member = |address: &str| Role::Member(address.to_owned());
        for (text, role) in [
            ("master", Role::Coordinator),
            ("master\n", Role::Coordinator),
            ("slave:10.0.0.1", member("10.0.0.1")),
            ("slave:fd00::1\n", member("fd00::1")),
            ("broken", Role::Broken),
            ("", Role::Broken),
            ("Master", Role::Broken),
            // No white space to the language that xapi is written in.
            ("\u{b}master", Role::Broken),
            ("\u{a0}master", Role::Broken),
            (" \t\r\u{c}master\n", Role::Coordinator),
        ] {
            assert_eq!(Role::parse(text.as_bytes()), role, "{text}");
        }
    }
}
