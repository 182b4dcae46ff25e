//! The messages of the reference (its vectors), and messages gone wrong. Expected values are those of the reference.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::tree::{Catalogue, FieldId, Recording, value_text};

/// What a message says, the values of its fields with what they mean, and what is odd about it.
struct Told {
    slp: Slp,
    items: Vec<(&'static str, String, String)>,
    experts: Vec<&'static str>,
}

impl Told {
    fn of(bytes: &[u8]) -> Self {
        let mut s = Scribe::new(bytes, Recording::Everything);
        let slp = slp(&mut s);
        assert!(s.is_empty());
        let tree = s.finish();
        let catalogue = Catalogue::english();
        let label = |label: &Option<crate::tree::Text>| label.as_ref().map(|l| catalogue.render(l)).unwrap_or_default();
        let items = tree
            .items
            .iter()
            .map(|item| (item.field.name(), value_text(item).into_owned(), label(&item.label)))
            .collect();
        Self { slp, items, experts: tree.experts.iter().map(|expert| expert.id.decl().id).collect() }
    }

    fn value(&self, field: FieldId) -> &str {
        let item = self.items.iter().find(|(name, ..)| *name == field.name());
        &item.unwrap_or_else(|| panic!("no {field:?} in {:?}", self.items)).1
    }

    fn values(&self, field: FieldId) -> Vec<&str> {
        self.items.iter().filter(|(name, ..)| *name == field.name()).map(|(_, value, _)| value.as_str()).collect()
    }

    fn label(&self, field: FieldId) -> &str {
        &self.items.iter().find(|(name, ..)| *name == field.name()).unwrap().2
    }
}

const ANN: &str = "ann@example.org";
const BOB: &str = "bob@example.org";
const BRANCH: &str = "{CDE28DAF-B67C-4B2D-8186-D3F46EEF0916}";
const CALL: &str = "{F87327A8-741F-4FEF-AB63-45D06F51A0C2}";

/// A message as the official client writes it.
fn message(start: &str, (to, from): (&str, &str), branch: &str, cseq: u32, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "{start}\r\nTo: <msnmsgr:{to}>\r\nFrom: <msnmsgr:{from}>\r\nVia: MSNSLP/1.0/TLP ;branch={branch}\r\nCSeq: {cseq} \r\n\
         Call-ID: {CALL}\r\nMax-Forwards: 0\r\nContent-Type: application/x-msnmsgr-{kind}\r\nContent-Length: {}\r\n\r\n{body}\r\n\0",
        body.len() + 3
    )
    .into_bytes()
}

fn invite(body: &str) -> Vec<u8> {
    message("INVITE MSNMSGR:bob@example.org MSNSLP/1.0", (BOB, ANN), BRANCH, 0, "sessionreqbody", body)
}

/// A context of the given length and version, without its preview.
fn file_context(length: u32, version: u32, size: u64, kind: u32, name: &str) -> Vec<u8> {
    let mut bytes =
        [&length.to_le_bytes()[..], &version.to_le_bytes(), &size.to_le_bytes(), &kind.to_le_bytes()].concat();
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(570, 0);
    bytes.extend([0xff; 4]);
    bytes.resize(usize::try_from(length).unwrap(), 0);
    bytes
}

