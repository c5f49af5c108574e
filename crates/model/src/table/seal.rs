//! The rows of `seal/` codes, about an input and the seal that was made of it. What an entry is made of is in the parent.

use super::{Entry, NOTHING, row};
use crate::code::Severity::*;

const OTHER_COPY: &str = "Take another copy of the archive, and verify it with the same seal. If no copy holds, back up \
    again while what it holds still exists, and seal the new archive.";
const OTHER_SEAL: &str = "Take the seal from where it was made, or from another copy. If there is none, find out who or what \
    changed this one; without a seal the input is judged by itself alone.";
const WHO: &str = "Find out who put this seal here. Take the seal and its signature from where they were made; until then judge \
    the input without them (leave `--verify-key` out to see how it compares).";

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 17;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        None,
        "the seal cannot be read",
        "The file of the seal cannot be read, ends too early, or is no seal. What it would tell is not known, so the \
         input was judged by itself alone. A seal that was copied along with its archive and did not arrive whole is a bad \
         sign for the archive too.",
        OTHER_SEAL,
    ),
    row(
        Warning,
        None,
        "the seal is of a version that this program does not know",
        "A newer xenspect made the seal in another form. It was not looked at, and the input was judged by itself \
         alone.",
        "Verify with the version of xenspect that made the seal, or a later one.",
    ),
    row(
        Error,
        None,
        "the seal contradicts itself",
        "A seal holds a root digest over its members, their number and the digest of the description. One of these is not what \
         its own list of members gives, so somebody edited the seal or it was damaged. Nothing is concluded from it.",
        OTHER_SEAL,
    ),
    row(
        Error,
        None,
        "the seal is not signed",
        "A signature was asked for (`--verify-key`), and beside the seal there is none (`SEAL.sig`). Anybody can make a seal \
         that holds for an archive that was changed, so nothing is concluded from it.",
        WHO,
    ),
    row(
        Error,
        None,
        "the seal's signature cannot be read",
        "What lies beside the seal as its signature is no signature in the format of OpenSSH, or of a kind that is not \
         taken. Nothing is concluded from the seal.",
        WHO,
    ),
    row(
        Error,
        None,
        "the seal's signature does not hold",
        "The signature names a key that is trusted, and is not over this seal, or not for seals (its namespace is not \
         `xenspect-seal`). The seal was changed after it was signed, or the signature is that of another file. Nothing is \
         concluded from it.",
        WHO,
    ),
    row(
        Error,
        None,
        "the seal is signed by another key",
        "The key that signed the seal is none of those that were given. Nothing is concluded from the seal.",
        WHO,
    ),
    row(
        Warning,
        None,
        "the archive was not good when it was sealed",
        "The seal was made with `--damaged`, and says what the verification found at that time. That a copy is as it was \
         sealed then does not make it good.",
        "Do not rely on this archive because of its seal. Look for an older or newer backup.",
    ),
    row(
        Error,
        None,
        "the seal is of another archive",
        "Hardly a member of the input is one of the seal, and its description is none: the seal was made of another archive \
         or of another backup of the same, or the input was replaced under its name.",
        "Find the seal of this input, or the archive of this seal: the seal names the file that it was made of. Do not rely \
         on an archive that lies where another one was sealed.",
    ),
    row(
        Error,
        None,
        "the file is not the one that was sealed",
        "The SHA-256 of the file differs from that in the seal, and the input could not be taken apart so far that its \
         members can be compared.",
        OTHER_COPY,
    ),
    row(
        Error,
        None,
        "members are gone that were sealed",
        "The seal names members that the input does not have. Of blocks the archive alone cannot tell that: a block that is \
         absent means zeros, so an import would succeed and the disk would have zeros in their place.",
        OTHER_COPY,
    ),
    row(
        Error,
        None,
        "sealed members lie behind the end of what is there",
        "The input ends too early, or was not read to its end. These are the members that the seal has from there on.",
        OTHER_COPY,
    ),
    row(
        Error,
        None,
        "there are members that were not sealed",
        "The input has members that the seal does not name. Somebody put them there after it was sealed; an import would \
         take blocks among them for contents of the disk.",
        "Do not import this copy. Take another one, verify it with the same seal, and find out who changed this one.",
    ),
    row(
        Error,
        None,
        "members are in another order than they were sealed in",
        "An importer reads in the order of the stream and takes the members as they come: blocks in another order, or a \
         description behind them, are refused or end in the wrong place. No copying does that; the archive was packed anew. \
         Named are the fewest members that have to move back for the order to hold.",
        OTHER_COPY,
    ),
    row(
        Error,
        None,
        "members have other contents than were sealed",
        "Length, SHA-256 or (of a host backup) mode, owner, time or link of a member are not what was sealed. If a block's own \
         checksum holds all the same, both were changed together, which no accident does.",
        OTHER_COPY,
    ),
    row(
        Note,
        None,
        "compressed anew; its members are as they were sealed",
        "The file is another one than was sealed, since it was compressed in another way, or was decompressed. Each member is \
         there with the contents that were sealed, in the same order, and there are no others.",
        NOTHING,
    ),
    row(
        Note,
        None,
        "packed anew; its members are as they were sealed",
        "The file is another one than was sealed: the tar headers, the bytes that fill up, or those at the end differ. \
         Each member is there with the contents that were sealed, in the same order, and there are no others.",
        NOTHING,
    ),
];
