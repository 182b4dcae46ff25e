//! Every form of every command has a golden PDU: verb by direction by group of dialects.
//!
//! The table below is the tests' own account of the protocol, one row for each form that documentation tells apart. A row
//! without a golden PDU, a golden PDU without a row and a verb of the library without a row are faults.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use Direction::{ToClient, ToServer};
use msnp_dissector::msnp::{Direction, verb};
use std::path::Path;

/// One form of a command: verb, direction, first and last dialect, arguments.
///
/// Arguments: `t` TrID, `n` number, `a` account, `e` account perhaps with a device, `p` account with a network in front,
/// `s` three capital letters, `m` acknowledgement mode, `w` any word; what begins with a capital stands for itself, or up
/// to its `=` for a tag with any value. `?`: may be missing; `*`: any number.
struct Row(&'static str, Direction, u8, u8, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Connecting, signing in, keeping alive, signing out.
    Row("VER", ToServer,  2, 22, "t w w*"),
    Row("VER", ToClient,  2, 22, "t w*"),
    Row("INF", ToServer,  2,  7, "t"),
    Row("INF", ToClient,  2,  7, "t w*"),
    Row("CVR", ToServer,  2,  7, "t w w w w w w w?"),
    Row("CVR", ToServer,  8, 20, "t w w w w w w w a"),
    Row("CVR", ToServer, 21, 22, "t w w w w w w w a w?"),
    Row("CVR", ToClient,  2, 22, "t w w w w w"),
    Row("CVQ", ToServer,  2, 22, "t w w w w w w w? a?"),
    Row("CVQ", ToClient,  2, 22, "t w w w w w"),
    Row("USR", ToServer,  2,  7, "t MD5 I a"),
    Row("USR", ToServer,  2,  7, "t MD5 S w"),
    Row("USR", ToServer,  8, 14, "t TWN I a"),
    Row("USR", ToServer,  8, 14, "t TWN S w"),
    Row("USR", ToServer, 15, 22, "t SSO I a"),
    Row("USR", ToServer, 15, 15, "t SSO S w w"),
    Row("USR", ToServer, 16, 22, "t SSO S w w w"),
    Row("USR", ToServer, 18, 22, "t SHA A w"),
    Row("USR", ToServer,  2,  2, "t CTP w w*"),
    Row("USR", ToClient,  2,  7, "t MD5 S w"),
    Row("USR", ToClient,  8, 14, "t TWN S w"),
    Row("USR", ToClient, 15, 22, "t SSO S w w"),
    Row("USR", ToClient,  2,  5, "t OK a w"),
    Row("USR", ToClient,  6,  7, "t OK a w n"),
    Row("USR", ToClient,  8,  9, "t OK a w n n"),
    Row("USR", ToClient, 10, 22, "t OK a n n"),
    Row("USR", ToServer,  2, 15, "t a w"),
    Row("USR", ToServer, 16, 20, "t e w"),
    Row("USR", ToClient,  2, 15, "t OK a w"),
    Row("USR", ToClient, 16, 20, "t OK e w"),
    Row("XFR", ToServer,  2, 20, "t SB"),
    Row("XFR", ToServer,  2, 20, "t NS"),
    Row("XFR", ToClient,  2,  2, "t NS w"),
    Row("XFR", ToClient,  3,  6, "t NS w n"),
    Row("XFR", ToClient,  7, 12, "t NS w n w"),
    Row("XFR", ToClient, 13, 20, "t NS w w w"),
    Row("XFR", ToClient, 21, 22, "t NS w w w w?"),
    Row("XFR", ToClient,  2, 12, "t SB w w w?"),
    Row("XFR", ToClient, 13, 13, "t SB w w w w w"),
    Row("XFR", ToClient, 14, 20, "t SB w w w w w n"),
    Row("SBS", ToClient, 11, 20, "t w"),
    Row("GCF", ToServer, 11, 12, "t w"),
    Row("GCF", ToClient, 11, 12, "t w n"),
    Row("GCF", ToClient, 13, 20, "t n"),
    Row("CHL", ToClient,  6, 22, "t w"),
    Row("CHL", ToServer,  6, 22, "t"),
    Row("QRY", ToServer,  6, 22, "t w n"),
    Row("QRY", ToClient,  6, 22, "t"),
    Row("PNG", ToServer,  2, 22, ""),
    Row("QNG", ToClient,  2,  8, ""),
    Row("QNG", ToClient,  9, 22, "n"),
    Row("OUT", ToServer,  2, 22, ""),
    Row("OUT", ToClient,  2, 22, "s? n?"),
    // Contact lists up to MSNP12.
    Row("SYN", ToServer,  2,  9, "t n"),
    Row("SYN", ToServer, 10, 12, "t w w"),
    Row("SYN", ToClient,  2,  7, "t n"),
    Row("SYN", ToClient,  8,  9, "t n n n"),
    Row("SYN", ToClient, 10, 12, "t w w n? n?"),
    Row("LST", ToServer,  2,  9, "t w"),
    Row("LST", ToClient,  2,  6, "t w n n n a? w?"),
    Row("LST", ToClient,  7,  7, "t w n n n a? w? w?"),
    Row("LST", ToClient,  8,  9, "a w n w?"),
    Row("LST", ToClient, 10, 11, "N= F=? C=? n w?"),
    Row("LST", ToClient, 12, 12, "N= F=? C=? n n w?"),
    Row("LSG", ToClient,  7,  7, "t n n n n w n"),
    Row("LSG", ToClient,  8,  9, "n w n"),
    Row("LSG", ToClient, 10, 12, "w w"),
    Row("GTC", ToServer,  2, 12, "t w"),
    Row("GTC", ToClient,  2, 12, "t? n? w"),
    Row("BLP", ToServer,  2, 20, "t w"),
    Row("BLP", ToClient,  2, 20, "t? n? w"),
    Row("PRP", ToServer,  5, 20, "t s w?"),
    Row("PRP", ToClient,  5,  9, "t? n? s w?"),
    Row("PRP", ToClient, 10, 20, "t? s w?"),
    Row("BPR", ToClient,  5,  7, "n? a? s w?"),
    Row("BPR", ToClient,  8,  9, "n? a? s w?"),
    Row("BPR", ToClient, 10, 12, "a? s w?"),
    Row("SBP", ToServer, 10, 12, "t w s w"),
    Row("SBP", ToClient, 10, 12, "t w s w"),
    Row("ADD", ToServer,  2,  9, "t w a w n?"),
    Row("ADD", ToClient,  2,  9, "t w n a w n?"),
    Row("ADC", ToServer, 10, 12, "t w N=? F=? C=? w?"),
    Row("ADC", ToClient, 10, 12, "t w N=? F=? C=? w?"),
    Row("REM", ToServer,  2,  9, "t w a n?"),
    Row("REM", ToServer, 10, 12, "t w w w?"),
    Row("REM", ToClient,  2,  9, "t w n a n?"),
    Row("REM", ToClient, 10, 12, "t w w w?"),
    Row("ADG", ToServer,  7, 12, "t w n?"),
    Row("ADG", ToClient,  7,  9, "t n w n n"),
    Row("ADG", ToClient, 10, 12, "t w w n?"),
    Row("RMG", ToServer,  7,  9, "t n"),
    Row("RMG", ToServer, 10, 12, "t w"),
    Row("RMG", ToClient,  7,  9, "t n n"),
    Row("RMG", ToClient, 10, 12, "t n? w"),
    Row("REG", ToServer,  7,  9, "t n w n?"),
    Row("REG", ToServer, 10, 12, "t w w n?"),
    Row("REG", ToClient,  7,  9, "t n n w n"),
    Row("REG", ToClient, 10, 12, "t n? w w n?"),
    Row("REA", ToServer,  2,  9, "t a w"),
    Row("REA", ToClient,  2,  9, "t n a w"),
    Row("FND", ToServer,  2,  7, "t w*"),
    Row("FND", ToClient,  2,  7, "t n n w*"),
    Row("SND", ToServer,  2,  2, "t a"),
    Row("SND", ToServer,  3,  3, "t a w w"),
    Row("SND", ToServer,  4,  4, "t a w w w"),
    Row("SND", ToClient,  2,  4, "t OK"),
    Row("SDC", ToServer,  5, 12, "t a w w w X X w n"),
    Row("SDC", ToClient,  5, 12, "t OK"),
    Row("URL", ToServer,  2, 20, "t w w?"),
    Row("URL", ToClient,  2, 20, "t w w n?"),
    Row("IMS", ToServer,  3,  8, "t w"),
    Row("IMS", ToClient,  3,  8, "t n w"),
    // Contact lists from MSNP13.
    Row("ADL", ToServer, 13, 22, "t n"),
    Row("ADL", ToClient, 13, 22, "t OK"),
    Row("ADL", ToClient, 13, 22, "t n"),
    Row("RML", ToServer, 13, 22, "t n"),
    Row("RML", ToClient, 13, 22, "t OK"),
    Row("RML", ToClient, 13, 22, "t n"),
    Row("FQY", ToServer, 14, 20, "t n"),
    Row("FQY", ToClient, 14, 20, "t n"),
    Row("RFS", ToClient, 13, 20, "w*"),
    // Presence.
    Row("CHG", ToServer,  2,  7, "t s"),
    Row("CHG", ToClient,  2,  7, "t s"),
    Row("CHG", ToServer,  8,  8, "t s w"),
    Row("CHG", ToClient,  8,  8, "t s w"),
    Row("CHG", ToServer,  9, 20, "t s w w?"),
    Row("CHG", ToClient,  9, 20, "t s w w?"),
    Row("ILN", ToClient,  2,  7, "t s a w"),
    Row("ILN", ToClient,  8,  8, "t s a w w"),
    Row("ILN", ToClient,  9, 13, "t s a w w w?"),
    Row("ILN", ToClient, 14, 17, "t s a n w w w? w?"),
    Row("NLN", ToClient,  2,  7, "s a w"),
    Row("NLN", ToClient,  8,  8, "s a w w"),
    Row("NLN", ToClient,  9, 13, "s a w w w?"),
    Row("NLN", ToClient, 14, 17, "s a n w w w? w?"),
    Row("NLN", ToClient, 18, 20, "s p w w w? w?"),
    Row("FLN", ToClient,  2, 13, "a"),
    Row("FLN", ToClient, 14, 17, "a n w? w?"),
    Row("FLN", ToClient, 18, 20, "p w? w?"),
    Row("UUX", ToServer, 11, 20, "t n"),
    Row("UUX", ToClient, 11, 20, "t n"),
    Row("UBX", ToClient, 11, 13, "a n"),
    Row("UBX", ToClient, 14, 17, "a n n"),
    Row("UBX", ToClient, 18, 20, "p n"),
    // Messages and alerts on the notification server.
    Row("MSG", ToClient,  2, 22, "Hotmail w n"),
    Row("NOT", ToClient,  5, 22, "n"),
    Row("IPG", ToClient,  5, 20, "n"),
    Row("PAG", ToServer,  5,  8, "t a n"),
    Row("PGD", ToServer,  9, 20, "t a n n"),
    Row("UUN", ToServer, 13, 20, "t w n n"),
    Row("UUN", ToClient, 13, 20, "t OK"),
    Row("UBN", ToClient, 13, 20, "w n n"),
    Row("UUM", ToServer, 14, 20, "t a n n n"),
    Row("UBM", ToClient, 14, 20, "a n a n n n"),
    Row("VAS", ToServer, 18, 20, "t a w w n"),
    Row("RNG", ToClient,  2, 12, "w w w w a w"),
    Row("RNG", ToClient, 13, 13, "w w w w a w w w"),
    Row("RNG", ToClient, 14, 20, "w w w w a w w w n"),
    // Circles and datagrams.
    Row("PUT", ToServer, 18, 22, "t n"),
    Row("PUT", ToClient, 18, 22, "t OK n"),
    Row("DEL", ToServer, 18, 22, "t n"),
    Row("DEL", ToClient, 18, 22, "t OK n"),
    Row("NFY", ToClient, 18, 22, "s n"),
    Row("SDG", ToServer, 18, 22, "t n"),
    Row("SDG", ToClient, 18, 22, "t n"),
    // Switchboards.
    Row("CAL", ToServer,  2, 20, "t a"),
    Row("CAL", ToClient,  2, 20, "t w w"),
    Row("ANS", ToServer,  2, 15, "t a w w"),
    Row("ANS", ToServer, 16, 20, "t e w w"),
    Row("ANS", ToClient,  2, 20, "t OK"),
    Row("IRO", ToClient,  2, 11, "t n n a w"),
    Row("IRO", ToClient, 12, 15, "t n n a w w?"),
    Row("IRO", ToClient, 16, 20, "t n n e w w?"),
    Row("JOI", ToClient,  2, 11, "a w"),
    Row("JOI", ToClient, 12, 15, "a w w?"),
    Row("JOI", ToClient, 16, 20, "e w w?"),
    Row("BYE", ToClient,  2, 15, "a n?"),
    Row("BYE", ToClient, 16, 20, "e n?"),
    Row("MSG", ToServer,  2, 20, "t m n"),
    Row("MSG", ToClient,  2, 20, "a w n"),
    Row("ACK", ToClient,  2, 20, "t"),
    Row("NAK", ToClient,  2, 20, "t"),
    // Known by name, or hardly more.
    Row("LKP", ToServer, 12, 22, "w*"),
    Row("GSB", ToServer,  2, 22, "w*"),
    Row("FSL", ToServer, 21, 22, "t w n"),
    Row("FSL", ToClient, 21, 22, "t OK n"),
    Row("GET", ToClient,  2, 22, "w*"),
    // Errors: their number stands in place of the verb.
    Row("###", ToClient,  2, 22, "t? w*"),
    Row("###", ToClient, 13, 22, "t n"),
];

