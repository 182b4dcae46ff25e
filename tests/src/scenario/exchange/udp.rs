//! A connection of their own over UDP: the questions whether it is open, and the head before each packet.

/// `binding request` or `binding response` of STUN, with the number by which both belong together.
pub(super) fn question(number: u32, seen_at: Option<([u8; 4], u16)>) -> Vec<u8> {
    let attribute = seen_at.map(|(address, port)| {
        let mut bytes = vec![0, 1, 0, 8, 0, 1];
        bytes.extend_from_slice(&port.to_be_bytes());
        bytes.extend_from_slice(&address);
        bytes
    });
    let attribute = attribute.unwrap_or_default();
    let kind: u16 = if attribute.is_empty() { 0x0001 } else { 0x0101 };
    let length = u16::try_from(attribute.len()).unwrap_or(u16::MAX);
    let mut bytes = [kind.to_be_bytes(), length.to_be_bytes()].concat();
    bytes.extend_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(&attribute);
    bytes
}

/// The 20 bytes before a packet.
pub(super) fn head(local: u32, remote: u32, session: u32) -> Vec<u8> {
    [local, remote, session, 0, 0].iter().flat_map(|word| word.to_le_bytes()).collect()
}
