//! The table of codes: title, default severity, what it means, what to do, and the error that xapi
//! would answer with (`formats/xva.md` sections 11.3 and 15). `xenspect explain` prints it and
//! `docs/manual/src/findings/` is made from it; nothing else in the project words a code a second time. The
//! rows of pool databases are in `database`.

mod against;
mod database;
mod host;
mod host_restore;
mod import;
mod policy;
mod restore_contents;
mod restore_host;
mod restore_network;
mod seal;
mod sidecar;
mod store;

use xenspect_archive::xva::ImportError;

use crate::code::{Code, Severity, Severity::*};

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Severity unless a rule has a reason for another.
    pub severity: Severity,
    /// A title of a few words, without a full stop.
    pub title: &'static str,
    /// What it means and where it comes from.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// The error that an importing xapi answers with, where there is one.
    pub xapi_error: Option<&'static str>,
}

const GENERIC: Option<&str> = Some(ImportError::Generic.code());
const EOF: Option<&str> = Some(ImportError::PrematureEof.code());
const UNEXPECTED: Option<&str> = Some(ImportError::UnexpectedFile.code());
const NOT_FOUND: Option<&str> = Some(ImportError::FailedToFindObject.code());
const TABLE: Option<&str> = Some(ImportError::SomeChecksumsFailed.code());

const COPY_AGAIN: &str = "Copy the archive again from where it was exported, and verify the copy. \
    If the original shows the same, export the VM again while it still exists.";
const EXPORT_AGAIN: &str = "Export the VM again. The archive as it is cannot be relied on.";
const NOTHING: &str = "Nothing to do.";

const fn row(
    severity: Severity,
    xapi_error: Option<&'static str>,
    title: &'static str,
    meaning: &'static str,
    advice: &'static str,
) -> Entry {
    Entry {
        severity,
        title,
        meaning,
        advice,
        xapi_error,
    }
}

/// The row of a code.
#[must_use]
pub fn entry(code: Code) -> &'static Entry {
    let mut index = code as usize;
    for rows in PARTS {
        match index.checked_sub(rows.len()) {
            None => return &rows[index],
            Some(rest) => index = rest,
        }
    }
    unreachable!("the parts hold a row for every code, as the lengths below say")
}

/// The parts of the table, in the order of the codes.
static PARTS: [&[Entry]; 13] = [
    &ROWS,
    &database::ROWS,
    &restore_host::ROWS,
    &restore_network::ROWS,
    &restore_contents::ROWS,
    &import::ROWS,
    &host::ROWS,
    &host_restore::ROWS,
    &seal::ROWS,
    &sidecar::ROWS,
    &store::ROWS,
    &against::ROWS,
    &policy::ROWS,
];

/// Number of codes whose rows are in other files.
const ELSEWHERE: usize = database::COUNT
    + restore_host::COUNT
    + restore_network::COUNT
    + restore_contents::COUNT
    + import::COUNT
    + host::COUNT
    + host_restore::COUNT
    + seal::COUNT
    + sidecar::COUNT
    + store::COUNT
    + against::COUNT
    + policy::COUNT;