/// A golden PDU, as far as this file looks at it.
struct Golden {
    name: String,
    direction: Direction,
    /// `None` when it is the same in all dialects.
    dialect: Option<u8>,
    invented: bool,
    verb: String,
    arguments: Vec<String>,
}

/// The golden PDUs that are commands of MSNP, rather than what two programs say to each other.
fn goldens() -> Vec<Golden> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pdus = files.filter(|path| path.extension().is_some_and(|extension| extension == "msnp"));
    let golden = |path: std::path::PathBuf| {
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let circumstances = tree.lines().next().unwrap().trim_start_matches('#').split(',').map(str::trim);
        let circumstances = circumstances.collect::<Vec<_>>();
        let between = ["direct connection", "file transfer", "relay", "webcam", "udp"];
        if between.iter().any(|dialogue| circumstances.contains(dialogue)) {
            return None;
        }
        let direction = match circumstances[0] {
            "from client" => ToServer,
            "from server" => ToClient,
            _ => Direction::Unknown,
        };
        let bytes = std::fs::read(&path).unwrap();
        let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap()).into_owned();
        let mut words = line.split_ascii_whitespace().map(str::to_owned);
        Some(Golden {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            direction,
            dialect: circumstances.iter().find_map(|word| word.strip_prefix("MSNP")?.parse().ok()),
            invented: circumstances.contains(&"invented"),
            verb: words.next().map(|word| if is_number(&word) { "###".to_owned() } else { word }).unwrap_or_default(),
            arguments: words.collect(),
        })
    };
    pdus.filter_map(golden).collect()
}

