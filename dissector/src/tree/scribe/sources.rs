//! Bytes that stand in no packet as they are: decoded, or put together from several PDUs.

use super::{DEPTH_CEILING, Recording, Scribe};
use crate::tree::{Assembly, Piece, Source, Span, Text};

impl<'f> Scribe<'_, 'f> {
    /// Runs `body` on derived bytes, which become a further source; its items stand one level below the current one.
    pub fn within<T>(
        &mut self,
        name: Text,
        from: Span,
        bytes: Vec<u8>,
        body: impl FnOnce(&mut Scribe<'_, 'f>) -> T,
    ) -> T {
        self.derived(name, vec![Piece::own(from)], bytes, body)
    }

    /// Runs `body` on bytes that the PDU completes; as [`Scribe::within`], but they come from several PDUs.
    pub fn assembled<T>(&mut self, name: Text, assembly: &Assembly, body: impl FnOnce(&mut Scribe<'_, 'f>) -> T) -> T {
        self.derived(name, assembly.pieces.clone(), assembly.bytes.clone(), body)
    }

    fn derived<T>(
        &mut self,
        name: Text,
        from: Vec<Piece>,
        bytes: Vec<u8>,
        body: impl FnOnce(&mut Scribe<'_, 'f>) -> T,
    ) -> T {
        let Ok(source) = u16::try_from(self.out.sources.len().saturating_add(1)) else {
            return body(&mut Scribe::new(&bytes, Recording::Nothing));
        };
        self.out.sources.push(Source { name, bytes: Vec::new(), from });
        let mut inner = Scribe {
            bytes: &bytes,
            source,
            position: 0,
            end: bytes.len(),
            depth: self.depth.saturating_add(1).min(DEPTH_CEILING),
            recording: self.recording,
            last: None,
            out: std::mem::take(&mut self.out),
        };
        let result = body(&mut inner);
        self.last = inner.last;
        self.out = inner.out;
        if let Some(slot) = self.out.sources.get_mut(usize::from(source).saturating_sub(1)) {
            slot.bytes = bytes;
        }
        result
    }
}
