//! Verbs: the three letters that start a command, who sends each, what its arguments look like and whether a payload follows.
//!
//! One row per verb. A [`Shape`] is one direction of it. Sources: the protocol reference's command table; the argument
//! patterns join all dialects, since the dialect is often unknown and never decides about framing.

use super::reply::Replies;
use super::{Direction, Server};
use crate::tree::{Record, Text, TextDecl, TextId, Value, lossy};

/// Three bytes that name a command. Unknown ones are data to show, not an error.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verb(pub [u8; 3]);

impl Verb {
    /// The verb that `word` spells, known or not; `None` unless it is three bytes long.
    #[must_use]
    pub fn parse(word: &[u8]) -> Option<Self> {
        word.try_into().ok().map(Self)
    }

    /// Its row in the table.
    #[must_use]
    pub fn decl(self) -> Option<&'static VerbDecl> {
        VERBS.get(usize::from(*ROWS.get(place(self.0)?)?))
    }

    /// An error answer: three decimal digits.
    #[must_use]
    pub fn is_error(self) -> bool {
        self.0.iter().all(u8::is_ascii_digit)
    }

    /// The number that an error answer's digits spell.
    #[must_use]
    pub fn error_code(self) -> Option<u32> {
        self.is_error().then(|| self.0.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
    }

    /// Its shape in one direction, if it is known to travel that way.
    #[must_use]
    pub fn shape(self, direction: Direction) -> Option<&'static Shape> {
        if self.is_error() {
            return (direction != Direction::ToServer).then_some(&ERROR);
        }
        let decl = self.decl()?;
        match direction {
            Direction::ToServer => decl.to_server.as_ref(),
            Direction::ToClient => decl.to_client.as_ref(),
            Direction::Unknown => decl.to_client.as_ref().or(decl.to_server.as_ref()),
        }
    }
}

/// Letters of the alphabet: verbs are three of them.
const LETTERS: usize = 26;

/// Where each row of the table of verbs is, by [`place`]. Every command has its verb looked up many times.
static ROWS: [u8; LETTERS * LETTERS * LETTERS] = rows();

#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // evaluated by the compiler, which would refuse it
const fn rows() -> [u8; LETTERS * LETTERS * LETTERS] {
    assert!(VERBS.len() < NO_ROW as usize);
    let mut rows = [NO_ROW; LETTERS * LETTERS * LETTERS];
    let mut row = 0;
    while row < VERBS.len() {
        if let Some(place) = place(*VERBS[row].code) {
            rows[place] = row as u8;
        }
        row += 1;
    }
    rows
}

/// Says that there is no row.
const NO_ROW: u8 = u8::MAX;

/// The number that three capital letters spell.
const fn place([first, second, third]: [u8; 3]) -> Option<usize> {
    if !(first.is_ascii_uppercase() && second.is_ascii_uppercase() && third.is_ascii_uppercase()) {
        return None;
    }
    let [first, second, third] = [(first - b'A') as usize, (second - b'A') as usize, (third - b'A') as usize];
    Some((first * LETTERS + second) * LETTERS + third)
}

impl core::fmt::Debug for Verb {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&lossy(&self.0))
    }
}

impl core::fmt::Display for Verb {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&lossy(&self.0))
    }
}

impl Record for Verb {
    fn value(&self) -> Value {
        Value::Text(lossy(&self.0))
    }

    fn label(&self) -> Option<Text> {
        if self.is_error() {
            return Some(TextId::new(&ERROR_TITLE).text());
        }
        self.decl().map(|decl| TextId::new(&decl.title).text())
    }
}

/// One row: what a verb is called, and its shape in each direction.
#[derive(Debug)]
pub struct VerbDecl {
    /// The three letters.
    pub code: &'static [u8; 3],
    /// What it is short for.
    pub title: TextDecl,
    /// The dialect that introduced it; of two that sources name, the older. Labels, never accepts or rejects.
    pub since: u8,
    /// The last dialect that any source names for it, where that is none of the latest. A label too.
    pub until: u8,
    /// From client to server.
    pub to_server: Option<Shape>,
    /// From server to client.
    pub to_client: Option<Shape>,
}

/// One direction of a verb.
#[derive(Debug)]
pub struct Shape {
    /// Which servers take part: some of `D`, `N`, `S`.
    pub servers: &'static str,
    /// Arguments, one letter each: `t` TrID, `n` number, `a` account, `s` status, `m` acknowledgement mode, `w` any word;
    /// `?` after a letter: may be missing, `*`: any number of them.
    pub arguments: &'static str,
    /// The last argument may announce a payload.
    pub payload: bool,
    /// What the other side answers.
    pub replies: Replies,
    /// What the sender does with it, for people.
    pub means: TextDecl,
}

