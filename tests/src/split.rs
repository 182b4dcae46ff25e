//! One capture as several, as if it had been recorded in several places.

/// Length of the header of a pcap file, and of that of a packet in it.
const HEADER: usize = 24;
const RECORD: usize = 16;

/// Deals the packets of a pcap file (little-endian) out to so many files, one after the other; those of one moment stay
/// together, so that there is but one way to put them into order again.
///
/// # Panics
/// When it is no such file.
#[must_use]
#[allow(clippy::panic, reason = "a test that cannot go on must fail")]
pub fn split(pcap: &[u8], into: usize) -> Vec<Vec<u8>> {
    let Some((header, mut rest)) = pcap.split_at_checked(HEADER) else { panic!("no pcap file") };
    let mut files = vec![header.to_vec(); into];
    let (mut moment, mut turn) = (None, 0);
    while let Some(length) = rest.get(8..12).and_then(|field| field.try_into().ok()).map(u32::from_le_bytes) {
        let Some((record, after)) = rest.split_at_checked(RECORD + length as usize) else { panic!("a cut pcap file") };
        if moment.is_some_and(|before| before != record.get(..8)) {
            turn += 1;
        }
        moment = Some(record.get(..8));
        if let Some(file) = files.get_mut(turn % into) {
            file.extend_from_slice(record);
        }
        rest = after;
    }
    files
}
