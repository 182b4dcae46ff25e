//! Pairing: which request does an answer belong to, and do the TrIDs make sense?
//!
//! A part of a connection's memory. Most answers repeat the TrID of their request; the lines that follow `SYN` from MSNP8
//! on, the answer to `PNG` and the puzzle (`CHL` and `QRY`) have none in common and are paired by what they are.

use std::collections::{HashMap, VecDeque};

use super::{Context, Direction, Misfit, Pdu, Request, Verb, reply, verb};

/// Requests remembered while they wait for their answers.
const OPEN_REQUESTS: usize = 4096;
/// Pings remembered while they wait for their answers.
const OPEN_PINGS: usize = 16;

/// Which requests are open.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// By TrID; an answered one stays, for more answers may follow.
    requests: HashMap<u32, Request>,
    /// TrIDs in the order of their first use.
    order: VecDeque<u32>,
    pings: VecDeque<Request>,
    /// All pings so far were seen and are remembered.
    pings_complete: bool,
    /// The client's last `SYN`, whose answer goes on in lines without TrID.
    synchronise: Option<Request>,
    /// The server's last puzzle, and the client's wish for one.
    puzzle: Option<Request>,
    puzzle_wanted: Option<Request>,
    /// The highest TrID of the client so far.
    highest: u32,
    /// All requests so far were seen and are remembered.
    complete: bool,
    /// The client has been heard. It speaks first: where the server seems to, bytes of the client are missing.
    heard: bool,
}

impl Pairing {
    /// The beginning of the connection was captured.
    pub(super) fn from_start() -> Self {
        Self { complete: true, pings_complete: true, ..Self::default() }
    }

    /// Fills in what `pdu` answers and what is wrong with its TrID.
    pub(super) fn link(&self, pdu: &Pdu<'_>, context: Context) -> Context {
        let Some(verb) = pdu.verb() else { return context };
        match context.direction {
            Direction::ToClient => self.answer(verb, pdu, context),
            Direction::ToServer => Context {
                answers: (verb == verb::QRY).then_some(self.puzzle).flatten(),
                misfit: self.growth(pdu),
                ..context
            },
            Direction::Unknown => context,
        }
    }

    fn answer(&self, verb: Verb, pdu: &Pdu<'_>, context: Context) -> Context {
        let optional = is_optional(verb);
        let found = match (trid(pdu, Direction::ToClient), verb) {
            (Some(0), verb::CHL) => self.puzzle_wanted,
            // The server started it; but some clients count from 0, and the first of their requests is `VER`.
            (Some(0), _) if verb.is_error() || verb == verb::SDG => None,
            (Some(0), _) => {
                self.requests.get(&0).filter(|r| reply::answers(verb, r.verb, Direction::ToServer)).copied()
            }
            (Some(trid), _) => match self.requests.get(&trid) {
                Some(request) if reply::answers(verb, request.verb, Direction::ToServer) => Some(*request),
                _ if optional => self.synchronise,
                Some(request) => return Context { misfit: Misfit::OtherRequest(request.verb), ..context },
                None if self.complete && self.heard => return Context { misfit: Misfit::NoRequest, ..context },
                None => None,
            },
            (None, verb::QNG) if self.pings.is_empty() && self.pings_complete && self.heard => {
                return Context { misfit: Misfit::NoRequest, ..context };
            }
            (None, verb::QNG) => self.pings.front().copied(),
            (None, verb::BPR) if !belongs_to_list(pdu) => None,
            (None, _) if optional || verb == verb::BPR => self.synchronise,
            (None, _) => None,
        };
        Context { answers: found, ..context }
    }

    /// A client counts upwards, but numbers a message when it is written and may send it later. Only 0 may come again.
    fn growth(&self, pdu: &Pdu<'_>) -> Misfit {
        match trid(pdu, Direction::ToServer).filter(|trid| *trid != 0) {
            Some(trid) => match self.requests.get(&trid) {
                Some(before) => Misfit::Repeated(before.verb),
                None if trid < self.highest => Misfit::Late(self.highest),
                None => Misfit::None,
            },
            None => Misfit::None,
        }
    }

    /// Moves on past a command, which the shell calls `number`.
    pub(super) fn observe(&mut self, number: u32, pdu: &Pdu<'_>, direction: Direction) {
        match direction {
            Direction::ToServer => self.heard = true,
            Direction::ToClient if !self.heard => self.doubt(),
            _ => {}
        }
        let Some(verb) = pdu.verb() else { return };
        let request = Request { pdu: number, verb };
        match (direction, verb) {
            (Direction::ToServer, verb::PNG) => {
                self.pings.push_back(request);
                if self.pings.len() > OPEN_PINGS {
                    self.pings.pop_front();
                    self.pings_complete = false;
                }
            }
            (Direction::ToServer, _) => {
                if let Some(trid) = trid(pdu, direction) {
                    self.remember(trid, request);
                }
            }
            (Direction::ToClient, verb::QNG) => {
                self.pings.pop_front();
            }
            (Direction::ToClient, verb::CHL) => {
                self.puzzle_wanted = None;
                self.puzzle = Some(request);
            }
            _ => {}
        }
    }