impl Shape {
    /// True when the first argument is a TrID in every dialect.
    #[must_use]
    pub fn has_trid(&self) -> bool {
        self.arguments.starts_with('t') && !self.arguments.starts_with("t?")
    }

    /// How many arguments there are at least.
    #[must_use]
    pub fn least(&self) -> usize {
        self.arguments.split(' ').filter(|part| !part.is_empty() && !part.ends_with(['?', '*'])).count()
    }

    /// True when this kind of server takes part.
    #[must_use]
    pub fn fits(&self, server: Server) -> bool {
        match server {
            Server::Dispatch => self.servers.contains('D'),
            Server::Notification => self.servers.contains('N'),
            Server::Switchboard => self.servers.contains('S'),
            Server::Unknown => true,
        }
    }

    /// True when the words after the verb look like this shape: a credible command, for resynchronising and detection.
    #[must_use]
    pub fn accepts(&self, arguments: &[&[u8]]) -> bool {
        let mut rest = arguments.iter();
        let mut pattern = self.arguments.split(' ').filter(|p| !p.is_empty()).peekable();
        while let Some(part) = pattern.next() {
            let mut letters = part.bytes();
            let letter = letters.next().unwrap_or(b'w');
            match letters.next() {
                Some(b'*') => return rest.all(|word| fits(letter, word)),
                Some(_) => {
                    let Some(word) = rest.clone().next() else { continue };
                    if fits(letter, word) {
                        rest.next();
                    } else if pattern.peek().is_none() {
                        return false;
                    }
                }
                None => match rest.next() {
                    Some(word) if fits(letter, word) => {}
                    _ => return false,
                },
            }
        }
        rest.next().is_none()
    }
}

fn fits(letter: u8, word: &[u8]) -> bool {
    let digits = word.iter().all(u8::is_ascii_digit);
    match letter {
        b't' => digits && word.len() <= 10,
        b'n' => digits && word.len() <= 20,
        b'a' => word.contains(&b'@') || word.contains(&b':'),
        b's' => word.len() == 3 && word.iter().all(u8::is_ascii_uppercase),
        b'm' => matches!(word, b"U" | b"N" | b"A" | b"D" | b"S"),
        _ => true,
    }
}

const ERROR_TITLE: TextDecl = TextDecl { id: "verb.error", english: "Error" };

/// Error answers: the code, usually the TrID of the request, sometimes the length of an explanation.
pub static ERROR: Shape = Shape {
    servers: "DNS",
    arguments: "t? w*",
    payload: true,
    replies: Replies::NEVER,
    means: TextDecl { id: "means.error", english: "The server refuses the request or reports a problem." },
};

