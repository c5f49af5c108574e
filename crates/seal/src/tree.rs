//! A Merkle tree over leaves, as RFC 6962 section 2.1 defines it (RFC 9162 says the same): its root, the path from a leaf to the
//! root, and the way up. What a leaf is made of is the caller's affair.

use sha2::{Digest, Sha256 as Hasher};
use xenspect_model::catalog::Sha256;

/// In front of a leaf's bytes, so that no leaf can pass for an inner node.
const LEAF: [u8; 1] = [0];
/// In front of the two halves of an inner node.
const NODE: [u8; 1] = [1];

/// The digest of a leaf.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Sha256 {
    let mut hasher = Hasher::new();
    hasher.update(LEAF);
    hasher.update(bytes);
    hasher.finalize().into()
}

/// The digest of an inner node.
fn node(left: &Sha256, right: &Sha256) -> Sha256 {
    let mut hasher = Hasher::new();
    hasher.update(NODE);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The root over leaves in their order. Holds as many digests as the number of leaves has bits. Without a leaf it is the SHA-256 of
/// nothing.
#[must_use]
pub fn root(leaves: impl IntoIterator<Item = Sha256>) -> Sha256 {
    // Whole subtrees, the largest first, each with its height.
    let mut stack: Vec<(u32, Sha256)> = Vec::new();
    for leaf in leaves {
        let mut top = (0, leaf);
        while let Some((_, left)) = stack.pop_if(|(height, _)| *height == top.0) {
            top = (top.0.saturating_add(1), node(&left, &top.1));
        }
        stack.push(top);
    }
    let Some((_, mut root)) = stack.pop() else {
        return Hasher::digest([]).into();
    };
    while let Some((_, left)) = stack.pop() {
        root = node(&left, &root);
    }
    root
}

/// The digests beside the way from a leaf up to the root, the lowest first. Empty for an index that is not there.
#[must_use]
pub fn path(leaves: &[Sha256], index: usize) -> Vec<Sha256> {
    let mut path = Vec::new();
    let (mut rest, mut index) = (leaves, index);
    if index >= rest.len() {
        return path;
    }
    while rest.len() > 1 {
        let half = rest.len().next_power_of_two() >> 1;
        let (left, right) = rest.split_at(half.min(rest.len()));
        let other = match index.checked_sub(half) {
            Some(in_right) => {
                (rest, index) = (right, in_right);
                left
            }
            None => {
                rest = left;
                right
            }
        };
        path.push(root(other.iter().copied()));
    }
    path.reverse();
    path
}

/// The root that a leaf and the digests beside its way lead to; `None` if that many cannot be beside the way of this index in a tree
/// of so many leaves (RFC 9162 section 2.1.3.2).
#[must_use]
pub fn climb(leaf: &Sha256, index: u64, leaves: u64, path: &[Sha256]) -> Option<Sha256> {
    if index >= leaves {
        return None;
    }
    let (mut index, mut last) = (index, leaves.saturating_sub(1));
    let mut digest = *leaf;
    for beside in path {
        if last == 0 {
            return None;
        }
        if index & 1 == 1 || index == last {
            digest = node(beside, &digest);
            // A node without a neighbour is its own parent.
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            digest = node(&digest, beside);
        }
        index >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(digest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hex;

    /// The leaves of the tests of Certificate Transparency (`merkletree` of its reference implementation).
    const INPUTS: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    /// The roots over the first one, two and so on of them.
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    /// Paths of the same tests: index, leaves, digests from the leaf up.
    const PATHS: [(u64, u64, &[&str]); 4] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            3,
            &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
    ];

    fn known() -> Vec<Sha256> {
        INPUTS.map(leaf).to_vec()
    }

    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        for (leaves, expected) in (1..).zip(ROOTS) {
            assert_eq!(
                hex::encode(&root(known()[..leaves].to_vec())),
                expected,
                "{leaves}"
            );
        }
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex::encode(&root([])), nothing);
    }

    #[test]
    fn the_paths_are_those_of_certificate_transparency() {
        for (index, leaves, expected) in PATHS {
            let of_tree = &known()[..usize::try_from(leaves).unwrap()];
            let at = usize::try_from(index).unwrap();
            let path = path(of_tree, at);
            let shown: Vec<_> = path.iter().map(|digest| hex::encode(digest)).collect();
            assert_eq!(shown, expected, "{index} of {leaves}");
            let climbed = climb(&of_tree[at], index, leaves, &path);
            assert_eq!(climbed, Some(root(of_tree.to_vec())));
        }
    }

    fn leaves(number: u64) -> Vec<Sha256> {
        (0..number).map(|n| leaf(&n.to_be_bytes())).collect()
    }

    /// As the RFC words it, by recursion.
    fn by_definition(leaves: &[Sha256]) -> Sha256 {
        match leaves {
            [] => Hasher::digest([]).into(),
            [only] => *only,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                node(
                    &by_definition(&leaves[..half]),
                    &by_definition(&leaves[half..]),
                )
            }
        }
    }

    #[test]
    fn every_leaf_of_every_small_tree_proves() {
        for number in 1..=70 {
            let leaves = leaves(number);
            let top = root(leaves.iter().copied());
            assert_eq!(top, by_definition(&leaves), "{number}");
            for (index, leaf) in (0..).zip(&leaves) {
                let path = path(&leaves, usize::try_from(index).unwrap());
                assert_eq!(
                    climb(leaf, index, number, &path),
                    Some(top),
                    "{index} of {number}"
                );
                // No other index, no other number of leaves below it, no longer and no shorter path.
                for other in (0..number).filter(|&other| other != index) {
                    assert_ne!(climb(leaf, other, number, &path), Some(top));
                }
                let longer = [path.as_slice(), &[top]].concat();
                assert_ne!(climb(leaf, index, number, &longer), Some(top));
                if let Some((_, shorter)) = path.split_last() {
                    assert_ne!(climb(leaf, index, number, shorter), Some(top));
                }
            }
            assert_eq!(climb(&leaves[0], number, number, &[]), None);
        }
    }

    proptest! {
        #[test]
        fn any_flipped_bit_is_seen(number in 1..70_u64, pick in any::<u64>(), at in any::<usize>(), bit in 0..8_u32) {
            let leaves = leaves(number);
            let index = pick % number;
            let at_index = usize::try_from(index).unwrap();
            let mut path = path(&leaves, at_index);
            let mut leaf = leaves[at_index];
            let top = root(leaves.iter().copied());
            let bytes = 32 * (path.len() + 1);
            let place = at % bytes;
            match path.get_mut(place / 32) {
                Some(digest) => digest[place % 32] ^= 1 << bit,
                None => leaf[place % 32] ^= 1 << bit,
            }
            prop_assert_ne!(climb(&leaf, index, number, &path), Some(top));
        }
    }
}
