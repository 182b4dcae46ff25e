//! How long MSNP is looked for on a connection that nobody else claims: the library's rule.
//!
//! Where the beginning was captured, the first words of either side decide. Where it is missing, a command may begin with any
//! of the first segments of a direction. Then nobody asks any more; a later look gives each frame the same answer as the
//! first, so that all looks tell the same.

use std::collections::HashMap;

use msnp_dissector::msnp::Dialogue;
use msnp_dissector::msnp::detection::AMID_SEGMENTS;
use msnp_dissector::tunnel;

use crate::claim::Claim;
use crate::memory::{Handshake, Segment};

/// A segment that nobody claims.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What it carries.
    pub bytes: &'a [u8],
    /// Number of its frame.
    pub frame: u32,
    /// The conversation, by its address.
    pub conversation: usize,
    /// It goes from the lower port to the higher one.
    pub upwards: bool,
    /// Where it stands in the stream; `None` when nobody told.
    pub segment: Option<Segment>,
    /// What was captured of the connection's beginning.
    pub handshake: Handshake,
}

/// The conversations on which MSNP was looked for and not found yet.
#[derive(Debug, Default)]
pub struct Searches(HashMap<usize, Search>);

#[derive(Debug, Default)]
struct Search {
    /// Segments of each direction so far.
    segments: [usize; 2],
    /// The first words are to a proxy: what it lets through comes later.
    through_proxy: bool,
    last_frame: u32,
    /// From this frame on nothing is looked for.
    over: Option<u32>,
}

impl Searches {
    /// Whether a segment is ours; `claim` says so by what it carries.
    pub fn ask(&mut self, asked: &Asked<'_>, claim: fn(&[u8]) -> Claim) -> Claim {
        let search = self.0.entry(asked.conversation).or_default();
        if search.over.is_some_and(|frame| asked.frame > frame) {
            return Claim::Others;
        }
        let found = claim(asked.bytes);
        if asked.frame > search.last_frame {
            search.last_frame = asked.frame;
            search.take(asked, &found);
        }
        found
    }
}

impl Search {
    /// Takes note of a segment that is seen for the first time.
    fn take(&mut self, asked: &Asked<'_>, found: &Claim) {
        let [down, up] = &mut self.segments;
        let segments = if asked.upwards { up } else { down };
        *segments = segments.saturating_add(1);
        let first = asked.segment.is_some_and(|segment| segment.first);
        let begins = first && asked.handshake != Handshake::Missing;
        self.through_proxy |= begins && tunnel::detect(asked.bytes) != tunnel::Detection::No;
        let decided = begins && !self.through_proxy && !Dialogue::may_be_between_peers(asked.bytes);
        if matches!(found, Claim::Others) && (decided || *segments >= AMID_SEGMENTS) {
            self.over = Some(asked.frame);
        }
    }
}
