//! The framer as whoever feeds it sees it: which pieces a PDU came in, and that it comes as soon as it can.

use msnp_dissector::msnp::{Direction, Framer, Pieces, framing::Sync};

/// A PDU that is told: its bytes, its mark, the pieces that reach into it.
type Told = (String, u8, Vec<(usize, u8)>);

/// What is told at each push.
fn told(sync: Sync, pushes: &[&str]) -> Vec<Vec<Told>> {
    let mut framer = Framer::new(Direction::ToClient, sync);
    let mut push = |(bytes, mark): (&&str, u8)| {
        let mut told = Vec::new();
        framer.push(bytes.as_bytes(), mark, &mut |framed| {
            let text = String::from_utf8_lossy(framed.pdu.bytes).into_owned();
            told.push((text, framed.mark, framed.pieces.within(framed.pdu.bytes.len())));
        });
        told
    };
    pushes.iter().zip(1..).map(&mut push).collect()
}

#[test]
fn pieces_are_those_that_reach_into_the_pdu() {
    let got = told(Sync::Kept, &["MSG a b 5\r\nhe", "lloQNG\r\n", "OUT\r", "\n"]);
    let pdu = |text: &str, mark, pieces: &[(usize, u8)]| (text.to_owned(), mark, pieces.to_vec());
    assert_eq!(got[0], []);
    // The second piece ends five bytes behind the first PDU.
    assert_eq!(got[1], [pdu("MSG a b 5\r\nhello", 2, &[(13, 1), (21, 2)]), pdu("QNG\r\n", 2, &[(5, 2)])]);
    assert_eq!(got[2..], [vec![], vec![pdu("OUT\r\n", 4, &[(4, 3), (5, 4)])]]);
    // A piece that begins where the PDU ends has nothing of it.
    assert_eq!(Pieces::of(&[(2, 'a'), (5, 'b'), (9, 'c')]).within(5), [(2, 'a'), (5, 'b')]);
}

/// What is passed over in front of a command counts once in what is waited for, whichever way the command is cut.
#[test]
fn a_command_behind_bytes_that_are_none_comes_with_its_last_byte() {
    let (noise, command) = ("\u{1}\u{2} no command at all\r\n", "MSG bob@example.com Bob 100\r\n");
    let payload = "x".repeat(100);
    let whole = format!("{noise}{command}{payload}");
    for cut in [1, noise.len(), noise.len() + command.len(), whole.len() - 1] {
        let (first, second) = whole.split_at(cut);
        let got = told(Sync::Lost, &[first, second]);
        assert!(!got[0].iter().any(|(text, ..)| text.starts_with("MSG")), "cut at {cut}");
        assert!(got[1].iter().any(|(text, ..)| *text == whole[noise.len()..]), "cut at {cut}: {got:?}");
    }
}

/// The piece with the end of the last line that is none completes what is passed over, not the one that tells that it is.
#[test]
fn bytes_that_are_no_command_are_complete_with_their_line() {
    let got = told(Sync::Lost, &["\u{1} one\r\n", "\u{2} two\r\n", "MSG bob@example.com Bob 2\r\nhi"]);
    assert_eq!((&got[0], &got[1]), (&vec![], &vec![]));
    let marks = got[2].iter().map(|(text, mark, _)| (text.as_str(), *mark)).collect::<Vec<_>>();
    assert_eq!(marks, [("\u{1} one\r\n\u{2} two\r\n", 2), ("MSG bob@example.com Bob 2\r\nhi", 3)]);
}

/// A blank line behind bytes that are none belongs to them; one before a command belongs to nothing.
#[test]
fn blank_lines_are_passed_over_with_what_stands_before() {
    let bytes = "\r\n\u{1} one\r\n\r\n\u{2} two\r\n\r\nMSG bob@example.com Bob 2\r\nhi";
    let got = told(Sync::Lost, &[bytes]).remove(0).into_iter().map(|(text, ..)| text).collect::<Vec<_>>();
    assert_eq!(got, ["\u{1} one\r\n\r\n\u{2} two\r\n\r\n", "MSG bob@example.com Bob 2\r\nhi"]);
}