    fn remember(&mut self, trid: u32, request: Request) {
        match request.verb {
            verb::SYN => self.synchronise = Some(request),
            verb::CHL => self.puzzle_wanted = Some(request),
            verb::QRY => self.puzzle = None,
            _ => {}
        }
        self.highest = self.highest.max(trid);
        if self.requests.insert(trid, request).is_none() {
            self.order.push_back(trid);
        }
        if self.order.len() > OPEN_REQUESTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.requests.remove(&oldest);
            self.complete = false;
        }
    }

    /// Not all that the client said could be read: it may have asked more than is known.
    pub(super) fn doubt(&mut self) {
        self.complete = false;
        self.pings_complete = false;
    }

    /// Bytes were lost: what was in them is not known.
    pub(super) fn lost(&mut self, direction: Direction) {
        self.complete &= direction == Direction::ToClient;
        self.pings.clear();
        self.pings_complete = false;
        self.puzzle = None;
        self.puzzle_wanted = None;
    }
}

/// The server leaves the TrID out of these while it sends the list (`SYN`) from MSNP8 on.
fn is_optional(verb: Verb) -> bool {
    matches!(verb, verb::GTC | verb::BLP | verb::PRP | verb::LST | verb::LSG)
}

/// `BPR code value` belongs to the contact of the list before it; a later change names the contact.
fn belongs_to_list(pdu: &Pdu<'_>) -> bool {
    pdu.words().nth(1).is_some_and(|word| word.len() == 3 && word.iter().all(u8::is_ascii_uppercase))
}

/// The TrID of a command whose verb has one in every dialect, or whose first argument is one in some. What a client sends
/// under an unknown verb has one too: so the server's complaint finds it.
fn trid(pdu: &Pdu<'_>, direction: Direction) -> Option<u32> {
    let verb = pdu.verb()?;
    let optional = is_optional(verb);
    let Some(shape) = verb.shape(direction) else {
        let unknown = direction == Direction::ToServer && !verb.is_error();
        return unknown.then(|| number(pdu.words().nth(1)?)).flatten();
    };
    if !(shape.arguments.starts_with('t') || (optional && direction == Direction::ToClient)) {
        return None;
    }
    // During SYN the settings lines carry no TrID; their first word is then not a number, or (old LSG) a group's.
    if optional && direction == Direction::ToClient && matches!(verb, verb::LSG | verb::LST) {
        pdu.words().nth(4)?;
    }
    number(pdu.words().nth(1)?)
}