/// In the order of [`Code`]; the test below holds the two together.
static ROWS: [Entry; Code::ALL.len() - ELSEWHERE] = [
    // source
    row(
        Error,
        None,
        "the storage could not read part of the file",
        "The operating system reported an error for a range of the file. Everything else was read and \
         checked; nothing is known of that range.",
        "Look at the system log and the health of the disk or network share. Copy the file to other \
         storage (`ddrescue` keeps what can be read), and verify that copy.",
    ),
    row(
        Error,
        None,
        "the file changed while it was read",
        "The file became shorter, was written to (its length or its time of change is another one), was replaced by a file of the same \
         name, or was removed while it was read. What was read may be partly of the one state and partly of the other, or of a \
         file that is not there any more.",
        "Wait until the export or copy that writes the file has ended, then verify again.",
    ),
    row(
        Warning,
        None,
        "a block read right only the second time",
        "The first read of a block did not match its checksum, a second read of the same bytes did; or a file that is also read \
         for a digest or a copy gave other bytes when a part of it was read again. What was read last was checked, and the archive \
         is right as far as that goes; the way to it (memory, cable, controller, network share) is not.",
        "Test the memory and the storage path of this machine before you trust any copy made through it.",
    ),
    row(
        Warning,
        None,
        "stopped before the end",
        "The run was interrupted. What is reported was checked; the rest was not looked at.",
        "Run it again to the end.",
    ),
    row(
        Error,
        None,
        "xenspect failed inside",
        "A worker of the program failed. Nothing is known of what it was working on, and no verdict can be \
         given. This is a defect of xenspect, never of the archive.",
        "Please report it with the version and, if it may be shared, the archive or its first mebibyte.",
    ),
    row(
        Error,
        None,
        "a limit of the program was reached",
        "Something in the archive is larger or more numerous than the documented limit, so a part was \
         not looked at. No exporter writes such an archive.",
        "Treat the archive as hostile or badly damaged.",
    ),
    row(
        Note,
        None,
        "the blocks' contents were not read",
        "The run was asked for headers only (`--depth headers`). Names, order, sizes and documents were checked, \
         and no block was compared with its checksum. Such a run calls nothing sound.",
        "Run it again without `--depth headers` before you rely on the archive.",
    ),
    // envelope
    row(
        Error,
        EOF,
        "the compressed stream is cut short",
        "The gzip or zstd stream ends before its own end mark: the copy or the export was broken off.",
        COPY_AGAIN,
    ),
    row(
        Error,
        EOF,
        "the compressed stream is corrupt",
        "The gzip or zstd data cannot be decompressed beyond this point. What lies behind it was not \
         reached.",
        COPY_AGAIN,
    ),
    row(
        Error,
        None,
        "the checksum of the compressed stream is wrong",
        "The stream could be decompressed, but its own check value (the CRC-32 of gzip, the content checksum \
         of zstd) does not match what came out. Some byte of it is wrong.",
        COPY_AGAIN,
    ),
    row(
        Error,
        None,
        "the length at the end of the gzip stream is wrong",
        "gzip stores the length of what it packed, modulo 2^32. It differs from what came out.",
        COPY_AGAIN,
    ),
    row(
        Warning,
        None,
        "bytes behind the compressed stream",
        "After the last gzip member or zstd frame there are bytes that belong to neither. xapi's gzip \
         complains about them or ignores them.",
        "Find out what appended them. The archive before them is judged on its own.",
    ),
    row(
        Error,
        None,
        "the zstd window is larger than allowed",
        "The frame asks for more memory to decompress than the limit, which is 128 MiB unless `--zstd-window` \
         says otherwise. No Xen host writes such a frame; `zstd --long` with a high number does. What is behind \
         its header was not read.",
        "Allow the window (`--zstd-window 2GiB` allows all that zstd can read), where so much memory is free; or \
         recompress it: `zstd -d --long=31 -c FILE | zstd -o NEW`.",
    ),
    row(
        Note,
        None,
        "the zstd frames carry no content checksum",
        "The frames were written without zstd's own checksum. The blocks' own sums still tell about their \
         contents; bytes outside of blocks are not protected.",
        NOTHING,
    ),
    // tar
    row(
        Error,
        GENERIC,
        "a tar header's checksum is wrong",
        "The 512 bytes in front of a member were altered: the sum over them differs from the one they store. \
         Where name and size are still believable the member is read on all the same, and its contents \
         are judged by their own sum.",
        COPY_AGAIN,
    ),
    row(
        Warning,
        GENERIC,
        "a tar header's checksum is over signed bytes",
        "Very old tar programs add header bytes as signed numbers. GNU tar accepts it, importers do not. In a host backup, \
         which GNU tar unpacks, it is a note.",
        "Repack the archive if it has to be imported.",
    ),
    row(
        Error,
        GENERIC,
        "bytes that belong to no member",
        "Where a tar header should be there is none. The bytes up to the next believable header were \
         passed over; whatever members they held are lost.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a tar header's size field makes no sense",
        "The size in a tar header is not a number, is negative, or lies beyond any file. The member cannot \
         be followed.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a tar extension header is unusable",
        "A pax or GNU long-name header is malformed, too large, or belongs to no member. Exporters never \
         write one.",
        "Treat the archive as damaged or made by hand.",
    ),
    row(
        Warning,
        None,
        "a member's name leads outside",
        "The name is absolute or holds a `..` part. Unpacked with a careless tool it would write outside \
         of the folder. xenspect never opens a path from an archive.",
        "Do not unpack this archive with tar. Ask who made it.",
    ),
    row(
        Warning,
        None,
        "a member is no plain file",
        "The tar header says link, device, or folder. Exporters write plain files only.",
        "Ask who made the archive. A folder alone does no harm.",
    ),
    row(
        Note,
        None,
        "padding is not zero",
        "The bytes between a member's end and the next 512-byte boundary are not all zero. Readers pass \
         over them.",
        "Look at them if the archive is evidence; they can hide data.",
    ),
    row(
        Note,
        None,
        "a single zero block between members",
        "One block of zeros stands where a header is expected, and members follow. Readers go on.",
        NOTHING,
    ),
    row(
        Warning,
        None,
        "the end marker is missing or short",
        "A tar archive ends in two blocks of zeros. Importers stop after the last disk and do not look, so \
         everything before it can be whole; but the writer did not finish.",
        "Compare the size with the original's, and export again if it can be done.",
    ),
    row(
        Error,
        GENERIC,
        "members behind an end marker",
        "Two blocks of zeros mark the end, and yet members follow. Either archives were joined, or a range \
         of the file was replaced by zeros (a hole after a crash, a failed copy).",
        COPY_AGAIN,
    ),
    row(
        Warning,
        None,
        "bytes behind the end",
        "There are bytes other than zero behind the end marker. Importers ignore them.",
        "Find out what appended them. The archive before them is judged on its own.",
    ),
    // truncation
    row(
        Error,
        EOF,
        "the archive ends inside a tar header",
        "The file is cut short: it ends within the 512 bytes in front of a member.",
        COPY_AGAIN,
    ),
    row(
        Error,
        EOF,
        "the archive ends inside a block",
        "The file is cut short: it ends within the contents of a block or of its checksum member.",
        COPY_AGAIN,
    ),
    row(
        Error,
        EOF,
        "the archive ends inside ova.xml",
        "The file is cut short within the description of the VM. No disk data is there.",
        COPY_AGAIN,
    ),
    row(
        Error,
        EOF,
        "the archive ends between a block and its checksum",
        "The file is cut short: the last block is there, its checksum is not.",
        COPY_AGAIN,
    ),
    row(
        Error,
        EOF,
        "the archive ends before its last disk is complete",
        "The file is cut short at a member's boundary: what is there is whole, but there is no end \
         marker and blocks are missing.",
        COPY_AGAIN,
    ),
    // blocks and sums
    row(
        Error,
        GENERIC,
        "a block's contents differ from its checksum",
        "The digest over the block is not the one that the exporter stored beside it. The block or its \
         checksum was altered after the export. `force=true` would import the block as it is.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a block has no checksum",
        "Behind a block its checksum member should stand. Without it nothing is known of the block's \
         contents, and importers refuse the archive.",
        EXPORT_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a checksum has no block",
        "A checksum member stands there without the block whose name it bears: the block was lost. Its \
         range of the disk would be read as zeros.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a checksum is there twice",
        "Two checksum members of one name follow a block. Importers expect the next block there.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a checksum stands in front of its block",
        "The checksum member must follow its block. Here it precedes it.",
        "The members were reordered; export again or copy from the original.",
    ),
    row(
        Error,
        GENERIC,
        "behind a block stands another block's checksum",
        "The checksum member's name is that of another block. The block itself could not be checked.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a checksum's text is no digest",
        "The checksum member does not hold the hex digits of its kind (40 for `.checksum`, 16 for \
         `.xxhash`). The block could not be checked.",
        COPY_AGAIN,
    ),
    row(
        Warning,
        GENERIC,
        "white space around a checksum",
        "The digest is right, but line ends or blanks stand around it. Importers compare the texts and find \
         them different; `force=true` passes over it. Programs other than xapi write such sums.",
        "Import with `force=true`, or rewrite the checksum members without the white space.",
    ),
    row(
        Note,
        GENERIC,
        "a checksum in the other letter case",
        "The digest is right, but exporters write SHA-1 in lower-case and XXH64 in upper-case digits. \
         Importers compare the texts and find them different; `force=true` passes over it.",
        "Import with `force=true`, or rewrite the checksum members.",
    ),
    row(
        Note,
        None,
        "SHA-1 and XXH64 checksums in one archive",
        "No exporter mixes them, importers accept it. The archive was put together from parts.",
        "Ask how the archive came about.",
    ),
    row(
        Note,
        None,
        "the checksums are SHA-1",
        "Releases up to 8.0 write SHA-1 sums. They find damage as well as ever; they do not prove that \
         nobody altered the archive on purpose (nor does XXH64).",
        NOTHING,
    ),
    // disks
    row(
        Error,
        None,
        "a disk's first block is missing",
        "Exporters always write block 0 of a disk, zero or not. Here the disk begins with a later one, so \
         the beginning of the disk (partition table, boot loader) would be zeros.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a disk ends too early",
        "The blocks add up to less than the disk's virtual_size. Exporters always write the last block, so \
         it is missing, perhaps with others before it. Exporters of VHD and QCOW2 disks in xapi 26.0 \
         to 26.12 and later until mid-2026 left out a last block that is not a whole MiB.",
        "Copy the archive again. If the original shows the same and it was written by xapi 26.x, update the \
         host and export again.",
    ),
    row(
        Error,
        GENERIC,
        "a disk's blocks are more than the disk",
        "The blocks add up to more than the disk's virtual_size. Importers stop at that size and then stumble \
         over the rest.",
        EXPORT_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a block number comes twice",
        "Two blocks of the same disk and number follow each other. Importers refuse it. xapi 26.1.3-1.4 and \
         -1.5 of XCP-ng 8.3 (March 2026) wrote doubled numbers for QCOW2 disks, and with \
         `vhd-legacy-blocks-format=false` a disk of up to 1 MiB gets block 0 twice.",
        "If XCP-ng 8.3 with xapi 26.1.3-1.4 or -1.5 exported it, update that host and export again. Otherwise copy \
         the archive again from where it was exported.",
    ),
    row(
        Error,
        GENERIC,
        "a block comes after a later one",
        "Block numbers of a disk must increase. The members were reordered; importers refuse it.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "a block's name holds no number",
        "The member lies in a disk's folder, but its name is no block number.",
        COPY_AGAIN,
    ),
    row(
        Note,
        None,
        "a block number is not spelled with eight digits",
        "Exporters pad block numbers to eight digits. Importers read others as well.",
        NOTHING,
    ),
    row(
        Error,
        GENERIC,
        "a block lies beyond any disk",
        "The block's place, by its number, would be beyond 2^64 bytes.",
        COPY_AGAIN,
    ),
    row(
        Warning,
        None,
        "a block is longer than it should be",
        "Exporters cut disks into blocks of 1 MiB, and the last one ends where the disk ends. A longer one \
         shifts everything behind it, or reaches beyond the disk's end. Where the disk's size comes out right \
         all the same, only the writer is unusual.",
        "Ask which program wrote the archive. Where this is an error, export the VM again.",
    ),
    row(
        Warning,
        None,
        "a block is shorter than it should be",
        "Exporters cut disks into blocks of 1 MiB, and only the last one can be shorter. A shorter one shifts \
         everything behind it. Where the disk's size comes out right all the same, only the writer is unusual.",
        "Ask which program wrote the archive. Where this is an error, export the VM again.",
    ),
    row(
        Error,
        GENERIC,
        "a block is no multiple of 512 bytes",
        "Since xapi 1.170 importers look for the checksum's header before they skip the padding, so such a \
         block is written but cannot be read back. The disk's virtual_size is not a multiple of \
         512.",
        "Resize the disk to a multiple of 512 bytes and export again, or extract the disk and import it \
         as raw.",
    ),
    row(
        Warning,
        None,
        "an empty block begins or ends a disk",
        "Exporters put blocks of zero bytes only between others, to keep a slow transfer alive.",
        "Ask which program wrote the archive.",
    ),
    row(
        Warning,
        GENERIC,
        "the first block sets another unit than 1 MiB",
        "Importers take the length of the archive's first block for the length of every block left out. \
         It is not 1 MiB here, and blocks were left out, so an importer would misplace what follows. \
         xenspect counts with 1 MiB, as the exporter did.",
        "Do not import this archive as it is: the disks behind the first would be wrong or refused. \
         Extract them with a tool that counts with 1 MiB, or export the small disk apart.",
    ),
    row(
        Error,
        GENERIC,
        "a disk of ova.xml has no blocks",
        "ova.xml lists a disk that is exported with the VM, and no block of it is in the archive.",
        COPY_AGAIN,
    ),
    row(
        Error,
        GENERIC,
        "blocks of a disk that ova.xml does not know",
        "Blocks are there of a disk that ova.xml does not list among those exported with the VM.",
        "The archive was put together from parts, or ova.xml was edited. Do not import it.",
    ),
    row(
        Error,
        GENERIC,
        "the disks are not in order",
        "Disks follow each other sorted by their ids as texts (Ref:10 before Ref:2). Importers read them in \
         that order and refuse another.",
        "The members were reordered; copy from the original or export again.",
    ),
    row(
        Error,
        GENERIC,
        "a disk goes on after another",
        "All blocks of a disk stand together. Here another disk's blocks are in between.",
        "The members were reordered; copy from the original or export again.",
    ),
    row(
        Warning,
        None,
        "one disk is attached twice",
        "Two VBDs name the same VDI. The exporter writes such a disk twice; importers read it once and \
         then refuse the rest.",
        "Detach one of the two before the export.",
    ),
    row(
        Warning,
        None,
        "no disk data",
        "The archive holds ova.xml alone, as a metadata-only export does (`xe vm-export \
         metadata=true`), but the VM has disks. From the archive alone it cannot be told whether a \
         full export lost all of its disks.",
        "If it was to be a full backup, it is none: export again without `metadata=true`. If \
         it is metadata by intention, make sure that the disks are saved elsewhere.",
    ),
    row(
        Note,
        None,
        "a metadata-only export, by what is in it",
        "The archive holds ova.xml alone, and ova.xml bears what a full export never writes: several VMs, \
         records of snapshots, a power state that was kept. It was made without disks, and lost none.",
        "Make sure that the disks are saved elsewhere.",
    ),
    // members
    row(
        Warning,
        None,
        "a member that belongs to no export",
        "It is neither ova.xml, nor a block or its checksum, nor checksum.xml. Behind the last disk importers \
         never read it; before that they stop at it.",
        "Find out which program added it.",
    ),
    row(
        Warning,
        UNEXPECTED,
        "names begin with ./",
        "The archive was packed by a tar program with `.` as its argument. Importers want the names \
         without it, and refuse the archive; its contents are judged all the same.",
        "Repack with `tar cf NEW ova.xml Ref:*`, keeping the order.",
    ),
    // metadata
    row(
        Error,
        UNEXPECTED,
        "ova.xml is missing",
        "The description of the VM is not in the archive, so its disks can be checked but not told apart, \
         and nothing can be imported.",
        COPY_AGAIN,
    ),
    row(
        Error,
        UNEXPECTED,
        "ova.xml is not the first member",
        "Importers read ova.xml from the first member or not at all.",
        "Repack with ova.xml first, keeping the order of the rest.",
    ),
    row(
        Error,
        GENERIC,
        "ova.xml is there twice",
        "A second description of the VM follows. Importers take the first and stumble over the second.",
        "The archive was joined from two, or edited. Do not import it before you know which.",
    ),
    row(
        Error,
        None,
        "ova.xml is larger than allowed",
        "The document exceeds the limit for one document, so it was not read. The blocks were checked \
         by their sums alone.",
        "Treat the archive as hostile; a real ova.xml has some hundred KiB.",
    ),
    row(
        Error,
        GENERIC,
        "ova.xml is not well-formed",
        "The document is not XML, or ends early. A map key that holds `<` or `&` makes an exporter write \
         such a document.",
        "Copy the archive again. If the original has it too, look for a key with `<` or `&` in \
         the VM's other_config, xenstore_data or platform, remove it and export again.",
    ),
    row(
        Error,
        GENERIC,
        "ova.xml declares entities",
        "A document type or an entity of its own is declared. No exporter does; it is never expanded.",
        "Treat the archive as hostile.",
    ),
    row(
        Error,
        GENERIC,
        "ova.xml is nested too deep",
        "Elements are nested deeper, or are more, than any export needs. Reading stopped at the limit.",
        "Treat the archive as hostile.",
    ),
    row(
        Error,
        GENERIC,
        "ova.xml is no export record",
        "The document is XML, but not the structure of a version and a list of objects that an export has.",
        "The archive was made by another program, or ova.xml was replaced. It cannot be imported.",
    ),
    row(
        Error,
        GENERIC,
        "a value in ova.xml cannot be read",
        "A field does not hold what its type asks for: a number, a truth value, a date, a word of an enumeration, a set or a map. \
         Or an element such as `int` holds none, where xapi's reader stops whatever the value is for.",
        "Correct the value in a copy, or export again.",
    ),
    row(
        Error,
        GENERIC,
        "a field that importers need is missing",
        "The record lacks a field that has no default, so an import ends there.",
        "The archive was made or edited by another program; add the field in a copy.",
    ),
    row(
        Error,
        GENERIC,
        "a disk's virtual_size cannot be read",
        "Without it nobody can tell whether the disk is complete.",
        "Export again.",
    ),
    row(
        Error,
        None,
        "two objects have one id",
        "References to the id are ambiguous. Exporters number objects one by one.",
        "The archive was edited or joined. Do not import it.",
    ),
    row(
        Warning,
        None,
        "two VMs have one uuid",
        "uuids are unique in a pool. An import that keeps them (`restore=true`) gives the second VM the place of the \
         first.",
        "The metadata was edited or joined. Import without `restore=true`, or correct one of the two in a copy.",
    ),
    row(
        Error,
        NOT_FOUND,
        "a reference leads nowhere",
        "An object names another that ova.xml does not hold, in a field that importers follow.",
        "The archive was edited or cut. Export again.",
    ),
    row(
        Note,
        None,
        "the home host's record is not inside, as usual",
        "Normal: exporters number such references without writing the object.",
        NOTHING,
    ),
    row(
        Error,
        NOT_FOUND,
        "a disk's VBD has no VDI",
        "A VBD that is no CD drive names no VDI. The importer's list of disks fails on it.",
        "Destroy the empty VBD on the source and export again, or remove it in a copy.",
    ),
    row(
        Note,
        None,
        "references of the exporting pool are left over",
        "Normal: fields that an export does not rewrite keep references of the pool they came from. \
         Importers ignore them.",
        NOTHING,
    ),
    row(
        Warning,
        None,
        "a snapshot's place is broken",
        "A snapshot names the VM that it was taken of, or a VM or snapshot its parent, by an id that no object has; or \
         parents lead round in a circle. A metadata-only export that holds snapshots holds what they hang on too.",
        "Export the metadata again. As it is, an import loses the snapshot's place in the tree.",
    ),
    row(
        Note,
        None,
        "objects of an unknown class",
        "Importers ignore classes they do not know.",
        NOTHING,
    ),
    row(
        Note,
        None,
        "it holds secrets of the VM",
        "The export holds the contents of a virtual TPM, or UEFI variables with keys. Whoever has the file has \
         them.",
        "Store and pass on the file as you would the VM's own disks.",
    ),
    // legacy
    row(
        Note,
        None,
        "written by XenServer 4.0 or earlier",
        "XenServer 4.0 wrote `export_vsn` 0 or 1, with a table of sums at the end. The archive is judged \
         by the rules of its time. Today's xapi imports version 1 but no longer version 0, \
         which has no sums between the blocks.",
        "For version 0: add the checksum members, or extract the disks and import them as raw.",
    ),
    row(
        Error,
        GENERIC,
        "the table of sums at the end is missing",
        "Archives of `export_vsn` 0 and 1 end in checksum.xml. It is not there.",
        COPY_AGAIN,
    ),
    row(
        Error,
        TABLE,
        "the table of sums cannot be read",
        "checksum.xml is not the list of names and digests that it should be.",
        COPY_AGAIN,
    ),
    row(
        Error,
        TABLE,
        "the table of sums disagrees with a block",
        "The digest that checksum.xml has for a block is not the block's.",
        COPY_AGAIN,
    ),
    row(
        Error,
        TABLE,
        "a block is not in the table of sums",
        "checksum.xml should name every block and does not name this one.",
        COPY_AGAIN,
    ),
    row(
        Error,
        TABLE,
        "the table of sums names a block that is not there",
        "checksum.xml names a block that the archive does not hold: the block was lost.",
        COPY_AGAIN,
    ),
    row(
        Warning,
        None,
        "a table of sums where none belongs",
        "checksum.xml belongs to `export_vsn` 0 and 1 only. Importers do not read it here.",
        "Ask which program wrote the archive.",
    ),
    row(
        Warning,
        None,
        "there are two tables of sums",
        "checksum.xml is there twice. The first one was compared; importers read the first one behind the disks.",
        "Ask how the archive came about.",
    ),
    row(
        Error,
        GENERIC,
        "blocks behind the table of sums",
        "checksum.xml closes an archive of `export_vsn` 0 or 1. Here blocks follow it, so an importer that expects \
         a block stops at it.",
        "The members were reordered; copy from the original or export again.",
    ),
    // version 1 and per-disk exports
    row(
        Note,
        None,
        "an old form that current hosts no longer import",
        "An export of XenServer 3: each disk is a list of gzip chunks, without checksums of their own. Import \
         was removed in xapi 1.322 (2021). The chunks were checked by gzip's own CRC.",
        "Join the unpacked chunks of a disk in order of their names to get its raw image, and import that.",
    ),
    row(
        Error,
        None,
        "a chunk cannot be unpacked",
        "The gzip stream of a chunk is damaged.",
        COPY_AGAIN,
    ),
    row(
        Error,
        None,
        "a chunk is missing",
        "The chunks of a disk are numbered without gaps, and one is not there.",
        COPY_AGAIN,
    ),
    row(
        Error,
        None,
        "the chunks do not add up to the disk",
        "The unpacked chunks are more or less than the disk's size.",
        COPY_AGAIN,
    ),
    row(
        Note,
        None,
        "one disk without its VM",
        "One disk exported as `tar`, without a VM. Its size is not stored, so a missing end cannot be seen.",
        "Compare the size reached with the VDI's virtual_size.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_codes() {
        // A row out of step would give a code another code's title: pin a few along the table.
        for (code, title) in [
            (
                Code::SourceReadError,
                "the storage could not read part of the file",
            ),
            (
                Code::EnvelopeNoChecksum,
                "the zstd frames carry no content checksum",
            ),
            (Code::TarTrailingData, "bytes behind the end"),
            (
                Code::TruncatedBetweenPairs,
                "the archive ends before its last disk is complete",
            ),
            (
                Code::BlockChecksum,
                "a block's contents differ from its checksum",
            ),
            (Code::ChecksumSha1, "the checksums are SHA-1"),
            (
                Code::FirstBlockUnit,
                "the first block sets another unit than 1 MiB",
            ),
            (Code::NoDisks, "no disk data"),
            (Code::MetadataStructure, "ova.xml is no export record"),
            (Code::Sensitive, "it holds secrets of the VM"),
            (
                Code::LegacyTableUnexpected,
                "a table of sums where none belongs",
            ),
            (
                Code::MetadataOnly,
                "a metadata-only export, by what is in it",
            ),
            (Code::SnapshotLink, "a snapshot's place is broken"),
            (Code::VdiTarForm, "one disk without its VM"),
            (Code::DbCutShort, "the dump is cut short"),
            (Code::DbSchemaUnknown, "the schema's number is not known"),
            (
                Code::DbStub,
                "the stand-in of a rolling upgrade, not the database",
            ),
            (Code::DbSetSide, "both sides of a relation disagree"),
            (Code::DbSecrets, "it holds secrets"),
            (Code::RedoLogEnd, "the redo log does not end as it should"),
        ] {
            assert_eq!(code.entry().title, title, "{code}");
        }
    }

    #[test]
    fn names_are_unique_and_well_formed() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        for name in &names {
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/-".contains(&b)),
                "{name}"
            );
            assert_eq!(name.matches('/').count(), 1, "{name}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn errors_and_warnings_tell_what_to_do() {
        for &code in Code::ALL {
            let entry = code.entry();
            assert!(!entry.title.ends_with('.'), "{code}");
            assert!(entry.meaning.ends_with('.'), "{code}");
            if entry.severity > Note {
                assert_ne!(entry.advice, NOTHING, "{code}");
            }
        }
    }
}