impl Row {
    /// True when a golden PDU has this form, in one of its dialects.
    fn shows(&self, golden: &Golden) -> bool {
        let Self(verb, direction, first, last, arguments) = self;
        let arguments = arguments.split(' ').filter(|argument| !argument.is_empty()).collect::<Vec<_>>();
        golden.verb == *verb
            && golden.direction == *direction
            && golden.dialect.is_none_or(|dialect| (*first..=*last).contains(&dialect))
            && accepts(&arguments, &golden.arguments)
    }

    /// A row for some dialects wants a golden PDU that says in which dialect it is; where all are alike any will do.
    fn is_shown_by(&self, golden: &Golden) -> bool {
        let alike = |row: &&Row| row.0 == self.0 && row.1 == self.1;
        let same_everywhere = ROWS.iter().filter(alike).all(|row| (row.2, row.3) == (self.2, self.3));
        self.shows(golden) && (golden.dialect.is_some() || same_everywhere || self.0 == "MSG")
    }
}

fn accepts(pattern: &[&str], words: &[String]) -> bool {
    let Some((part, pattern_left)) = pattern.split_first() else { return words.is_empty() };
    if let Some(part) = part.strip_suffix('*') {
        return words.iter().all(|word| fits(part, word));
    }
    let (part, optional) = part.strip_suffix('?').map_or((*part, false), |part| (part, true));
    let taken = words.split_first().is_some_and(|(word, left)| fits(part, word) && accepts(pattern_left, left));
    taken || optional && accepts(pattern_left, words)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn fits(part: &str, word: &str) -> bool {
    let number = is_number(word);
    let plain = !word.contains(';') && (word.contains('@') || word.starts_with("tel:"));
    match part {
        "t" => number && word.len() <= 10,
        "n" => number,
        "a" => plain,
        "e" => word.contains('@'),
        "p" => word.split_once(':').is_some_and(|(network, rest)| network.parse::<u8>().is_ok() && rest.contains('@')),
        "s" => word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()),
        "m" => ["U", "N", "A", "D", "S"].contains(&word),
        "w" => true,
        literal if literal.ends_with('=') => word.starts_with(literal),
        literal => word == literal,
    }
}

