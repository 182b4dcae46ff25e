//! Excerpts are captures for Wireshark too: the same packets, with the same times and lengths.

use msnp_dissector::capture::{CaptureReader, Packet};
use msnp_dissector::excerpt::{Excerpt, Next};
use msnp_tests::cases;
use msnp_tests::scenario;
use msnp_tests::scenario::options::{Block, ByteOrder, Compression, Container, FileForm};

use crate::tool::Tshark;

fn excerpt(file: &[u8]) -> Vec<u8> {
    let mut excerpt = Excerpt::new(|command| command.pdu.bytes.starts_with(b"MSG "));
    let mut out = Vec::new();
    loop {
        excerpt.push(file, &mut out).unwrap();
        match excerpt.finish(&mut out).unwrap() {
            Next::Read => {}
            Next::Rewrite => out.clear(),
            Next::Done(saved) => {
                assert!(saved.commands > 3 && saved.lost == 0, "{saved:?}");
                return out;
            }
        }
    }
}

fn lengths(file: &[u8]) -> Vec<String> {
    let (mut reader, mut all) = (CaptureReader::new(), Vec::new());
    let mut note = |packet: &Packet<'_>| {
        let time = packet.time.recorded().map(|time| format!("{}.{:09}", time.seconds, time.nanos));
        all.push(format!("{} {} {}", time.unwrap_or_default(), packet.bytes.len(), packet.original_len));
    };
    reader.push(file, &mut note).unwrap();
    reader.finish(&mut note).unwrap();
    all
}

#[test]
fn wireshark_opens_excerpts_of_every_kind_of_capture() {
    let Some(tshark) = Tshark::find() else { return };
    let form = |container, byte_order, sections: &[ByteOrder], blocks, compression| FileForm {
        container,
        byte_order,
        sections: sections.to_vec(),
        blocks,
        compression,
        cut_last_bytes: 0,
    };
    let (little, big) = (ByteOrder::Little, ByteOrder::Big);
    let forms = [
        form(Container::Pcap, little, &[], Block::Enhanced, Compression::None),
        form(Container::Pcap, big, &[], Block::Enhanced, Compression::Gzip),
        form(Container::Pcapng, little, &[], Block::Enhanced, Compression::Zstd),
        form(Container::Pcapng, big, &[], Block::Obsolete, Compression::None),
        form(Container::Pcapng, little, &[little, big, little], Block::Enhanced, Compression::None),
        form(Container::Pcapng, big, &[], Block::Simple, Compression::None),
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let mut transcript = cases::named("msnp8-chat-two-interfaces").unwrap();
        if form.container == Container::Pcap || form.blocks == Block::Simple {
            transcript = cases::named("msnp8-signin-chat").unwrap();
        }
        let untimed = form.blocks == Block::Simple;
        transcript.scenario.file = form;
        let out = excerpt(&scenario::build(&transcript).unwrap());
        let path = tshark.file(&format!("excerpt-{number}"), &out).to_string_lossy().into_owned();
        let fields = ["-e", "frame.time_epoch", "-e", "frame.cap_len", "-e", "frame.len"];
        let mut arguments = vec!["-r", &path, "-T", "fields", "-E", "separator=/s"];
        arguments.extend(fields);
        let shown = tshark.run(&arguments);
        let shown = shown.lines().map(|line| if untimed { line.trim_start() } else { line });
        let ours = lengths(&out);
        let ours = ours.iter().map(|line| line.trim_start()).collect::<Vec<_>>();
        assert!(ours.len() > 6, "{number}");
        assert_eq!(shown.map(str::trim_start).collect::<Vec<_>>(), ours, "{number}");
    }
}