fn offered(context: &[u8]) -> Told {
    let context = STANDARD.encode(context);
    Told::of(&invite(&format!(
        "EUF-GUID: {{5D3E02AB-6190-11D3-BBBB-00C04F795683}}\r\nSessionID: 180646677\r\nAppID: 2\r\nContext: {context}\r\n"
    )))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// V01 and V02: both chunks together are 1274 bytes, with a Content-Length of 948.
#[test]
fn a_file_is_offered() {
    let context = file_context(638, 3, 0, 1, "a.txt");
    let told = offered(&context);
    let wire = STANDARD.encode(&context);
    assert!(wire.starts_with("fgIAAAMAAAAAAAAAAAAAAAEAAABhAC4AdAB4AHQAAAAA"), "{wire}");
    assert_eq!(told.value(head::CONTENT_LENGTH), "948");
    assert_eq!(told.experts, [""; 0]);
    let endpoint = |account: &str| Some(Endpoint { account: account.to_owned(), device: None });
    let want = Slp {
        start: Start::Request(Method::Invite),
        to: endpoint(BOB),
        from: endpoint(ANN),
        branch: Some(BRANCH.to_owned()),
        call_id: Some(CALL.to_owned()),
        cseq: Some(0),
        body: Body {
            kind: BodyKind::Session,
            application: Some(Application::File),
            session: Some(180_646_677),
            context: Context::File { name: "a.txt".to_owned(), size: 0, kind: 1, preview: None },
            ..Body::default()
        },
    };
    assert_eq!(told.slp, want);
    assert_eq!(told.label(session::EUF_GUID), "file transfer");
    assert_eq!(told.value(head::TARGET), BOB);
}

/// V04: 331 bytes, the branch of the INVITE, CSeq 1.
#[test]
fn it_is_declined() {
    let bytes = message("MSNSLP/1.0 603 Decline", (ANN, BOB), BRANCH, 1, "sessionreqbody", "SessionID: 180646677\r\n");
    assert_eq!(bytes.len(), 331);
    let told = Told::of(&bytes);
    assert_eq!((told.slp.start, told.slp.cseq), (Start::Response { code: 603 }, Some(1)));
    assert_eq!((told.slp.branch.as_deref(), told.slp.body.session), (Some(BRANCH), Some(180_646_677)));
    assert_eq!((told.value(head::REASON), told.value(head::CONTENT_LENGTH)), ("Decline", "25"));
    assert_eq!(told.label(head::STATUS), "declined, by the user or the client");
    assert_eq!(told.experts, [""; 0]);
}

/// V12: 326 bytes; the body is nothing but a line end and the NUL.
#[test]
fn a_session_is_closed() {
    let branch = "{2F1C6A7B-5B52-4E0B-9D1C-0A1B2C3D4E5F}";
    let bytes = message("BYE MSNMSGR:bob@example.org MSNSLP/1.0", (BOB, ANN), branch, 0, "sessionclosebody", "");
    assert_eq!(bytes.len(), 326);
    let told = Told::of(&bytes);
    assert_eq!((told.slp.start, told.slp.call_id.as_deref()), (Start::Request(Method::Bye), Some(CALL)));
    assert_eq!(told.slp.body, Body { kind: BodyKind::Close, ..Body::default() });
    assert_eq!(told.experts, [""; 0]);
}

/// V16: a display picture is fetched, with devices on both sides; 730 bytes.
#[test]
fn a_picture_is_fetched() {
    let (to, from) = (
        "b@example.cn;{d9fd161b-d4d8-4ca7-8a68-c70feb39a330}",
        "alice.sample@example.com;{7edf9d24-7e98-4720-9f05-74c3abaa0770}",
    );
    let context = "PG1zbm9iaiBDcmVhdG9yPSJiQGV4YW1wbGUuY24iIFR5cGU9IjMiIFNIQTFEPSJZTitrNHpLK0lmR0d0R1hyTHIxdVNadVlZRGs9IiBTaXplPSIxNzA5NSIgTG9jYXRpb249IjAiIEZyaWVuZGx5PSJNUUFBQUE9PSIvPgA=";
    let bytes = message(
        &format!("INVITE MSNMSGR:{to} MSNSLP/1.0"),
        (to, from),
        "{7BADA559-91E2-4AFE-A529-9CF4A9647FD5}",
        0,
        "sessionreqbody",
        &format!(
            "EUF-GUID: {{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}}\r\nSessionID: 2625329247\r\nAppID: 12\r\nRequestFlags: 18\r\nContext: {context}\r\n"
        ),
    );
    assert_eq!(bytes.len(), 730);
    let told = Told::of(&bytes);
    let device = "{D9FD161B-D4D8-4CA7-8A68-C70FEB39A330}".to_owned();
    assert_eq!(told.slp.to, Some(Endpoint { account: "b@example.cn".to_owned(), device: Some(device) }));
    let body = &told.slp.body;
    assert_eq!((&body.application, body.session), (&Some(Application::Object), Some(2_625_329_247)));
    assert_eq!(told.value(session::APP_ID), "12");
    let Context::Object(object) = &body.context else { panic!("{:?}", body.context) };
    assert_eq!((object.creator.as_str(), object.size, object.kind), ("b@example.cn", Some(17095), Some(3)));
    assert_eq!((object.name.as_str(), object.location.as_str(), object.attributes_match), ("1", "0", None));
    assert_eq!(STANDARD.encode(object.sha1d_bytes().unwrap()), "YN+k4zK+IfGGtGXrLr1uSZuYYDk=");
    assert_eq!(told.experts, [""; 0]);
}

/// V30: version 2, 574 bytes, 768 characters of base64.
#[test]
fn a_file_without_preview() {
    let context = file_context(574, 2, 36326, 1, "report.odt");
    let wire = STANDARD.encode(&context);
    assert!(wire.len() == 768 && wire.starts_with("PgIAAAIAAADmjQAAAAAAAAEAAAByAGUAcABvAHIA"), "{wire}");
    let told = offered(&context);
    let want = Context::File { name: "report.odt".to_owned(), size: 36326, kind: 1, preview: None };
    assert_eq!(told.slp.body.context, want);
    let values = [file::LENGTH, file::VERSION, file::SIZE, file::KIND, file::NAME, file::MARK].map(|f| told.value(f));
    assert_eq!(values, ["574", "2", "36326", "1", "report.odt", "0xffffffff"]);
    assert_eq!(told.values(file::UNKNOWN), [""; 0]);
}

/// V31: version 3, the preview begins at 638.
#[test]
fn a_file_with_preview() {
    let mut context = file_context(638, 3, 36326, 0, "photo.png");
    context.extend(b"\x89PNG\r\n\x1a\n");
    let want = |preview: &[u8]| Context::File {
        name: "photo.png".to_owned(),
        size: 36326,
        kind: 0,
        preview: Some(preview.to_vec()),
    };
    assert_eq!(offered(&context).slp.body.context, want(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(offered(&context).label(file::PREVIEW), "PNG, 8 bytes");
    // Wherever the structure ends, and whatever it says of its length.
    let mut early = file_context(574, 3, 36326, 0, "photo.png");
    early.extend(b"\x89PNG\r\n\x1a\npicture");
    early[..4].copy_from_slice(&9999u32.to_le_bytes());
    assert_eq!(offered(&early).slp.body.context, want(b"\x89PNG\r\n\x1a\npicture"));
}

#[test]
fn a_structure_that_is_short_keeps_what_it_has() {
    let context = file_context(574, 0, 7, 1, "x");
    let told = offered(&context[..540]);
    assert_eq!(told.slp.body.context, Context::File { name: "x".to_owned(), size: 7, kind: 1, preview: None });
    let told = offered(&context[..539]);
    assert_eq!(told.slp.body.context, Context::Other(context[..539].to_vec()));
    assert_eq!(told.experts, ["msnp.expert.slp-file"]);
    // A name that fills its room has no NUL.
    let full = "n".repeat(260);
    let told = offered(&file_context(574, 2, 7, 1, &full));
    assert_eq!(told.value(file::NAME), full);
}

const TRANSPORT: &str = "Bridge: TCPv1\r\nListening: true\r\nConn-Type: Port-Restrict-NAT\r\nTCP-Conn-Type: Port-Restrict-NAT\r\nIPv6-global: \r\nUPnPNat: false\r\nCapabilities-Flags: 1\r\nsrddA-lanretxE4vPI: 7.311.0.302\r\ntroP-lanretxE4vPI: 11205\r\nsrddA-lanretnI4vPI: 4.001.15.891 01.2.0.291\r\ntroP-lanretnI4vPI: 2133\r\nSessionID: 180646677\r\nSChannelState: 0\r\nHashed-Nonce: {2B95F56D-9CA0-9A64-82CE-ADC1F3C55845}\r\n";

fn addresses(told: &Told) -> Vec<String> {
    told.slp.body.addresses.iter().map(ToString::to_string).collect()
}

/// V34: 677 bytes, Content-Length 376.
#[test]
fn addresses_written_backwards_are_turned_round() {
    let bytes = message("MSNSLP/1.0 200 OK", (ANN, BOB), BRANCH, 1, "transrespbody", TRANSPORT);
    assert_eq!(bytes.len(), 677);
    let told = Told::of(&bytes);
    assert_eq!(told.value(head::CONTENT_LENGTH), "376");
    assert_eq!(addresses(&told), ["203.0.113.7:50211", "192.0.2.10:3312", "198.51.100.4:3312"]);
    let values = [transport::EXTERNAL, transport::INTERNAL].map(|field| told.value(field));
    assert_eq!(values, ["203.0.113.7", "192.0.2.10 198.51.100.4"]);
    assert_eq!((told.value(transport::EXTERNAL_PORT), told.value(transport::INTERNAL_PORT)), ("50211", "3312"));
    assert_eq!(told.label(line::REVERSED), "IPv4External-Addrs");
    let body = &told.slp.body;
    assert_eq!((body.bridges.as_slice(), body.listening), (&["TCPv1".to_owned()][..], Some(true)));
    assert_eq!(body.hashed_nonce.as_deref(), Some("{2B95F56D-9CA0-9A64-82CE-ADC1F3C55845}"));
    assert_eq!((body.nonce.as_ref(), body.kind.clone()), (None, BodyKind::TransportResponse));
    assert_eq!(told.experts, [""; 0]);
    // The same as it is meant says the same.
    let plain = TRANSPORT
        .replace("srddA-lanretxE4vPI: 7.311.0.302", "IPv4External-Addrs: 203.0.113.7")
        .replace("troP-lanretxE4vPI: 11205", "IPv4External-Port: 50211")
        .replace("srddA-lanretnI4vPI: 4.001.15.891 01.2.0.291", "ipv4internal-addrs: 192.0.2.10 198.51.100.4")
        .replace("troP-lanretnI4vPI: 2133", "IPv4Internal-Port:3312");
    let plain = message("MSNSLP/1.0 200 OK", (ANN, BOB), BRANCH, 1, "transrespbody", &plain);
    assert_eq!(Told::of(&plain).slp, told.slp);
}

#[test]
fn addresses_may_have_ports_of_their_own() {
    let body = "IPv4ExternalAddrsAndPorts: 203.0.113.7:1 0.0.0.0:2\r\nstroPdnAsrddAlanretnI4vPI: 3:01.2.0.291\r\n\
                IPv6AddrsAndPorts: 2001:db8::1#4 [2001:db8::2]:5 2001:db8::3 x:70000\r\nIPv6-Addrs: fe80::1\r\nIPv6-Port: 6\r\n\
                NetID: -1\r\nICF: true\r\nNonce: {00000000-0000-0000-0000-000000000000}\r\n";
    let told = Told::of(&message("MSNSLP/1.0 200 OK", (ANN, BOB), BRANCH, 1, "transrespbody", body));
    let want = ["[fe80::1]:6", "203.0.113.7:1", "0.0.0.0:2", "192.0.2.10:3", "[2001:db8::1]:4", "[2001:db8::2]:5"];
    assert_eq!(addresses(&told), want);
    assert_eq!(told.label(transport::NET_ID), "255.255.255.255");
    assert_eq!(told.experts, [""; 0]);
}

#[test]
fn a_net_id_is_an_address() {
    let label = |number: &str| {
        let body = format!("Bridges: TRUDPv1 TCPv1 SBBridge TURNv1\r\nNetID: {number}\r\n");
        let told = Told::of(&message("INVITE MSNMSGR:b@x MSNSLP/1.0", (ANN, BOB), BRANCH, 0, "transreqbody", &body));
        assert_eq!(told.slp.body.bridges, ["TRUDPv1", "TCPv1", "SBBridge", "TURNv1"]);
        told.label(transport::NET_ID).to_owned()
    };
    // 163.152.62.58, its first part in the lowest byte, without and with sign.
    assert_eq!(label("977180835"), "163.152.62.58");
    assert_eq!(label("-1"), "255.255.255.255");
    assert_eq!(label("0"), "not known");
    assert_eq!(label("4294967296"), "");
}

#[test]
fn a_session_number_may_be_too_wide() {
    let cases = [("18446744071562067968", 1u32 << 31), ("-2147483648", 1 << 31), ("4294967301", 5)];
    for (wire, want) in cases {
        let told = Told::of(&invite(&format!("SessionID: {wire}\r\n")));
        assert_eq!(told.slp.body.session, Some(want), "{wire}");
        assert_eq!(told.value(session::SESSION), want.to_string());
        assert_eq!(told.experts, ["msnp.expert.slp-session"]);
    }
}

#[test]
fn contexts_are_read_by_what_the_session_is_for() {
    let context = |guid: &str, bytes: &[u8]| {
        // Some clients write lines in the order of the alphabet: the context comes first.
        let body = format!("Context: {}\r\neuf-guid: {guid}\r\n", STANDARD.encode(bytes).trim_end_matches('='));
        Told::of(&invite(&body)).slp.body.context
    };
    let (camera, viewer) = ("{4BD96FC0-AB17-4425-A14A-439185962DC8}", "{1C9AA97E-9C05-4583-A3BD-908A196F1E92}");
    let (webcam, video) = ("{b8BE70DE-E2CA-4400-AE03-88FF85B9F4E8}\0", "{0425E797-49F1-4D37-909A-031116119D9B}\0");
    assert_eq!(context(camera, &utf16(webcam)), Context::Webcam);
    assert_eq!(context(viewer, &utf16(webcam)), Context::Webcam);
    assert_eq!(context(camera, &utf16(video)), Context::Video);
    assert_eq!(context(camera, b"?"), Context::Other(b"?".to_vec()));
    let game = Context::Activity { id: "10331014".to_owned(), name: "Checkers; again".to_owned() };
    assert_eq!(context("{6A13AF9C-5308-4F35-923A-67E8DDA40C2F}", &utf16("10331014;1;Checkers; again\0")), game);
    let other = utf16("Checkers");
    assert_eq!(context("{6A13AF9C-5308-4F35-923A-67E8DDA40C2F}", &other), Context::Other(other));
    let folder = [0x01, 0x10, 0x08, 0x00, 0xcc, 0xcc, 0xcc, 0xcc, 9];
    assert_eq!(context("{534142d5-1F2A-431F-A60C-B0CF723FDF7D}", &folder), Context::Other(folder.to_vec()));
    assert_eq!(context("{00000000-0000-0000-0000-000000000000}", b"x"), Context::Other(b"x".to_vec()));
}

#[test]
fn a_session_is_closed_for_a_reason() {
    for (context, code, label) in
        [("dAMAgQ==", 0x8100_0374, "cancelled"), ("AAHHig==", 0x8ac7_0100, "seen at the end of photo sharing")]
    {
        let body = format!("Context: {context}\r\nAcceptedBy: d9fd161b-d4d8-4ca7-8a68-c70feb39a330\r\n");
        let told = Told::of(&message("BYE MSNMSGR:b@x MSNSLP/1.0", (BOB, ANN), BRANCH, 0, "sessionclosebody", &body));
        assert_eq!((told.slp.body.reason, told.label(context::CLOSE_REASON)), (Some(code), label));
        assert_eq!(told.slp.body.accepted_by.as_deref(), Some("{D9FD161B-D4D8-4CA7-8A68-C70FEB39A330}"));
    }
}

/// Line feeds alone, names in any case, no Content-Length, no blank before values: the reader does not mind.
#[test]
fn the_form_may_be_loose() {
    let strict = message("MSNSLP/1.0 200 OK", (ANN, BOB), BRANCH, 1, "transrespbody", TRANSPORT);
    let loose = String::from_utf8(strict.clone()).unwrap();
    let loose = loose.replace("\r\n", "\n").replace("Content-Length: 376\n", "").replace("Call-ID: ", "CALL-id:");
    let loose = loose.replace("TLP ;branch", "TLP;branch").replace("CSeq: 1 ", "cseq: 1");
    let told = Told::of(loose.as_bytes());
    assert_eq!(told.slp, Told::of(&strict).slp);
    assert_eq!(told.experts, [""; 0]);
}

#[test]
fn what_is_wrong_is_said() {
    let bye = message("BYE MSNMSGR:b@x MSNSLP/1.0", (BOB, ANN), BRANCH, 0, "sessionclosebody", "");
    let with = |from: &str, to: &str| Told::of(String::from_utf8(bye.clone()).unwrap().replace(from, to).as_bytes());
    let length = "msnp.expert.content-length";
    assert_eq!(with("Length: 3", "Length: 2").experts, [""; 0]);
    assert_eq!(with("Length: 3", "Length: 4").experts, [length]);
    assert_eq!(with("Length: 3", "Length: 1").experts, [length]);
    assert_eq!(with("Length: 3", "Length: x").experts, ["msnp.expert.content-length-number"]);
    assert_eq!(with("\r\n\r\n\r\n\0", "\r\n\r\n\r\n").experts, [""; 0]);
    assert_eq!(with("\r\n\r\n\r\n\0", "\r\n\r\n\r\n\0\0\0").experts, [""; 0]);
    assert_eq!(with("\r\n\r\n\r\n\0", "\r\n\r\n\r\n\0\0tail").values(TRAILER), ["7461696c"]);
    assert_eq!(with("CSeq: 0 ", "CSeq: first").experts, ["msnp.expert.slp-number"]);
    assert_eq!(with("BYE MSNMSGR:b@x MSNSLP/1.0\r\n", "").experts, ["msnp.expert.slp-start"]);
    assert_eq!(with("BYE MSNMSGR:b@x MSNSLP/1.0\r\n", "").slp.call_id.as_deref(), Some(CALL));
    assert_eq!(with("Max-Forwards: 0", "Odd: a: b").value(OTHER), "Odd: a: b");
    let context = Told::of(&invite("Context: <not base64>\r\n"));
    assert_eq!(
        (context.experts.as_slice(), &context.slp.body.context),
        (&["msnp.expert.slp-context"][..], &Context::None)
    );
}

/// Of a message that is cut off, everything is read that is there.
#[test]
fn a_message_that_is_cut_off_keeps_what_it_has() {
    let whole = message("MSNSLP/1.0 200 OK", (ANN, BOB), BRANCH, 1, "transrespbody", TRANSPORT);
    let (mut headers, mut bridge, mut addresses) = (0, 0, 0);
    for end in 0..whole.len() {
        let told = Told::of(&whole[..end]);
        headers += usize::from(told.slp.call_id.as_deref() == Some(CALL));
        bridge += usize::from(told.slp.body.bridges == ["TCPv1"]);
        addresses += usize::from(told.slp.body.addresses.len() == 3);
    }
    let from = |text: &str| whole.len() - memchr::memmem::find(&whole, text.as_bytes()).unwrap() - text.len();
    assert_eq!(headers, from(CALL));
    assert_eq!(bridge, from("Bridge: TCPv1"));
    // Of a port, one digit is enough to be one.
    assert_eq!(addresses, from("troP-lanretnI4vPI: 2"));
}

/// Lines beyond the ceiling are kept as one, and cost no more than their bytes.
#[test]
fn a_message_of_too_many_lines_is_kept() {
    let told = Told::of(&invite(&"troP-lanretnI4vPI: 2133\r\n".repeat(20_000)));
    assert_eq!(told.experts, ["msnp.expert.slp-lines"]);
    assert!(told.items.len() < 3000, "{}", told.items.len());
    let told = Told::of(format!("MSNSLP/1.0 200 OK\r\nVia: x{}\r\n\r\n", ";branch={1}".repeat(20_000)).as_bytes());
    assert_eq!(told.values(head::BRANCH).len(), 100);
    let words = "1.2.3.4 ".repeat(60_000);
    let told = Told::of(&invite(&format!("IPv4External-Addrs: {words}\r\nIPv4External-Port: 1\r\n")));
    assert_eq!(addresses(&told), ["1.2.3.4:1"]);
    assert!(told.items.len() < 200, "{}", told.items.len());
}
