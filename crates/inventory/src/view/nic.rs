//! NICs of hosts (PIFs): physical ones, bonds, VLANs, tunnels and SR-IOV devices, and how they stand on each other.

use std::borrow::Cow;

use crate::{Record, Relation, Relations};

/// A record of class `PIF`.
#[derive(Debug, Clone, Copy)]
pub struct Nic<'a>(pub Record<'a>);

/// What a PIF is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NicKind {
    /// A NIC of the machine.
    Physical,
    /// Several NICs taken together.
    Bond,
    /// A VLAN on another PIF.
    Vlan,
    /// A tunnel over another PIF.
    Tunnel,
    /// An SR-IOV network on another PIF.
    Sriov,
    /// None of these.
    Other,
}

impl NicKind {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Bond => "bond",
            Self::Vlan => "vlan",
            Self::Tunnel => "tunnel",
            Self::Sriov => "sriov",
            Self::Other => "other",
        }
    }
}

impl<'a> Nic<'a> {
    /// What it is.
    #[must_use]
    pub fn kind(&self, relations: &Relations<'a>) -> NicKind {
        let has = |relation| relations.first(relation, &self.0).is_some();
        if self.0.is("physical") {
            NicKind::Physical
        } else if has(Relation::BondOfMaster) {
            NicKind::Bond
        } else if self.vlan().is_some() {
            NicKind::Vlan
        } else if has(Relation::TunnelOfDevice) {
            NicKind::Tunnel
        } else if has(Relation::SriovOfDevice) {
            NicKind::Sriov
        } else {
            NicKind::Other
        }
    }

    /// Its VLAN tag.
    #[must_use]
    pub fn vlan(&self) -> Option<i64> {
        self.0.int("VLAN").filter(|tag| *tag >= 0)
    }

    /// The device: `eth0`. Devices of bonds and VLANs have names that mean little by themselves.
    #[must_use]
    pub fn device(&self) -> Option<Cow<'a, str>> {
        self.0.filled("device")
    }

    /// The PIFs it stands on: the slaves of a bond, the one below a VLAN, a tunnel or an SR-IOV network.
    #[must_use]
    pub fn below(&self, relations: &Relations<'a>) -> Vec<Nic<'a>> {
        if let Some(bond) = relations.first(Relation::BondOfMaster, &self.0) {
            let slaves = relations.of(Relation::SlavesOfBond, &bond);
            return slaves.iter().map(|slave| Nic(*slave)).collect();
        }
        let below = |relation, field| relations.first(relation, &self.0)?.follow(field);
        below(Relation::VlanOfDevice, "tagged_PIF")
            .or_else(|| below(Relation::TunnelOfDevice, "transport_PIF"))
            .or_else(|| below(Relation::SriovOfDevice, "physical_PIF"))
            .map(Nic)
            .into_iter()
            .collect()
    }

    /// The bond it is a slave of, by the PIF that is the bond's device.
    #[must_use]
    pub fn bond(&self) -> Option<Nic<'a>> {
        self.0.follow("bond_slave_of")?.follow("master").map(Nic)
    }

    /// The mode of the bond that it is.
    #[must_use]
    pub fn bond_mode(&self, relations: &Relations<'a>) -> Option<Cow<'a, str>> {
        let bond = relations.first(Relation::BondOfMaster, &self.0)?;
        // Before 6.0 bonds knew one mode, or had it among the rest.
        bond.filled("mode")
            .or_else(|| self.0.map_text("other_config", "bond-mode"))
    }

    /// Its addresses as configured, with netmask (`10.0.0.5/255.255.255.0`) or prefix.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses = Vec::new();
        if let Some(ip) = self.0.filled("IP") {
            addresses.push(match self.0.filled("netmask") {
                Some(mask) => format!("{ip}/{}", short_mask(&mask)),
                None => ip.into_owned(),
            });
        }
        let v6 = self.0.set("IPv6").unwrap_or_default();
        addresses.extend(
            v6.into_iter()
                .filter(|address| !address.is_empty())
                .map(Cow::into_owned),
        );
        addresses
    }

    /// How it gets its IPv4 address: `None`, `DHCP` or `Static`.
    #[must_use]
    pub fn ip_mode(&self) -> Option<Cow<'a, str>> {
        self.0.filled("ip_configuration_mode")
    }
}

/// A netmask as the number of its leading ones, where it is made of such.
fn short_mask(mask: &str) -> Cow<'_, str> {
    match mask.parse::<std::net::Ipv4Addr>().map(u32::from) {
        Ok(bits) if bits.leading_ones() + bits.trailing_zeros() == 32 || bits == u32::MAX => {
            Cow::Owned(bits.leading_ones().to_string())
        }
        _ => Cow::Borrowed(mask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_counted_where_they_can_be() {
        for (mask, shown) in [
            ("255.255.240.0", "20"),
            ("255.255.255.255", "32"),
            ("0.0.0.0", "0"),
            ("255.0.255.0", "255.0.255.0"),
            ("odd", "odd"),
        ] {
            assert_eq!(short_mask(mask), shown);
        }
    }
}
