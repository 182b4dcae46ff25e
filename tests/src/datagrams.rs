//! Captures of UDP: what two programs say to each other, among other datagrams.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that asks for too long a datagram must fail")]

/// A capture of IP packets.
pub struct Capture(pub Vec<u8>);

/// Last number of an address.
pub const ANN: u8 = 1;
/// Last number of an address.
pub const BOB: u8 = 2;
/// Last number of an address.
pub const OTHER: u8 = 3;

impl Capture {
    /// Nothing in it.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a file without head would be no capture")]
    pub fn new() -> Self {
        let head: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 101];
        Self(head.iter().flat_map(|word| word.to_le_bytes()).collect())
    }

    /// A datagram, of which the last bytes may be cut off.
    pub fn udp(&mut self, (from, from_port): (u8, u16), (to, to_port): (u8, u16), payload: &[u8], cut: usize) {
        let number = u32::try_from(self.0.len()).unwrap();
        let length = u16::try_from(payload.len() + 8).unwrap();
        let mut packet = vec![0x45, 0];
        packet.extend((length + 20).to_be_bytes());
        packet.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, from, 192, 0, 2, to]);
        packet.extend([from_port, to_port, length, 0].iter().flat_map(|number| number.to_be_bytes()));
        packet.extend(payload);
        let whole = u32::try_from(packet.len()).unwrap();
        packet.truncate(packet.len() - cut);
        let head = [1_100_000_000 + number, 0, u32::try_from(packet.len()).unwrap(), whole];
        self.0.extend(head.iter().flat_map(|word| word.to_le_bytes()));
        self.0.extend(packet);
    }

    /// A packet between two programs.
    pub fn between(&mut self, from_ann: bool, packet: &[u8]) {
        let (ann, bob) = ((ANN, 6901), (BOB, 6902));
        let (from, to) = if from_ann { (ann, bob) } else { (bob, ann) };
        self.udp(from, to, &framed(packet), 0);
    }
}

/// Behind the head of a datagram.
#[must_use]
pub fn framed(packet: &[u8]) -> Vec<u8> {
    let mut head = vec![0; 20];
    (head[0], head[4]) = (7, 9);
    [head, packet.to_vec()].concat()
}

/// A packet of version 1.
#[must_use]
pub fn packet(session: u32, identifier: u32, flags: u32, (offset, total): (usize, usize), data: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    packet.extend(session.to_le_bytes());
    packet.extend(identifier.to_le_bytes());
    packet.extend((offset as u64).to_le_bytes());
    packet.extend((total as u64).to_le_bytes());
    packet.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    packet.extend(flags.to_le_bytes());
    packet.extend([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    packet.extend(data);
    packet
}
