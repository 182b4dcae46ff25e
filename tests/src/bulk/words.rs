//! Invented people and what they say.

use crate::scenario::Random;

const NAMES: &[&str] = &[
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "karl", "lena", "mia", "nils",
    "olga", "paul", "quinn", "rosa", "sami", "tina", "uwe", "vera", "wim", "xenia", "yves", "zoe",
];
const WORDS: &[&str] = &[
    "the",
    "packet",
    "arrived",
    "before",
    "its",
    "acknowledgement",
    "and",
    "we",
    "laughed",
    "about",
    "café",
    "tonight",
    "at",
    "seven",
    "perché",
    "no",
    "homework",
    "is",
    "already",
    "très",
    "bien",
    "señora",
    "maybe",
    "tomorrow",
    "Straße",
    "my",
    "mother",
    "says",
    "hello",
    "to",
    "you",
    "all",
    ":)",
    ":-D",
    "ok",
    "wait",
    "a",
    "moment",
    "что",
    "明日",
    "music",
];
const COLOURS: &[&str] = &["0", "ff", "ff0000", "8000", "800080", "c0c0c0", "804000"];
const FONTS: &[&str] = &["MS%20Shell%20Dlg", "Comic%20Sans%20MS", "Verdana", "Segoe%20UI", "Tahoma"];

/// A person: account and encoded nickname.
#[derive(Debug, Clone)]
pub struct Person {
    /// E-mail-like name.
    pub account: String,
    /// As it stands in command lines.
    pub nick: String,
}

impl Person {
    /// The person with this number.
    pub fn numbered(number: u64) -> Self {
        let mut random = Random::named(number, "person");
        let name = random.pick(NAMES, "alice");
        let domain = random.pick(&["example.com", "example.org", "example.net"], "example.com");
        let mut letters = name.chars();
        let nick: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        Self { account: format!("{name}{number}@{domain}"), nick: format!("{nick}%20{number}") }
    }
}

/// The payload of a text message: 3 to 18 words in some font and colour.
pub fn text(random: &mut Random) -> String {
    let (font, colour) = (random.pick(FONTS, "Tahoma"), random.pick(COLOURS, "0"));
    let mut payload = format!(
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN={font}; EF=; CO={colour}; CS=0; PF=22\r\n\r\n"
    );
    for number in 0..random.between(3, 19) {
        if number > 0 {
            payload.push(' ');
        }
        payload.push_str(random.pick(WORDS, "the"));
    }
    payload
}

/// The payload of a typing notice.
pub fn typing(account: &str) -> String {
    format!("MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: {account}\r\n\r\n\r\n")
}

/// The payload of a nudge.
pub const NUDGE: &str = "MIME-Version: 1.0\r\nContent-Type: text/x-msnmsgr-datacast\r\n\r\nID: 1\r\n\r\n";

/// An encoded display picture, as presence carries it; sums of nothing that exists.
pub fn picture(account: &str, random: &mut Random) -> String {
    let account = account.replace('@', "%40");
    let (size, sum) = (random.between(2_000, 30_000), random.next());
    format!(
        "%3Cmsnobj%20Creator%3D%22{account}%22%20Size%3D%22{size}%22%20Type%3D%223%22%20Location%3D%22TFR{:X}.tmp%22%20Friendly%3D%22AAA%3D%22%20SHA1D%3D%22{sum:016x}AAAAAAAAAAA%3D%22%20SHA1C%3D%22{sum:016x}AAAAAAAAAAA%3D%22%2F%3E",
        size & 0xff
    )
}
