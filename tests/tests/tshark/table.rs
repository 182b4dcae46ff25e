//! Wireshark's tables of conversations and endpoints: who talks with whom in MSNP, counted again from the library's PDUs and
//! from the addresses that other dissectors show.

use std::collections::BTreeMap;
use std::path::Path;

use msnp_tests::datagrams::{ANN, Capture, OTHER, packet};
use serde_json::{Value, json};

use crate::library;
use crate::tool::Tshark;
use crate::usage::case;

/// Whole connections, whose PDUs the library and Wireshark tell in the same packets: over IPv4 and IPv6, through proxies and
/// the gateway, in fragments, out of order, over Wi-Fi.
const CASES: [&str; 8] = [
    "msnp8-signin-chat",
    "msnp9-chat-other-port-vlan-ipv6",
    "msnp11-proxies",
    "msnp8-gateway-proxy",
    "msnp8-chat-fragments",
    "msnp11-chat-reordered",
    "msnp10-signin-wifi",
    "msnp15-file-direct-migrating",
];

/// Packets and bytes.
type Sum = (u64, u64);

/// What goes from one end to another; an end is what a filter calls it.
type Ways = BTreeMap<[String; 2], Sum>;

/// Each PDU counts where it is whole, each packet once.
fn recounted(tshark: &Tshark, capture: &str) -> Ways {
    let columns = ["frame.number", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport"];
    let columns = [&columns[..], &["udp.srcport", "udp.dstport"]].concat();
    let columns = columns.iter().flat_map(|column| ["-e", column]).collect::<Vec<_>>();
    let shown = tshark
        .run(&[&["-r", capture, "-T", "fields", "-E", "occurrence=l", "-E", "separator=,"], &columns[..]].concat());
    let ends = |line: &str| {
        let values = line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let [_, ip, to_ip, ipv6, to_ipv6, tcp, to_tcp, udp, to_udp] = <[String; 9]>::try_from(values).unwrap();
        let end = |ip: &str, ipv6: &str, tcp: &str, udp: &str| {
            let address = if ip.is_empty() { format!("ipv6.addr=={ipv6}") } else { format!("ip.addr=={ip}") };
            let port = if tcp.is_empty() { format!("udp.port=={udp}") } else { format!("tcp.port=={tcp}") };
            format!("{address} && {port}")
        };
        [end(&ip, &ipv6, &tcp, &udp), end(&to_ip, &to_ipv6, &to_tcp, &to_udp)]
    };
    let frames = (1..).zip(shown.lines().map(ends)).collect::<BTreeMap<u64, _>>();
    let mut ways = Ways::new();
    let mut last = 0;
    for pdu in library::pdus(&tshark.outside(Path::new(capture))) {
        let (packets, bytes) = ways.entry(frames[&pdu.frame].clone()).or_default();
        *packets += u64::from(pdu.frame != last);
        *bytes += pdu.length as u64;
        last = pdu.frame;
    }
    ways
}

fn request(id: usize, method: &str, parameters: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters })
}