#[test]
fn every_form_of_a_command_has_a_pdu() {
    let goldens = goldens();
    let shown = |row: &&Row| goldens.iter().any(|golden| row.is_shown_by(golden));
    let lacking = ROWS.iter().filter(|row| !shown(row));
    let lacking = lacking.map(|Row(verb, direction, first, last, arguments)| {
        format!("{verb} {direction:?} MSNP{first}–{last}: {arguments}")
    });
    assert_eq!(lacking.collect::<Vec<_>>(), [""; 0], "no golden PDU shows these");
}

/// What documentation does not know is made up, and says so; or its name says that it is odd.
#[test]
fn a_pdu_that_has_no_documented_form_says_that_it_is_invented() {
    let unknown = goldens().into_iter().filter(|golden| {
        let known = ROWS.iter().any(|row| row.shows(golden)) || golden.direction == Direction::Unknown;
        !known && !golden.invented && !golden.name.starts_with("odd-")
    });
    let unknown = unknown.map(|golden| golden.name).collect::<Vec<_>>();
    assert_eq!(unknown, [""; 0], "of no form that the table has");
}

/// The library's table of verbs and this one know the same commands.
#[test]
fn both_tables_know_the_same_commands() {
    for decl in verb::VERBS {
        let code = String::from_utf8_lossy(decl.code);
        for (direction, shape) in [(ToServer, &decl.to_server), (ToClient, &decl.to_client)] {
            let rows = ROWS.iter().filter(|row| row.0 == code && row.1 == direction).count();
            // Asking for groups is the library's own guess: clients of MSNP7 could.
            let guessed = code == "LSG" && direction == ToServer;
            assert_eq!(shape.is_some() && !guessed, rows > 0, "{code} {direction:?}");
        }
    }
    let declared = |row: &Row| row.0 == "###" || verb::VERBS.iter().any(|decl| decl.code == row.0.as_bytes());
    assert!(ROWS.iter().all(declared));
}
