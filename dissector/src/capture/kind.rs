//! What a file is, judged by its first bytes, when it is not a capture.
//!
//! In come the first bytes of a file (or of what gzip or Zstandard held); out goes a [`FileKind`], so that a person who
//! dropped the wrong file learns what it was. Guesses from the bytes alone: file names are not known here.

/// What surrounded the bytes that were judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrapping {
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstandard,
}

impl Wrapping {
    /// The format's own name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Wrapping::Gzip => "gzip",
            Wrapping::Zstandard => "Zstandard",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What a file that is not a capture looks like.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FileKind { $($(#[$doc])* $kind,)+ }

        impl FileKind {
            /// A noun phrase for it, article included: "a PNG picture".
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(FileKind::$kind => $name,)+ }
            }

            /// A stable key for catalogues and JSON: the variant's name.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(FileKind::$kind => stringify!($kind),)+ }
            }
        }
    };
}

kinds! {
    /// No bytes at all.
    Empty = "an empty file",
    /// Nothing but zero bytes so far.
    Zeros = "a file of zero bytes",
    /// PNG picture.
    Png = "a PNG picture",
    /// JPEG picture.
    Jpeg = "a JPEG picture",
    /// GIF picture.
    Gif = "a GIF picture",
    /// PDF document.
    Pdf = "a PDF document",
    /// Zip archive (also office documents and APKs).
    Zip = "a zip archive",
    /// RAR archive.
    Rar = "a RAR archive",
    /// 7-Zip archive.
    SevenZip = "a 7-Zip archive",
    /// tar archive.
    Tar = "a tar archive",
    /// bzip2 stream.
    Bzip2 = "a bzip2 file",
    /// xz stream.
    Xz = "an xz file",
    /// LZ4 frame.
    Lz4 = "an LZ4 file",
    /// gzip inside another wrapping.
    Gzip = "another gzip file",
    /// Zstandard inside another wrapping.
    Zstandard = "another Zstandard file",
    /// ELF program or library.
    Elf = "a Linux program",
    /// Windows program or library.
    Exe = "a Windows program",
    /// WebAssembly module.
    Wasm = "a WebAssembly module",
    /// SQLite database (some messengers keep their history so).
    Sqlite = "an SQLite database",
    /// Legacy compound document (old office files).
    CompoundDocument = "an old Office document",
    /// HTML page.
    Html = "an HTML page",
    /// MSN Messenger's own conversation history (XML).
    MessengerHistory = "a conversation history saved by Messenger",
    /// PDML: Wireshark's XML export of a dissection.
    Pdml = "a dissection exported by Wireshark (PDML)",
    /// Any other XML document.
    Xml = "an XML document",
    /// JSON text.
    Json = "a JSON text",
    /// snoop capture (Solaris, RFC 1761).
    Snoop = "a snoop capture",
    /// Microsoft Network Monitor capture.
    NetMon = "a Network Monitor capture",
    /// Event trace log of Windows.
    Etl = "a Windows event trace",
    /// NetXRay / Sniffer capture for Windows.
    NetXRay = "a NetXRay capture",
    /// Sniffer capture for DOS.
    Sniffer = "a Sniffer capture",
    /// pcap whose byte order or variant is not supported.
    PcapVariant = "a pcap file of an unusual variant",
    /// Plain text.
    Text = "a text file",
    /// Nothing known.
    Unknown = "a file of unknown kind",
}