/// What sharkd answers about a capture, without its answers to the first two requests.
fn answers(
    tshark: &Tshark,
    capture: &str,
    requests: impl Iterator<Item = (&'static str, Value)>,
) -> Option<Vec<Value>> {
    let order = json!({ "name": "tcp.reassemble_out_of_order", "value": "TRUE" });
    let first = [("setconf", order), ("load", json!({ "file": capture }))];
    let all =
        first.into_iter().chain(requests).zip(1..).map(|((method, parameters), id)| request(id, method, parameters));
    let answers = tshark.ask(&all.collect::<Vec<_>>())?;
    Some(answers.into_iter().skip(2).map(|mut answer| answer["result"].take()).collect())
}

/// The rows of both tables: by their filters, what is sent and what is received; of a conversation by the end named first.
fn rows(tshark: &Tshark, capture: &str) -> Option<[BTreeMap<String, [Sum; 2]>; 2]> {
    let wanted = ["conv:MSNP", "endpt:MSNP"].map(|tap| ("tap", json!({ "tap0": tap })));
    let answers = answers(tshark, capture, wanted.into_iter())?;
    let rows = |answer: &Value, list: &str| {
        let row = |row: &Value| {
            let number = |name: &str| row[name].as_u64().unwrap();
            let filter = row["filter"].as_str().unwrap().to_owned();
            (filter, [(number("txf"), number("txb")), (number("rxf"), number("rxb"))])
        };
        let rows = answer["taps"][0][list].as_array().unwrap();
        let by_filter = rows.iter().map(row).collect::<BTreeMap<_, _>>();
        assert_eq!(by_filter.len(), rows.len(), "{answer}");
        by_filter
    };
    Some([rows(&answers[0], "convs"), rows(&answers[1], "hosts")])
}

/// Holds both tables of a capture against what is counted again, and has each row's filter find its packets.
fn agrees(tshark: &Tshark, capture: &str, ways: &Ways) -> Option<usize> {
    let [conversations, endpoints] = rows(tshark, capture)?;
    let way = |from: &str, to: &str| ways.get(&[from.to_owned(), to.to_owned()]).copied().unwrap_or_default();
    for (filter, sums) in &conversations {
        let (middle, _) = filter.match_indices(" && ").nth(1).unwrap();
        let (from, to) = (&filter[..middle], &filter[middle + 4..]);
        assert_eq!(sums, &[way(from, to), way(to, from)], "{filter}: {ways:#?}");
    }
    let pairs = ways.keys().filter(|[from, to]| from < to || !ways.contains_key(&[to.clone(), from.clone()])).count();
    assert_eq!(conversations.len(), pairs, "{conversations:#?} {ways:#?}");

    let mut wanted = BTreeMap::<_, [Sum; 2]>::new();
    for ([from, to], sum) in ways {
        for (end, place) in [(from, 0), (to, 1)] {
            let (packets, bytes) = &mut wanted.entry(end.clone()).or_default()[place];
            (*packets, *bytes) = (*packets + sum.0, *bytes + sum.1);
        }
    }
    assert_eq!(endpoints, wanted);

    let all = conversations.iter().chain(&endpoints).collect::<Vec<_>>();
    let filters = all.iter().map(|(filter, _)| ("frames", json!({ "filter": format!("msnp && {filter}") })));
    for ((filter, [sent, received]), found) in all.iter().zip(answers(tshark, capture, filters)?) {
        assert_eq!(found.as_array().unwrap().len() as u64, sent.0 + received.0, "{filter}");
    }
    Some(conversations.len())
}

#[test]
fn conversations_and_endpoints_are_those_of_the_pdus() {
    let Some(tshark) = Tshark::find() else { return };
    let mut found = 0;
    for name in CASES {
        let capture = case(&tshark, name);
        let Some(conversations) = agrees(&tshark, &capture, &recounted(&tshark, &capture)) else { return };
        assert!(conversations > 0, "{name}");
        found += conversations;
    }
    assert!(found > 15, "{found}");
}

#[test]
fn datagrams_are_conversations_too() {
    let Some(tshark) = Tshark::find() else { return };
    let mut capture = Capture::new();
    capture.udp((ANN, 40000), (OTHER, 53), &[0; 30], 0);
    for number in 0..3 {
        capture.between(true, &packet(77, 9, 0x0100_0030, (1000 * number, 3000), &[7; 1000]));
    }
    capture.between(false, &packet(78, 0, 2, (0, 3000), &[]));
    let file = tshark.file("udp.pcap", &capture.0);
    let file = file.to_string_lossy();
    assert_eq!(agrees(&tshark, &file, &recounted(&tshark, &file)).unwrap_or(1), 1);
}

/// One packet of Wi-Fi holds segments of two connections: it counts once for each.
#[test]
fn a_packet_of_two_connections_counts_for_both() {
    let Some(tshark) = Tshark::find() else { return };
    let said = [(1042, 20, "VER 1 MSNP8 CVR0\r\nCVR 2 0x0409 winnt 5.1\r\n"), (1043, 77, "CAL 1 bob@example.com\r\n")];
    let mut packet = [&[0x88, 1, 0, 0][..], &[2; 18], &[0, 0, 0x80, 0]].concat();
    for (port, server, text) in said {
        let tcp = [&u16::to_be_bytes(port)[..], &1863_u16.to_be_bytes(), &[0, 0, 0, 9, 0, 0, 0, 9, 0x50, 0x18, 16, 0]];
        let tcp = [&tcp.concat()[..], &[0; 4], text.as_bytes()].concat();
        let length = u16::try_from(20 + tcp.len()).unwrap();
        let ends = [192, 0, 2, 10, 198, 51, 100, server];
        let ip = [&[0x45, 0][..], &length.to_be_bytes(), &[0, 0, 0, 0, 64, 6, 0, 0], &ends, &tcp].concat();
        packet.resize(26 + (packet.len() - 26).next_multiple_of(4), 0);
        packet.extend([&[2; 12][..], &(length + 8).to_be_bytes(), &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &ip].concat());
    }
    let length = u32::try_from(packet.len()).unwrap();
    let head = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 105, 1_100_000_000, 0, length, length];
    let file = [head.iter().flat_map(|word| word.to_le_bytes()).collect(), packet].concat();
    let file = tshark.file("aggregate.pcap", &file);
    let end = |address: &str, port: u16| format!("ip.addr=={address} && tcp.port=={port}");
    let ways = said.map(|(port, server, text)| {
        ([end("192.0.2.10", port), end(&format!("198.51.100.{server}"), 1863)], (1, text.len() as u64))
    });
    assert_eq!(agrees(&tshark, &file.to_string_lossy(), &ways.into()).unwrap_or(2), 2);
}