fn number(word: &[u8]) -> Option<u32> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::{Connection, PduKind};

    /// The contexts of lines, each with `C ` or `S ` in front; numbered from 1.
    fn contexts(mut connection: Connection, lines: &[&str]) -> Vec<Context> {
        let mut contexts = Vec::new();
        for (line, number) in lines.iter().zip(1..) {
            let (side, line) = line.split_once(' ').unwrap();
            let direction = if side == "C" { Direction::ToServer } else { Direction::ToClient };
            let bytes = format!("{line}\r\n").into_bytes();
            let pdu = Pdu::command(&bytes, bytes.len(), direction);
            let context = connection.context_for(&pdu, direction);
            connection.observe(number, &pdu, &context);
            contexts.push(context);
        }
        contexts
    }

    #[test]
    fn where_the_server_seems_to_speak_first_the_client_was_not_heard() {
        let lines = ["S IRO 1 1 1 alice@example.com Alice", "S ANS 1 OK", "C MSG 2 N 0", "S ACK 3"];
        let misfits = contexts(Connection::from_start(), &lines).into_iter().map(|context| context.misfit);
        assert_eq!(misfits.collect::<Vec<_>>(), [Misfit::None; 4]);
    }

    #[test]
    fn after_what_is_cut_nobody_is_said_not_to_have_asked() {
        let answer = b"ANS 1 OK\r\n";
        let misfit = |cut: Pdu<'_>| {
            let mut connection = Connection::from_start();
            let context = connection.context_for(&cut, Direction::ToServer);
            connection.observe(1, &cut, &context);
            let pdu = Pdu::command(answer, answer.len(), Direction::ToClient);
            connection.context_for(&pdu, Direction::ToClient).misfit
        };
        let whole = Pdu::command(b"PNG\r\n", 5, Direction::ToServer);
        assert_eq!(misfit(whole), Misfit::NoRequest);
        assert_eq!(misfit(Pdu { announced: 9, ..whole }), Misfit::None);
        assert_eq!(misfit(Pdu::stray(b"ANS 1 alice@exam", PduKind::Unfinished)), Misfit::None);
        assert_eq!(misfit(Pdu::stray(b"me 1 2\r\n", PduKind::Skipped)), Misfit::None);
    }

    /// Which line each line answers, 0 for none.
    fn answered(lines: &[&str]) -> Vec<u32> {
        let contexts = contexts(Connection::from_start(), lines);
        assert!(contexts.iter().all(|context| context.misfit == Misfit::None), "{contexts:?}");
        contexts.iter().map(|context| context.answers.map_or(0, |request| request.pdu)).collect()
    }

    #[test]
    fn several_lines_answer_one_request() {
        let status = ["C CHG 6 NLN 0", "S CHG 6 NLN 0", "S ILN 6 AWY bob@example.com Bob 0", "S 500 6"];
        assert_eq!(answered(&status), [0, 1, 1, 1]);
        let room = ["C ANS 1 bob@example.com 849.1 117", "S IRO 1 1 1 alice@example.com Alice", "S ANS 1 OK"];
        assert_eq!(answered(&room), [0, 1, 1]);
        let redirect = ["C USR 3 SSO I alice@example.com", "S GCF 0 0", "S XFR 3 NS 198.51.100.36:1863 U D"];
        assert_eq!(answered(&redirect), [0, 0, 1]);
    }

    #[test]
    fn the_list_belongs_to_its_request_with_and_without_number() {
        let old = ["C SYN 4 0", "S SYN 4 255", "S GTC 4 255 A", "S LST 4 FL 255 1 1 bob@example.com Bob"];
        assert_eq!(answered(&old), [0, 1, 1, 1]);
        let new = [
            "C SYN 5 0",
            "S SYN 5 14 2 2",
            "S BLP AL",
            "S PRP PHH 01",
            "S LSG 0 Other%20Contacts 0",
            "S LST bob@example.com Bob 11 0,1",
            "S BPR PHH 05",
            "S BPR 15 bob@example.com PHH 06",
        ];
        assert_eq!(answered(&new), [0, 1, 1, 1, 1, 1, 1, 0]);
        assert_eq!(answered(&["C LST 5 BL", "S LST 5 BL 255 0 0"]), [0, 1]);
    }

    #[test]
    fn pings_and_puzzles_are_paired_without_numbers() {
        assert_eq!(answered(&["C PNG", "C PNG", "S QNG 48", "C PNG", "S QNG 48", "S QNG 48"]), [0, 0, 1, 0, 2, 4]);
        let puzzle = ["C CHL 6", "S CHL 0 1557", "C QRY 7 msmsgs@msnmsgr.com 0", "S QRY 7"];
        assert_eq!(answered(&puzzle), [0, 1, 2, 3]);
    }

    #[test]
    fn the_number_0_is_a_request_s_only_where_a_client_counts_from_it() {
        assert_eq!(answered(&["C VER 0 MSNP2 CVR0", "S VER 0 MSNP2", "S ILN 0 NLN bob@example.com Bob"]), [0, 1, 0]);
        assert_eq!(answered(&["C SDG 0 0", "S SDG 0 0", "S 217 0"]), [0, 0, 0]);
    }

    #[test]
    fn what_answers_an_unknown_command_is_found_by_its_number() {
        assert_eq!(answered(&["C WOW 9 what", "S 200 9", "C chg 10 BSY", "S CHG 10 BSY 0"]), [0, 1, 0, 3]);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let misfits = |lines: &[&str]| {
            contexts(Connection::from_start(), lines).iter().map(|context| context.misfit).collect::<Vec<_>>()
        };
        assert_eq!(misfits(&["C PNG", "S ACK 99"])[1], Misfit::NoRequest);
        let pings = ["C PNG", "S QNG 48", "S QNG 48"];
        assert_eq!(misfits(&pings), [Misfit::None, Misfit::None, Misfit::NoRequest]);
        let unknown_before = contexts(Connection::new(), &pings);
        assert!(unknown_before.iter().all(|context| context.misfit == Misfit::None), "{unknown_before:?}");
        assert_eq!(misfits(&["C USR 1 a@example.com 1.1", "S ACK 1"])[1], Misfit::OtherRequest(verb::USR));
        assert_eq!(misfits(&["C CAL 2 a@example.com", "C MSG 1 U 0"])[1], Misfit::Late(2));
        assert_eq!(misfits(&["C CAL 2 a@example.com", "C CAL 2 b@example.com"])[1], Misfit::Repeated(verb::CAL));
    }

    #[test]
    fn nobody_misses_a_request_that_may_not_have_been_captured() {
        assert_eq!(contexts(Connection::new(), &["S ACK 99"])[0].misfit, Misfit::None);
        let mut connection = Connection::from_start();
        connection.lost(Direction::ToServer);
        assert_eq!(contexts(connection, &["S ACK 99"])[0].misfit, Misfit::None);
    }

    #[test]
    fn requests_without_answers_are_not_kept_for_ever() {
        let mut pairing = Pairing::from_start();
        for number in 1..10_000 {
            let line = format!("CAL {number} a@example.com\r\n");
            let pdu = Pdu::command(line.as_bytes(), line.len(), Direction::ToServer);
            pairing.observe(number, &pdu, Direction::ToServer);
        }
        assert_eq!((pairing.requests.len(), pairing.order.len()), (OPEN_REQUESTS, OPEN_REQUESTS));
        assert!(!pairing.complete);
    }
}
