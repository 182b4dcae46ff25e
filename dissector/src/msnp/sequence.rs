//! Sequence: does a command fit what was said before on its connection?
//!
//! The past comes in with the context; what only the future knows (a request that is never answered) is none of a
//! dissection's business.

use super::{Body, Context, Dialect, Direction, Misfit, Server, Verb, reply, verb};
use crate::tree::{Scribe, Span, experts};

experts! {
    NO_REQUEST: Warn, Sequence => "msnp.expert.no-request", "expected the answer to a request of the client, found {0} with TrID {1}, which the client has not sent";
    NO_PING: Note, Sequence => "msnp.expert.no-ping", "expected QNG only as the answer to a PNG of the client, found no PNG that is still open";
    OTHER_REQUEST: Note, Sequence => "msnp.expert.other-request", "expected {2} as the answer to {1}, found {0} with its TrID";
    REPEATED: Note, Sequence => "msnp.expert.trid-repeated", "expected a new TrID, found {0}, used before for {1}: its answers cannot be told from those to this command";
    LATE: Chat, Sequence => "msnp.expert.trid-order", "expected a TrID above {1}, found {0}: numbered early, sent late";
    LATE_IN_ROOM: Chat, Sequence => "msnp.expert.trid-order-room", "expected a TrID above {1}, found {0}: numbered early, sent late, as messages are that wait for somebody to enter the room";
    NOT_OFFERED: Warn, Protocol => "msnp.expert.not-offered", "expected one of the dialects that the client offered, found that the server chooses {0}";
    BEFORE_ITS_TIME: Note, Protocol => "msnp.expert.later-dialect", "expected a command of {2}, found {0}, which came with {1}";
    AFTER_ITS_TIME: Note, Protocol => "msnp.expert.earlier-dialect", "expected a command of {2}, found {0}, which was used up to {1}";
}

/// Whether a command has its place here: its TrID, and its verb in this dialect. `span` is that of the verb.
pub(super) fn check(s: &mut Scribe<'_, '_>, verb: Verb, context: &Context, span: Span) {
    let since = verb.decl().map_or(0, |decl| decl.since);
    if let Some(dialect) = context.dialect.filter(|dialect| dialect.0 < since) {
        let (came, speaks) = (Dialect(since).to_string(), dialect.to_string());
        s.expert_at(BEFORE_ITS_TIME, span, [verb.to_string().into(), came.into(), speaks.into()]);
    }
    let until = verb.decl().map_or(u8::MAX, |decl| decl.until);
    if let Some(dialect) = context.dialect.filter(|dialect| dialect.0 > until) {
        let (went, speaks) = (Dialect(until).to_string(), dialect.to_string());
        s.expert_at(AFTER_ITS_TIME, span, [verb.to_string().into(), went.into(), speaks.into()]);
    }
    if context.misfit == Misfit::None {
        return;
    }
    if verb == verb::QNG {
        return s.expert_at(NO_PING, span, []);
    }
    let word = s.peek_word();
    let (trid, span) = (crate::tree::lossy(word), s.here(word.len()));
    match context.misfit {
        Misfit::None => {}
        Misfit::NoRequest => s.expert_at(NO_REQUEST, span, [verb.to_string().into(), trid.into()]),
        Misfit::OtherRequest(request) => {
            let args = [verb.to_string(), request.to_string(), reply::expected(request, Direction::ToServer)];
            s.expert_at(OTHER_REQUEST, span, args.map(Into::into));
        }
        Misfit::Repeated(before) => s.expert_at(REPEATED, span, [trid.into(), before.to_string().into()]),
        Misfit::Late(highest) => {
            let late = if context.server == Server::Switchboard { LATE_IN_ROOM } else { LATE };
            s.expert_at(late, span, [trid.into(), highest.into()]);
        }
    }
}

/// Whether the server chooses what the client offered. `body` is what has just been read.
pub(super) fn check_offer(s: &mut Scribe<'_, '_>, body: &Body<'_>, context: &Context) {
    if let (Body::DialectChosen(Some(dialect)), Direction::ToClient) = (body, context.direction)
        && context.offer.lacks(*dialect)
    {
        let read = s.behind().len();
        let word = dialect.to_string().len().min(read);
        s.expert_at(NOT_OFFERED, s.span(read - word, read), [dialect.to_string().into()]);
    }
}
