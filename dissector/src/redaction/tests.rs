use super::*;
use crate::msnp::Direction;

fn redactor() -> Redactor {
    Redactor::new(Key::of_capture(&[1; 32]))
}

fn redacted(bytes: &[u8], direction: Direction) -> Vec<u8> {
    let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    let pdu = Pdu::command(bytes, line, direction);
    let context = Context { direction, ..Context::default() };
    redactor().redact(&pdu, &context).bytes
}

fn said(bytes: &[u8], direction: Direction) -> String {
    String::from_utf8(redacted(bytes, direction)).unwrap()
}

#[test]
fn the_protocol_stays_and_the_people_go() {
    let wire = "NLN AWY bob@example.com J%C3%B6rg%20Bob 268435500\r\n";
    let got = said(wire.as_bytes(), Direction::ToClient);
    assert_eq!(got.len(), wire.len());
    assert!(got.starts_with("NLN AWY ") && got.ends_with(" 268435500\r\n"), "{got}");
    assert!(!got.contains("bob") && !got.contains("example") && !got.contains("Bob"), "{got}");
    assert!(got.contains(".com ") && got.contains("%20"), "{got}");
}

#[test]
fn one_person_is_one_person_in_every_command() {
    let (joins, asks) = ("JOI bob@example.com Bob\r\n", "CAL 3 bob@example.com\r\n");
    let joined = said(joins.as_bytes(), Direction::ToClient);
    let asked = said(asks.as_bytes(), Direction::ToServer);
    let account = joined.split(' ').nth(1).unwrap();
    assert_eq!(asked, format!("CAL 3 {account}\r\n"));
}

#[test]
fn one_name_has_one_pseudonym_in_every_coding() {
    let value = |bytes: &[u8]| {
        let redacted = redacted(bytes, Direction::ToClient);
        let line = memchr::memchr(b'\n', &redacted).map_or(redacted.len(), |at| at + 1);
        let pdu = Pdu::command(&redacted, line, Direction::ToClient);
        let context = Context { direction: Direction::ToClient, ..Context::default() };
        let tree = dissect(&pdu, &context, Recording::Only(&[crate::msnp::field::NICK])).tree;
        tree.items.first().unwrap().value.clone()
    };
    let encoded = value(b"JOI b@example.com J%C3%B6rg\r\n");
    assert_eq!(value("JOI b@example.com J\u{f6}rg\r\n".as_bytes()), encoded);
    assert_ne!(encoded, Value::Text("J\u{f6}rg".to_owned()));
}

#[test]
fn bytes_that_are_not_understood_say_nothing() {
    let got = said(b"HELLO secret words 123\r\n", Direction::ToServer);
    assert!(!got.contains("secret") && !got.contains("words"), "{got}");
}

#[test]
fn message_in_parts_has_pseudonyms_in_its_parts_and_as_a_whole() {
    let first =
        "MSG bob@example.com Bob 75\r\nContent-Type: text/plain\r\nMessage-ID: {1}\r\nChunks: 2\r\n\r\nMy secret wor";
    let last = "MSG bob@example.com Bob 38\r\nMessage-ID: {1}\r\nChunk: 1\r\n\r\nd is cabbage";
    let mut connection = crate::msnp::Connection::new();
    let mut told = Vec::new();
    for (wire, number) in [(first, 1), (last, 2)] {
        let line = memchr::memchr(b'\n', wire.as_bytes()).unwrap() + 1;
        let pdu = Pdu::command(wire.as_bytes(), line, Direction::ToClient);
        let context = connection.context_for(&pdu, Direction::ToClient);
        let completes = connection.observe(number, &pdu, &context);
        told.push(redactor().redact(&pdu.completing(completes.as_ref()), &context));
    }
    let whole = told[1].completes.as_ref().unwrap();
    assert_eq!(whole.bytes.len(), "Content-Type: text/plain\r\nMessage-ID: {1}\r\nChunks: 2\r\n\r\n".len() + 25);
    assert!(whole.bytes.starts_with(b"Content-Type: text/plain\r\n"));
    for bytes in told.iter().map(|redacted| &redacted.bytes).chain([&whole.bytes]) {
        let said = String::from_utf8_lossy(bytes);
        assert!(!said.contains("secret") && !said.contains("cabbage"), "{said}");
    }
}