/// The lines of a table that tshark prints, as words; what stands between numbers is left out.
fn printed(tshark: &Tshark, capture: &str, table: &str, passes: &[&str]) -> Vec<Vec<String>> {
    let shown = tshark.run(&[&["-q", "-r", capture, "-z", table][..], passes].concat());
    let row = |line: &&str| line.starts_with(|first: char| first.is_ascii_digit());
    let words = |line: &str| line.split_whitespace().filter(|word| *word != "bytes").map(str::to_owned).collect();
    assert!(shown.contains("MSNP "), "{shown}");
    shown.lines().filter(row).map(words).collect()
}

/// As tshark prints it, which shows ports for TCP and UDP alone.
#[test]
fn tshark_prints_both_tables() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp8-signin-chat");
    let sums = |way: Option<&Sum>| way.map_or_else(Vec::new, |sum| vec![sum.0.to_string(), sum.1.to_string()]);
    let ways = recounted(&tshark, &capture);
    let room = |from: &str, to: &str| {
        let end = |end: &&String, name: &str| end.contains(&format!("=={name} && "));
        sums(ways.iter().find(|([a, b], _)| end(&a, from) && end(&b, to)).map(|(_, sum)| sum))
    };
    let (client, server) = ("192.0.2.10", "198.51.100.77");
    for passes in [&[][..], &["-2"]] {
        let conversations = printed(&tshark, &capture, "conv,msnp", passes);
        let row = conversations.iter().find(|row| row[2] == server).unwrap();
        assert_eq!((conversations.len(), row[0].as_str()), (3, client), "{conversations:?}");
        assert_eq!(row[3..7], [room(server, client), room(client, server)].concat(), "{passes:?}");

        let endpoints = printed(&tshark, &capture, "endpoints,msnp", passes);
        let row = endpoints.iter().find(|row| row[0] == server).unwrap();
        assert_eq!(endpoints.len(), 6, "{endpoints:?}");
        assert_eq!(row[3..7], [room(server, client), room(client, server)].concat(), "{passes:?}");
    }
}

/// A filter chooses packets, and of other protocols there is nothing to count.
#[test]
fn only_msnp_is_counted() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp8-signin-chat");
    assert_eq!(printed(&tshark, &capture, "conv,msnp,ip.addr==198.51.100.77", &[]).len(), 1);
    let web = case(&tshark, "non-msnp-web");
    for table in ["conv,msnp", "endpoints,msnp"] {
        assert_eq!(printed(&tshark, &web, table, &[]), Vec::<Vec<String>>::new(), "{table}");
    }
}