/// One row: `CODE since [to last] "title" [replies to the client; replies to the server] { C: shape S: shape }`.
macro_rules! verbs {
    ( $(
        $code:ident $since:literal $(to $until:literal)? $title:literal
        [ $expected:ident $($reply:ident)* $(; $back_expected:ident $($back_reply:ident)*)? ]
        { C: $client:tt S: $server:tt }
    )+ ) => {
        $(
            #[doc = $title]
            pub const $code: Verb = Verb(const_code(stringify!($code)));
        )+
        /// All verbs that any source names.
        pub static VERBS: &[VerbDecl] = &[$( VerbDecl {
            code: &$code.0,
            title: TextDecl { id: concat!("verb.", stringify!($code)), english: $title },
            since: $since,
            until: [$($until,)? u8::MAX][0],
            to_server: verbs!(@ concat!("means.client.", stringify!($code)),
                Replies::$expected(&[$($reply),*]), $client),
            to_client: verbs!(@ concat!("means.server.", stringify!($code)),
                Replies::NEVER $(.or(Replies::$back_expected(&[$($back_reply),*])))?, $server),
        }, )+];
    };
    (@ $id:expr, $replies:expr, -) => { None };
    (@ $id:expr, $replies:expr, [ $servers:literal $arguments:literal $payload:ident $means:literal ]) => {
        Some(Shape {
            servers: $servers,
            arguments: $arguments,
            payload: verbs!(# $payload),
            replies: $replies,
            means: TextDecl { id: $id, english: $means },
        })
    };
    (# line) => { false };
    (# payload) => { true };
}

const fn const_code(code: &str) -> [u8; 3] {
    let bytes = code.as_bytes();
    assert!(bytes.len() == 3);
    #[allow(clippy::indexing_slicing)] // evaluated by the compiler, with the length asserted above
    [bytes[0], bytes[1], bytes[2]]
}

verbs! {
    VER 2 "Version" [always VER] {
        C: ["DN" "t w w*" line "The client offers the dialects of MSNP that it speaks, best first."]
        S: ["DN" "t w*" line "The server chooses the dialect for this connection; 0 means that none fits."] }
    INF 2 to 7 "Login methods" [always INF] {
        C: ["DN" "t" line "The client asks how it may prove who it is."]
        S: ["DN" "t w*" line "The server names the ways to prove who one is."] }
    CVR 2 "Client version" [always CVR] {
        C: ["DN" "t w w w w w w? w? w? w?" line "The client describes itself: language, operating system, program and build."]
        S: ["DN" "t w w w w w" line "The server names the client version it recommends and the oldest one it accepts."] }
    CVQ 2 "Client version query" [always CVQ] {
        C: ["DN" "t w w w w w w? w? w?" line "The client asks for the recommended version without signing in."]
        S: ["DN" "t w w w w w" line "The server names the client version it recommends and the oldest one it accepts."] }
    USR 2 "User" [always USR XFR] {
        C: ["DNS" "t w w w*" line "The client says who it is, or proves it."]
        S: ["DNS" "t w w w*" line "The server asks for a proof of identity, or accepts it."] }
    XFR 2 "Transfer" [always XFR] {
        C: ["N" "t w" line "The client asks for a chat room (SB) or for another notification server (NS)."]
        S: ["DN" "t w w w*" line "The server tells the client where to connect next."] }
    SBS 11 "Service status" [never] {
        C: -
        S: ["N" "t w" line "A housekeeping line after sign-in, always “0 null”; believed to be about mobile credit."] }
    GCF 11 "Get configuration file" [always GCF] {
        C: ["N" "t w" line "The client asks for the policy file that blocks features and words."]
        S: ["N" "t w? n" payload "The server hands over its policy: blocked client builds, features and words."] }
    CHL 6 "Challenge" [always CHL; always QRY] {
        C: ["N" "t" line "The client asks to be given a puzzle."]
        S: ["N" "t w" line "The server sends a puzzle that only a genuine client can solve."] }
    QRY 6 "Challenge answer" [always QRY] {
        C: ["N" "t w n" payload "The client answers the puzzle."]
        S: ["N" "t" line "The server accepts the answer to the puzzle."] }
    PNG 2 "Ping" [by_server QNG] {
        C: ["NS" "" line "The client asks whether the connection still works."]
        S: - }
    QNG 2 "Ping answer" [never] {
        C: -
        S: ["N" "n?" line "The server answers the ping."] }
    OUT 2 "Sign out" [never] {
        C: ["DNS" "" line "The client leaves."]
        S: ["DNS" "w? n?" line "The server ends the connection and may say why."] }
    SYN 2 to 12 "Synchronise" [always SYN GTC BLP PRP LSG LST BPR] {
        C: ["N" "t w w?" line "The client asks for its contact list unless its saved copy is current."]
        S: ["N" "t w w? n? n?" line "The server says which version of the contact list follows and how long it is."] }
    LST 2 to 12 "Contact" [always LST] {
        C: ["N" "t s?" line "The client asks for one of its lists."]
        S: ["N" "w w w*" line "The server sends one contact of the list."] }
    LSG 7 to 12 "Contact group" [always LSG] {
        C: ["N" "t" line "The client asks for its groups."]
        S: ["N" "w w w*" line "The server sends one group of the contact list."] }
    GTC 2 to 12 "Added-by setting" [always GTC] {
        C: ["N" "t w" line "The client chooses whether to be asked when somebody adds it."]
        S: ["N" "w w? w?" line "The server reports whether the client wants to be asked when somebody adds it."] }
    BLP 2 "Privacy setting" [always BLP] {
        C: ["N" "t w" line "The client chooses whether people on no list may see it."]
        S: ["N" "w w? w?" line "The server reports whether people on no list may see the client."] }
    PRP 5 "Own property" [always PRP] {
        C: ["N" "t w w?" line "The client changes one of its properties, such as its display name."]
        S: ["N" "w w? w? w?" line "The server confirms or reports one of the client’s properties."] }
    BPR 5 to 12 "Contact property" [never] {
        C: -
        S: ["N" "w w? w? w?" line "The server reports a property of a contact, such as a phone number."] }
    SBP 10 to 12 "Set contact property" [always SBP] {
        C: ["N" "t w w w" line "The client stores a note about a contact, such as a name of its own for it."]
        S: ["N" "t w w w" line "The server confirms the note about a contact."] }
    ADD 2 to 9 "Add" [always ADD ILN] {
        C: ["N" "t w a w w?" line "The client puts somebody on one of its lists."]
        S: ["N" "t w n a w w?" line "The server confirms an addition, or says that somebody added the client."] }
    ADC 10 to 12 "Add contact" [always ADC ILN] {
        C: ["N" "t w w w? w?" line "The client puts somebody on one of its lists or into a group."]
        S: ["N" "t w w w? w? w?" line "The server confirms an addition, or says that somebody added the client."] }
    REM 2 to 12 "Remove" [always REM] {
        C: ["N" "t w w w?" line "The client takes somebody off one of its lists or out of a group."]
        S: ["N" "t w w w? w?" line "The server confirms a removal, or says that somebody removed the client."] }
    ADG 7 to 12 "Add group" [always ADG] {
        C: ["N" "t w w?" line "The client makes a new contact group."]
        S: ["N" "t w w w? w?" line "The server confirms the new group."] }
    RMG 7 to 12 "Remove group" [always RMG] {
        C: ["N" "t w" line "The client deletes a contact group."]
        S: ["N" "t w w?" line "The server confirms that the group is gone."] }
    REG 7 to 12 "Rename group" [always REG] {
        C: ["N" "t w w w?" line "The client renames a contact group."]
        S: ["N" "t w w w? w?" line "The server confirms the group’s new name."] }
    REA 2 to 9 "Rename account" [always REA] {
        C: ["N" "t a w" line "The client changes a display name: its own or a contact’s."]
        S: ["N" "t n a w" line "The server confirms the new display name."] }
    FND 2 to 7 "Find" [always FND] {
        C: ["N" "t w w*" line "The client searches the member directory."]
        S: ["N" "t n n w*" line "One entry found in the member directory."] }
    SND 2 to 4 "Send invitation" [always SND] {
        C: ["N" "t w w? w? w?" line "The client has the server invite somebody by e-mail."]
        S: ["N" "t w" line "The server has sent the invitation by e-mail."] }
    SDC 5 to 12 "Send invitation with note" [always SDC] {
        C: ["N" "t w w w w w w w n" payload "The client has the server invite somebody by e-mail, with a note."]
        S: ["N" "t w" line "The server has sent the invitation by e-mail."] }
    URL 2 "Service address" [always URL] {
        C: ["N" "t w w?" line "The client asks for the web address of a service, such as its inbox."]
        S: ["N" "t w w w?" line "The server gives the web address of a service."] }
    IMS 3 to 8 "Invitations switch" [always IMS] {
        C: ["N" "t w" line "The client switches chat invitations on or off."]
        S: ["N" "t w w" line "The server confirms the invitations switch."] }
    ADL 13 "Add to list" [always ADL ILN] {
        C: ["N" "t n" payload "The client names the contacts that it wants to follow."]
        S: ["N" "t w" payload "The server accepts the contacts, or says that somebody added the client."] }
    RML 13 "Remove from list" [always RML] {
        C: ["N" "t n" payload "The client takes contacts off its lists."]
        S: ["N" "t w" payload "The server accepts the removal, or says that somebody removed the client."] }
    FQY 14 "Federation query" [always FQY] {
        C: ["N" "t n" payload "The client asks to which network an address belongs."]
        S: ["N" "t n" payload "The server says to which network an address belongs."] }
    RFS 13 "Refresh" [never] {
        C: -
        S: ["N" "w*" line "The server asks the client to fetch its contact list again."] }
    CHG 2 "Change status" [always CHG ILN] {
        C: ["N" "t s w? w?" line "The client sets its status and says what it can do."]
        S: ["N" "t s w? w?" line "The server confirms the new status."] }
    ILN 2 to 17 "Initial presence" [never] {
        C: -
        S: ["N" "t s a w w? w? w? w?" line "A contact that was already there when the client signed in."] }
    NLN 2 "Presence" [never] {
        C: -
        S: ["N" "s a w w? w? w? w?" line "A contact came online or changed status, name or picture."] }
    FLN 2 "Offline" [never] {
        C: -
        S: ["N" "a w? w? w?" line "A contact went offline."] }
    UUX 10 "Own extended presence" [always UUX] {
        C: ["N" "t n" payload "The client publishes its personal message, its music or facts about this device."]
        S: ["N" "t n" payload "The server confirms what the client has published about itself."] }
    UBX 10 "Contact’s extended presence" [never] {
        C: -
        S: ["N" "a w? n" payload "A contact’s personal message, music or devices changed; length 0 means cleared."] }
    MSG 2 "Message" [by_mode ACK NAK] {
        C: ["S" "t m n" payload "The client sends a message to everybody in the chat room."]
        S: ["NS" "w w n" payload "A message arrives: from somebody in the chat room, or from the service itself."] }
    NOT 5 "Notification" [never] {
        C: -
        S: ["N" "n" payload "The service pushes an alert."] }
    IPG 5 "Incoming page" [never] {
        C: -
        S: ["N" "n" payload "A text message arrives from a mobile phone."] }
    PAG 5 to 8 "Page" [on_trouble] {
        C: ["N" "t w n" payload "The client sends a text message to a contact’s mobile phone."]
        S: - }
    PGD 9 "Page device" [on_trouble] {
        C: ["N" "t w w n" payload "The client sends a text message to a contact’s phone or watch."]
        S: - }
    UUN 13 "Notify another device" [always UUN] {
        C: ["N" "t w n n" payload "The client sends a control message to a contact or to its own other devices."]
        S: ["N" "t w" payload "The server passed the control message on."] }
    UBN 13 "Notification from another device" [never] {
        C: -
        S: ["N" "w n n" payload "A control message arrives from a contact or from one of the client’s other devices."] }
    UUM 14 "Message through the notification server" [on_trouble] {
        C: ["N" "t w n n n" payload "The client sends a message to another network or to somebody offline."]
        S: - }
    UBM 14 "Message through the notification server" [never] {
        C: -
        S: ["NS" "w n w n n n" payload "A message arrives from another network, or one that waited while the client was offline."] }
    VAS 18 "Report a user" [on_trouble] {
        C: ["N" "t w w w n" payload "The client reports a user to the service."]
        S: - }
    RNG 2 "Ring" [never] {
        C: -
        S: ["N" "w w w w a w w? w? w?" line "Somebody invites the client into a chat room: where it is and the cookie to enter."] }
    PUT 18 "Put" [always PUT] {
        C: ["N" "t n" payload "The client publishes presence or group data."]
        S: ["N" "t w n" payload "The server confirms what was published."] }
    DEL 18 "Delete" [always DEL] {
        C: ["N" "t n" payload "The client withdraws published data, for example leaves a group."]
        S: ["N" "t w n" payload "The server confirms the withdrawal."] }
    NFY 18 "Notify" [never] {
        C: -
        S: ["N" "s n" payload "The server reports somebody’s presence or a change in a group."] }
    SDG 18 "Send datagram" [on_trouble SDG] {
        C: ["N" "t n" payload "The client sends a chat message, a typing notice or file data."]
        S: ["N" "t n" payload "A chat message, a typing notice or file data arrives."] }
    CAL 2 "Call" [always CAL] {
        C: ["S" "t w" line "The client invites somebody into the chat room."]
        S: ["S" "t w w" line "The chat room is calling the invited person."] }
    ANS 2 "Answer" [always ANS IRO] {
        C: ["S" "t a w w" line "The client accepts an invitation and enters the chat room."]
        S: ["S" "t w" line "The chat room lets the client in; the list of people is complete."] }
    IRO 2 "Initial roster" [never] {
        C: -
        S: ["S" "t n n a w w?" line "One person who is already in the chat room."] }
    JOI 2 "Join" [never] {
        C: -
        S: ["S" "a w w?" line "Somebody enters the chat room."] }
    BYE 2 "Bye" [never] {
        C: -
        S: ["S" "a n?" line "Somebody left the chat room."] }
    ACK 2 "Acknowledge" [never] {
        C: -
        S: ["S" "t" line "The message reached everybody in the chat room."] }
    NAK 2 "Negative acknowledge" [never] {
        C: -
        S: ["S" "t" line "The message did not reach everybody in the chat room."] }
    LKP 12 "Look-up" [on_trouble] {
        C: ["N" "w*" line "Known by name only; believed to look somebody up."]
        S: - }
    GSB 2 "GSB" [on_trouble] {
        C: ["N" "w*" line "Known by name only."]
        S: - }
    FSL 21 "Settings" [always FSL] {
        C: ["N" "t w n" payload "A phone client sends a settings line after sign-in; its meaning is not documented."]
        S: ["N" "t w n" payload "The server accepts the settings line."] }
    GET 2 "Get" [never] {
        C: -
        S: ["N" "w*" payload "Known by name only."] }
}
