//! The language by example, its faults, and laws over arbitrary text.

use std::net::SocketAddr;

use proptest::prelude::*;

use super::*;
use crate::analysis::Place;
use crate::capture::Timestamp;
use crate::msnp::{Context, Direction, Pdu};
use crate::tree::Catalogue;

/// What a client or server says, as the third packet of a capture, two seconds and a half after its beginning.
pub(super) fn with<T>(direction: Direction, bytes: &[u8], ask: impl FnOnce(&Command<'_>) -> T) -> T {
    let line = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    let (client, server): (SocketAddr, SocketAddr) =
        ("192.0.2.7:1044".parse().unwrap(), "198.51.100.9:1863".parse().unwrap());
    let (source, destination) = if direction == Direction::ToServer { (client, server) } else { (server, client) };
    let begin = Timestamp::new(1_124_046_190, 0, 6);
    ask(&Command {
        number: 12,
        frame: 3,
        time: Timestamp::new(1_124_046_192, 500_000_000, 6),
        begin,
        stream: 4,
        tcp_stream: 4,
        tunnel: None,
        source,
        destination,
        context: Context { direction, ..Context::default() },
        request: None,
        room: None,
        pdu: Pdu::command(bytes, line, direction),
        place: Place::default(),
    })
}

fn holds(filter: &str, direction: Direction, bytes: &[u8]) -> bool {
    let filter = Filter::parse(filter).unwrap_or_else(|fault| panic!("{filter}: {fault:?}"));
    with(direction, bytes, |command| {
        let whole = filter.matches(command, &NoIndex);
        let facts = filter.expression.holds(&Facts { command, index: &NoIndex });
        assert!(facts.is_none_or(|facts| facts == whole));
        whole
    })
}

const MESSAGE: &[u8] = b"MSG alice@example.com Al%C3%ACce 90\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nIl gatto \xc3\xa8 sul tavolo, 12 ore";
const VERSIONS: &[u8] = b"VER 7 MSNP9 MSNP8 CVR0\r\n";

#[test]
fn expressions_mean_what_they_mean_in_wireshark() {
    let cases = [
        (r#"msnp.verb == "MSG""#, true),
        (r#"msnp.verb eq MSG"#, true),
        (r#"msnp.verb == "msg""#, false),
        (r#"msnp.verb != "MSG""#, false),
        (r#"msnp.verb in {"ACK", "MSG"}"#, true),
        (r#"msnp.verb not in {"ACK" "NAK"}"#, true),
        (r#"msnp.verb in {"A".."N"}"#, true),
        ("msnp.trid", false),
        ("msnp.trid != 5", false),
        ("!(msnp.trid == 5)", true),
        (r#"msnp.account contains "alice""#, true),
        (r#"msnp.account contains "Alice""#, false),
        (r#"msnp.account matches "^ALICE@""#, true),
        (r#"msnp.account ~ "^bob""#, false),
        (r#"lower(msnp.nick) == "alìce""#, true),
        (r#"upper(msnp.nick) contains "ALÌ""#, true),
        ("len(msnp.nick) == 5", true),
        ("count(msnp.account) == 1 and count(msnp.trid) == 0", false),
        ("msnp.length in {80..100}", true),
        ("msnp.length >= 0x5a && msnp.length <= 90", true),
        ("msnp.payload && !msnp.payload.data", true),
        ("msnp", true),
        ("msnp.number == 12 && frame.number == 3 && tcp.stream == 4 && msnp.connection == 4", true),
        ("tcp.srcport == 1863 && tcp.dstport == 1044 && tcp.port == 1044 && !udp.port", true),
        ("tcp.port != 1863", false),
        ("tcp.port !== 1863", true),
        ("ip.src == 198.51.100.0/24 and ip.dst == 192.0.2.7 and not ipv6.addr", true),
        (r#"frame.time >= "2005-08-14 19:03:12" and frame.time < "2005-08-14 19:03:13""#, true),
        ("frame.time_relative == 2.5 && frame.time_epoch > 1124046192.25", true),
        ("_ws.expert.severity >= Warning", false),
        ("msnp.expert.wrong-direction", false),
        ("gatto", true),
        ("GATTO tavolo", true),
        ("gatto cane", false),
        ("gatto and not cane", true),
        (r#""è sul TAVOLO""#, true),
        ("alice@example.com", true),
        ("alìce", true),
        ("text/plain", true),
        (r#"msnp.verb == "ACK" or (tavolo and msnp.verb == "MSG")"#, true),
        (r#"msnp.verb == "ACK" || msnp.verb == "MSG" && cane"#, false),
        (r#"gatto xor tavolo"#, false),
        (r#"gatto ^^ tavolo ^^ ore"#, true),
        ("msnp.mime.content_type", true),
    ];
    for (filter, expected) in cases {
        assert_eq!(holds(filter, Direction::ToClient, MESSAGE), expected, "{filter}");
    }
    let cases = [
        ("msnp.trid == 7", true),
        ("msnp.trid === 7 && msnp.trid all_eq 7 && msnp.trid any_ne 8 && msnp.trid > 6 && msnp.trid lt 8", true),
        ("not not msnp.trid", true),
        ("msnp.dialect == MSNP9 && msnp.dialect == MSNP8", true),
        ("msnp.dialect === MSNP9", false),
        ("count(msnp.dialect) == 2", true),
        ("tcp.dstport == 1863", true),
    ];
    for (filter, expected) in cases {
        assert_eq!(holds(filter, Direction::ToServer, VERSIONS), expected, "{filter}");
    }
    assert!(holds("msnp.expert.wrong-direction and _ws.expert", Direction::ToServer, b"JOI a@example.com A\r\n"));
    assert!(holds("_ws.expert.severity == \"warning\"", Direction::ToServer, b"JOI a@example.com A\r\n"));
}

/// The sentence and what it points at.
fn fault(text: &str) -> (String, &str) {
    let fault = Filter::parse(text).map(|filter| panic!("{text}: {filter:?}")).unwrap_err();
    (Catalogue::english().render(&fault.text), &text[fault.at])
}

#[test]
fn faults_point_at_the_character_and_say_what_to_write() {
    let cases = [
        ("msnp.verbs == \"MSG\"", "msnp.verbs", "“msnp.verbs” is not a field. Did you mean “msnp.verb”?"),
        ("a and msnp.qqqq.zzzz", "msnp.qqqq.zzzz", "“msnp.qqqq.zzzz” is not a field."),
        ("verb == \"MSG\"", "verb", "“verb” is not a field."),
        ("msnp.verb = \"MSG\"", "=", "“=” is written twice: “==”."),
        ("a & b", "&", "“&” is written twice: “&&”."),
        ("msnp.verb == \"MSG", "\"MSG", "The quotation mark that opens here is never closed."),
        ("msnp.verb ==", "", "Expected a value to compare with, found the end."),
        ("", "", "Expected a field or a word to search for, found the end."),
        ("a and", "", "Expected a field or a word to search for, found the end."),
        ("(a or b", "", "Expected “)”, found the end."),
        ("a )", ")", "Expected “and”, “or” or the end, found “)”."),
        ("msnp.trid == 5 msnp.verb", "msnp.verb", "Expected “and”, “or” or the end, found “msnp.verb”."),
        ("msnp.trid == five", "five", "“five” is not a number, and msnp.trid is."),
        ("msnp.trid in {1..x}", "x", "“x” is not a number, and msnp.trid is."),
        ("msnp.trid in {}", "}", "Expected a value to compare with, found “}”."),
        ("msnp.trid contains 5", "contains", "Only texts and bytes can be searched, and msnp.trid is neither."),
        ("len(msnp.trid) == 5", "msnp.trid", "Only texts and bytes can be searched, and msnp.trid is neither."),
        ("msnp.payload == 5", "msnp.payload", "msnp.payload has no value of its own: it occurs, or it does not."),
        ("frame.time > noon", "noon", "“noon” is not a time, as in \"2004-02-11 18:30:04\" (UTC)."),
        ("ip.addr == home", "home", "“home” is not an address, as in 192.0.2.1 or 192.0.2.0/24."),
        ("msnp.payload.data == xyz", "xyz", "“xyz” are not bytes, as in 4d:53:47 or \"MSG\"."),
        ("len(5)", "5", "“5” is not a field."),
    ];
    for (text, place, sentence) in cases {
        assert_eq!(fault(text), (sentence.to_owned(), place), "{text}");
    }
    let (sentence, place) = fault("msnp.nick matches \"(\"");
    assert!(sentence.starts_with("This is not a regular expression: ") && place == "\"(\"", "{sentence} {place}");
    let (sentence, _) = fault("msnp.response_in == 5");
    assert!(sentence.contains("msnp.request_in"), "{sentence}");
    let (sentence, _) = fault("msnp.reassembled_in");
    assert!(sentence.contains("the last piece"), "{sentence}");
    let (sentence, _) = fault(&"!".repeat(200));
    assert_eq!(sentence, "More than 100 parentheses and negations inside one another are not read.");
    let (sentence, _) = fault(&"a ".repeat(10_000));
    assert_eq!(sentence, "An expression of more than 16384 bytes is not read.");
}

#[test]
fn the_longest_expression_is_read_and_asked() {
    assert!(holds(&"gatto ".repeat(2700), Direction::ToClient, MESSAGE));
    assert!(holds(&format!("{}gatto", "gatto || ".repeat(1800)), Direction::ToClient, MESSAGE));
}

#[test]
fn completion_knows_what_is_wanted() {
    let wish = |text: &str| completion(text, text.len());
    let Completion { at, wish: Wish::Field(found) } = wish("alice and msnp.ve") else { panic!("no field") };
    assert_eq!((at, found[0].0), (10..17, "msnp.verb"));
    let Wish::Field(found) = wish("trid").wish else { panic!("no field") };
    assert_eq!(found[0].0, "msnp.trid");
    let Wish::Field(found) = wish("transaction").wish else { panic!("no field") };
    assert!(found.iter().any(|(name, _)| *name == "msnp.trid"));
    let verb = crate::msnp::field::VERB;
    for text in ["msnp.verb == \"M", "msnp.verb == M", "msnp.verb in {\"ACK\", M", "a or msnp.verb contains 'M"] {
        assert_eq!(wish(text).wish, Wish::Value(verb, "M".to_owned()), "{text}");
    }
    assert_eq!(wish("msnp.verb == ").wish, Wish::Value(verb, String::new()));
    for text in ["", "msnp.verb == \"MSG\" ", "tcp.port == 18", "\"hel"] {
        assert_eq!(wish(text).wish, Wish::Nothing, "{text}");
    }
    assert_eq!(Wish::spelling(verb, "a\"b"), r#""a\"b""#);
    assert_eq!(Wish::spelling(crate::msnp::field::TRID, "5"), "5");
}

#[test]
fn pieces_are_classed_for_showing() {
    let text = "msnp.trid == 5 and 'x' or alice";
    let shown = pieces(text).into_iter().map(|piece| (&text[piece.at], piece.class)).collect::<Vec<_>>();
    let expected = [
        ("msnp.trid", Class::Field),
        ("==", Class::Operator),
        ("5", Class::Number),
        ("and", Class::Operator),
        ("'x'", Class::Text),
        ("or", Class::Operator),
        ("alice", Class::Text),
    ];
    assert_eq!(shown, expected);
}

/// Texts that resemble expressions more than chance would have it.
fn resembling() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "msnp.verb",
        "msnp.trid",
        "msnp.account",
        "frame.time",
        "ip.addr",
        "==",
        "!=",
        "in",
        "{",
        "}",
        "..",
        "1..5",
        ",",
        "\"MSG\"",
        "'",
        "\"",
        "\\",
        "and",
        "or",
        "not",
        "!",
        "(",
        ")",
        "len",
        "count",
        "contains",
        "matches",
        "5",
        "è",
        "alice",
        "_ws.expert",
        "msnp.x",
        "^^",
        "&",
        "=",
    ]);
    prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in prop_oneof![any::<String>(), resembling()], cursor in 0_usize..40) {
        if let Err(fault) = Filter::parse(&text) {
            prop_assert!(text.get(fault.at.clone()).is_some(), "{:?} of {text}", fault.at);
            prop_assert!(!Catalogue::english().render(&fault.text).is_empty());
        }
        prop_assert!(pieces(&text).iter().all(|piece| text.get(piece.at.clone()).is_some()));
        let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        prop_assert!(text.get(completion(&text, cursor).at).is_some());
    }

    #[test]
    fn a_quoted_text_is_read_back(text in any::<String>()) {
        prop_assume!(!text.is_empty());
        let tokens = lexer::tokens(&quote::quoted(&text)).unwrap();
        prop_assert_eq!(&tokens[0].token, &lexer::Token::Quoted(text));
    }

    #[test]
    fn what_is_known_beforehand_is_what_is_found(text in resembling(), bytes in prop_oneof![Just(MESSAGE.to_vec()), Just(VERSIONS.to_vec()), any::<Vec<u8>>()]) {
        // `holds` compares both.
        if Filter::parse(&text).is_ok() {
            holds(&text, Direction::ToClient, &bytes);
        }
    }
}
