//! The pcapng format: sections, interfaces and three kinds of packet block.
//!
//! Every block is: type (4), total length (4), body padded to 4, total length again (4).

use super::Frame;
use crate::scenario::error::ScenarioError;
use crate::scenario::options::{Block, ByteOrder, Interface, Resolution, Scenario};
use crate::scenario::timestamp::SECOND;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// Option codes.
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;
const SHB_USERAPPL: u16 = 4;

pub(super) fn encode(frames: &[Frame], scenario: &Scenario) -> Result<Vec<u8>, ScenarioError> {
    let single = [scenario.file.byte_order];
    let orders = if scenario.file.sections.is_empty() { &single[..] } else { &scenario.file.sections };
    let share = frames.len().div_ceil(orders.len()).max(1);
    let mut parts = frames.chunks(share);
    let mut out = Vec::new();
    for order in orders {
        let mut section = Section { out: &mut out, order: *order };
        section.header();
        for interface in &scenario.interfaces {
            section.interface(interface);
        }
        for frame in parts.next().unwrap_or_default() {
            section.packet(frame, scenario.interface(frame.interface)?, scenario.file.blocks);
        }
    }
    Ok(out)
}

struct Section<'a> {
    out: &'a mut Vec<u8>,
    order: ByteOrder,
}

impl Section<'_> {
    fn header(&mut self) {
        let mut body = Vec::new();
        self.u32(&mut body, 0x1a2b_3c4d);
        self.u16(&mut body, 1);
        self.u16(&mut body, 0);
        // Length of the section: not told.
        body.extend_from_slice(&[0xff; 8]);
        self.option(&mut body, SHB_USERAPPL, b"scenario builder");
        self.option(&mut body, 0, b"");
        self.block(SECTION_HEADER, &body);
    }

    fn interface(&mut self, interface: &Interface) {
        let mut body = Vec::new();
        self.u16(&mut body, interface.link.number());
        self.u16(&mut body, 0);
        self.u32(&mut body, interface.snaplen);
        self.option(&mut body, IF_NAME, interface.name.as_bytes());
        let resolution = match interface.resolution {
            Resolution::Micro => 6,
            Resolution::Nano => 9,
            Resolution::Binary => 0x80 | 20,
        };
        self.option(&mut body, IF_TSRESOL, &[resolution]);
        if interface.time_offset_s != 0 {
            let offset = u64::from(interface.time_offset_s);
            let bytes = match self.order {
                ByteOrder::Little => offset.to_le_bytes(),
                ByteOrder::Big => offset.to_be_bytes(),
            };
            self.option(&mut body, IF_TSOFFSET, &bytes);
        }
        self.option(&mut body, 0, b"");
        self.block(INTERFACE_DESCRIPTION, &body);
    }

    fn packet(&mut self, frame: &Frame, interface: &Interface, block: Block) {
        let kept = frame.kept(interface.snaplen);
        let captured = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let shifted = frame.time.saturating_sub(u64::from(interface.time_offset_s) * SECOND);
        let (seconds, rest) = interface.resolution.split(shifted);
        let stamp = seconds * interface.resolution.per_second() + rest;
        let (high, low) = (u32::try_from(stamp >> 32).unwrap_or(0), u32::try_from(stamp & 0xffff_ffff).unwrap_or(0));
        let number = u32::try_from(frame.interface).unwrap_or(0);
        let mut body = Vec::with_capacity(kept.len() + 24);
        let kind = match block {
            Block::Enhanced => {
                for word in [number, high, low, captured, frame.length()] {
                    self.u32(&mut body, word);
                }
                ENHANCED_PACKET
            }
            Block::Simple => {
                self.u32(&mut body, frame.length());
                SIMPLE_PACKET
            }
            Block::Obsolete => {
                self.u16(&mut body, u16::try_from(number).unwrap_or(0));
                // Packets lost between this one and the one before: not told.
                self.u16(&mut body, 0xffff);
                for word in [high, low, captured, frame.length()] {
                    self.u32(&mut body, word);
                }
                OBSOLETE_PACKET
            }
        };
        body.extend_from_slice(kept);
        self.block(kind, &body);
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let padding = body.len().next_multiple_of(4) - body.len();
        let total = u32::try_from(12 + body.len() + padding).unwrap_or(u32::MAX);
        let mut block = Vec::with_capacity(body.len() + 15);
        self.u32(&mut block, kind);
        self.u32(&mut block, total);
        block.extend_from_slice(body);
        block.resize(block.len() + padding, 0);
        self.u32(&mut block, total);
        self.out.extend_from_slice(&block);
    }

    fn option(&self, body: &mut Vec<u8>, code: u16, value: &[u8]) {
        self.u16(body, code);
        self.u16(body, u16::try_from(value.len()).unwrap_or(0));
        body.extend_from_slice(value);
        body.resize(body.len().next_multiple_of(4), 0);
    }

    fn u16(&self, out: &mut Vec<u8>, value: u16) {
        out.extend_from_slice(&match self.order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        });
    }

    fn u32(&self, out: &mut Vec<u8>, value: u32) {
        out.extend_from_slice(&match self.order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        });
    }
}