/// Signatures at the start of a file, the more specific ones first.
#[rustfmt::skip]
const SIGNATURES: &[(&[u8], FileKind)] = &[
    (b"\x89PNG\r\n\x1a\n",              FileKind::Png),
    (b"\xff\xd8\xff",                   FileKind::Jpeg),
    (b"GIF8",                           FileKind::Gif),
    (b"%PDF-",                          FileKind::Pdf),
    (b"PK\x03\x04",                     FileKind::Zip),
    (b"PK\x05\x06",                     FileKind::Zip),
    (b"Rar!\x1a\x07",                   FileKind::Rar),
    (b"7z\xbc\xaf\x27\x1c",             FileKind::SevenZip),
    (b"BZh",                            FileKind::Bzip2),
    (b"\xfd7zXZ\0",                     FileKind::Xz),
    (b"\x04\x22\x4d\x18",               FileKind::Lz4),
    (b"\x1f\x8b",                       FileKind::Gzip),
    (b"\x28\xb5\x2f\xfd",               FileKind::Zstandard),
    (b"\x7fELF",                        FileKind::Elf),
    (b"MZ",                             FileKind::Exe),
    (b"\0asm",                          FileKind::Wasm),
    (b"SQLite format 3\0",              FileKind::Sqlite),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::CompoundDocument),
    (b"snoop\0\0\0",                    FileKind::Snoop),
    (b"GMBU",                           FileKind::NetMon),
    (b"RTSS",                           FileKind::NetMon),
    (b"XCP\0",                          FileKind::NetXRay),
    (b"TRSNIFF data",                   FileKind::Sniffer),
    (b"\xa1\xb2\xcd\x34",               FileKind::PcapVariant),
    (b"\x0a\x0d\x0d\x0a",               FileKind::PcapVariant),
];

/// The beginning a judgement may need: a tar archive shows itself at byte 257.
pub(super) const HEAD: usize = 512;

/// Judges a file by its first bytes (up to 512 are looked at).
#[must_use]
pub fn look(head: &[u8]) -> FileKind {
    let head = head.get(..HEAD).unwrap_or(head);
    if head.is_empty() {
        return FileKind::Empty;
    }
    if let Some((_, kind)) = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if head.get(257..262) == Some(b"ustar") {
        return FileKind::Tar;
    }
    if head.iter().all(|byte| *byte == 0) {
        return FileKind::Zeros;
    }
    text(head).unwrap_or(FileKind::Unknown)
}

/// Judges text: what kind of text it is, or `None` when it is none. UTF-16 counts when it has its byte order mark.
fn text(head: &[u8]) -> Option<FileKind> {
    let plain: Vec<u8> = match head {
        [0xff, 0xfe, rest @ ..] => rest.iter().step_by(2).copied().collect(),
        [0xfe, 0xff, rest @ ..] => rest.iter().skip(1).step_by(2).copied().collect(),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        _ => head.to_vec(),
    };
    if plain.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)) {
        return None;
    }
    let lower = plain.trim_ascii_start().to_ascii_lowercase();
    let has = |needle: &[u8]| memchr::memmem::find(&lower, needle).is_some();
    let kind = match lower.first() {
        Some(b'<') if has(b"<html") || has(b"<!doctype html") => FileKind::Html,
        Some(b'<') if has(b"messagelog.xsl") || has(b"<log firstsessionid") => FileKind::MessengerHistory,
        Some(b'<') if has(b"<pdml") => FileKind::Pdml,
        Some(b'<') => FileKind::Xml,
        Some(b'{' | b'[') => FileKind::Json,
        _ => FileKind::Text,
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_people_drop_by_mistake_are_told_apart() {
        let mut tar = vec![b'a'; 300];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], FileKind); 12] = [
            (b"", FileKind::Empty),
            (b"\0\0\0\0", FileKind::Zeros),
            (b"\x89PNG\r\n\x1a\n....", FileKind::Png),
            (&tar, FileKind::Tar),
            (b"  <!DOCTYPE html>", FileKind::Html),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?><pdml>", FileKind::Pdml),
            (b"<?xml version=\"1.0\"?>\n<?xml-stylesheet href='MessageLog.xsl'?>\n<Log>", FileKind::MessengerHistory),
            (b"\xff\xfe<\0a\0>\0", FileKind::Xml),
            (b"{\"a\":1}", FileKind::Json),
            (b"VER 1 MSNP8 CVR0\r\n", FileKind::Text),
            (b"\x7fELF\x02\x01", FileKind::Elf),
            (b"\x01\x02\x03\x04", FileKind::Unknown),
        ];
        for (head, kind) in cases {
            assert_eq!(look(head), kind, "{head:02x?}");
        }
    }
}
