//! What the walker is willing to hold and to believe. Not here: the rules that say which member
//! names belong to which kind of archive; those come in as a [`Belief`].

/// Says whether a header with this name and this payload size is believable for the kind of
/// archive at hand.
///
/// It is asked in three places: for a header whose own checksum is wrong (a believable plain file
/// is still handed out), while looking for the next header after damage, and for headers behind
/// the end marker. Names of extension headers (`././@LongLink`, pax headers) are shown to it as
/// they are while looking for the next header.
///
/// It should bound the size as closely as the format does: a damaged size that is believed takes
/// the walk past the members it covers.
pub type Belief = fn(name: &[u8], size: u64) -> bool;

/// Bounds on what one archive can make the walker do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest payload of one extension header (pax `x`/`g`, GNU `L`/`K`) that is asked for, in
    /// bytes. Longer ones are passed by.
    pub extension_bytes: usize,
    /// How many extension headers in a row are followed before a member must come.
    pub pending_extensions: usize,
    /// Up to this many bytes, the payload size in a damaged header is taken as a hint where the
    /// next header is. If it is the size that is damaged, members up to there are lost; so this
    /// should be no more than the format's largest payload.
    pub believed_payload: u64,
    /// How many extension blocks of an old-GNU sparse map are followed for one member.
    pub sparse_blocks: usize,
    /// How many oddities are kept between two calls of
    /// [`take_oddities`](super::Walker::take_oddities); the rest are only counted.
    pub kept_oddities: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            extension_bytes: 1 << 20,
            pending_extensions: 16,
            believed_payload: 16 << 20,
            sparse_blocks: 4096,
            kept_oddities: 1024,
        }
    }
}