/// An INVITE through the notification server, with this context.
fn invite(guid: &str, context: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let context = base64::engine::general_purpose::STANDARD.encode(context);
    let payload = format!(
        "INVITE MSNMSGR:bob@example.com MSNSLP/1.0\r\nTo: <msnmsgr:bob@example.com>\r\nFrom: <msnmsgr:ann@example.com>\r\n\
         Via: MSNSLP/1.0/TLP ;branch={{CDE28DAF-B67C-4B2D-8186-D3F46EEF0916}}\r\nCSeq: 0 \r\n\r\n\
         Context: {context}\r\nEUF-GUID: {guid}\r\nNonce: {{122D2937-5C86-4C7B-81F5-0E05017880C2}}\r\n\
         srddA-lanretnI4vPI: 4.001.15.891 01.2.0.291\r\ntroP-lanretnI4vPI: 2133\r\nIPv4External-Addrs: 203.0.113.7\r\n\r\n\0"
    );
    format!("UBN ann@example.com 3 {}\r\n{payload}", payload.len()).into_bytes()
}

/// What a redacted invitation says, and the values of its fields.
fn invited(bytes: &[u8]) -> (crate::msnp::p2p::slp::Slp, Vec<(&'static str, String)>) {
    let line = memchr::memchr(b'\n', bytes).unwrap() + 1;
    let pdu = Pdu::command(bytes, line, Direction::ToClient);
    let context = Context { direction: Direction::ToClient, ..Context::default() };
    let dissection = dissect(&pdu, &context, Recording::Everything);
    let crate::msnp::Content::Slp(slp) = dissection.message.content else { panic!("no message") };
    let values = dissection
        .tree
        .items
        .iter()
        .map(|item| (item.field.name(), crate::tree::value_text(item).into_owned()))
        .collect();
    (*slp, values)
}

#[test]
fn what_is_wrapped_in_an_invitation_is_hidden_too() {
    use crate::msnp::p2p::slp::Context as Asked;
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let mut file =
        [&574u32.to_le_bytes()[..], &[2, 0, 0, 0], &9u64.to_le_bytes(), &[0; 4], &utf16("Ges\u{fc}ndigt.odt")].concat();
    file.resize(574, 0);
    file.extend(b"\x89PNG\r\n\x1a\nmy face");
    let wire = invite("{5D3E02AB-6190-11D3-BBBB-00C04F795683}", &file);
    let hidden = redacted(&wire, Direction::ToClient);
    assert_eq!(hidden.len(), wire.len());
    let ((was, before), (is, after)) = (invited(&wire), invited(&hidden));
    let fields = |values: &[(&'static str, String)]| values.iter().map(|(field, _)| *field).collect::<Vec<_>>();
    assert_eq!(fields(&before), fields(&after));
    let (Asked::File { name: was_name, .. }, Asked::File { name, size, kind, preview }) =
        (&was.body.context, &is.body.context)
    else {
        panic!("{:?}", is.body.context)
    };
    assert_eq!(was_name, "Ges\u{fc}ndigt.odt");
    assert!(
        name.chars().count() == 13 && !name.contains("odt") && !name.contains('\u{fc}') && name.contains('.'),
        "{name}"
    );
    assert_eq!((*size, *kind), (9, 0));
    assert!(!preview.as_ref().unwrap().ends_with(b"face"));
    // Addresses stay addresses, also those that are written backwards.
    assert_eq!(is.body.addresses.len(), 2);
    assert!(is.body.addresses.iter().all(|address| !was.body.addresses.contains(address) && address.port() == 3312));
    let said = String::from_utf8_lossy(&hidden);
    for private in ["bob", "ann@", "198.51", "891", "203.0", "122D2937"] {
        assert!(!said.contains(private), "{private} in {said}");
    }
    assert!(said.contains("{CDE28DAF-B67C-4B2D-8186-D3F46EEF0916}"), "{said}");
    // The same name in another coding has the same pseudonym.
    let key = Key::of_capture(&[1; 32]);
    let plain = key.substitutes(Privacy::Text, &was_name.chars().collect::<Vec<_>>());
    assert_eq!(*name, plain.into_iter().collect::<String>());
}

#[test]
fn an_object_that_is_asked_for_is_hidden_too() {
    use crate::msnp::p2p::slp::Context as Asked;
    let object = br#"<msnobj Creator="ann@example.com" Size="17" Type="3" Location="My cat.png" Friendly="VAB1AGwAaQBwAHMAAAA=" SHA1D="/w9gZG+66nwyTD8ke0+YcdrCecI="/>"#;
    let wire = invite("{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}", &[&object[..], b"\0"].concat());
    let (was, is) = (invited(&wire).0, invited(&redacted(&wire, Direction::ToClient)).0);
    let (Asked::Object(was), Asked::Object(is)) = (was.body.context, is.body.context) else { panic!("no object") };
    assert_eq!(was.name, "Tulips");
    assert!(is.name.len() == 6 && is.name != was.name, "{}", is.name);
    assert!(!is.creator.contains("ann") && !is.location.contains("cat"), "{is:?}");
    assert_eq!((is.size, is.kind, &is.sha1d), (was.size, was.kind, &was.sha1d));
}

/// Whatever a field is for, in public ones too: an account is one person everywhere.
#[test]
fn an_account_has_its_pseudonym_wherever_it_stands() {
    let rings = said(b"CAL 3 bob@example.com\r\n", Direction::ToServer);
    let account = rings.trim_end().rsplit(' ').next().unwrap();
    assert_ne!(account, "bob@example.com");
    let url = said(b"URL 5 COMPOSE bob@example.com\r\n", Direction::ToServer);
    assert_eq!(url, format!("URL 5 COMPOSE {account}\r\n"));
    let page =
        said(b"URL 5 /cgi-bin/compose?to=bob@example.com&x=1 https://login.example.net/ 2\r\n", Direction::ToClient);
    assert!(page.contains(&format!("to={account}&")), "{page}");
    let page = said(b"URL 5 /compose?to=bob%40example.com&x=1 https://login.example.net/ 2\r\n", Direction::ToClient);
    assert!(page.contains(&format!("to={}&", account.replace('@', "%40"))), "{page}");
    let text = "Ask bob@example.com, not bob@home";
    let payload = format!("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{text}");
    let message = said(format!("MSG 4 U {}\r\n{payload}", payload.len()).as_bytes(), Direction::ToServer);
    assert!(message.contains(&format!(" {account}, ")) && !message.contains("Ask"), "{message}");
}

#[test]
fn a_word_where_capabilities_belong_is_hidden() {
    let got = said(b"NLN NLN bob@example.com Bob Quentinword 0\r\n", Direction::ToClient);
    assert!(!got.contains("Quentin"), "{got}");
}

#[test]
fn stars_hide_secrets_and_nothing_else() {
    let starred = |wire: &str, direction| {
        let line = wire.find('\n').unwrap() + 1;
        let pdu = Pdu::command(wire.as_bytes(), line, direction);
        let context = Context { direction, ..Context::default() };
        String::from_utf8(Redactor::of_secrets().redact(&pdu, &context).bytes).unwrap()
    };
    let ticket = "USR 7 TWN S t=5Invented&p=5Profile\r\n";
    assert_eq!(starred(ticket, Direction::ToServer), format!("USR 7 TWN S {}\r\n", "*".repeat(22)));
    let ring = "RNG 11752013 198.51.100.77:1863 CKI 849102291.520491113 bob@example.com Bob\r\n";
    let hidden = ring.replace("849102291.520491113", &"*".repeat(19));
    assert_eq!(starred(ring, Direction::ToClient), hidden);
    let open = "NLN AWY bob@example.com Bob 268435500\r\n";
    assert_eq!(starred(open, Direction::ToClient), open);
}
