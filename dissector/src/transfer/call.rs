//! Calls: what is agreed about a transfer before its data come, and how it ends.

use super::{Kind, Sighting, Transfer, Transfers, What};
use crate::model::name::bare_text;
use crate::msnp::p2p::slp::{Application, BodyKind, Context, Endpoint, Method, Slp, Start};

/// What makes a signalling message the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Said {
    call: String,
    branch: Option<String>,
    cseq: Option<u32>,
    start: Start,
    body: (Option<u32>, bool),
}

impl Transfers {
    /// A signalling message: an invitation, an answer, an end.
    pub(super) fn slp(&mut self, sighting: Sighting, slp: &Slp) {
        let call = slp.call_id.clone().unwrap_or_default();
        if slp.start == Start::Unknown {
            return;
        }
        let body = (slp.body.session, slp.body.kind == BodyKind::TransportResponse);
        let said = Said { call: call.clone(), branch: slp.branch.clone(), cseq: slp.cseq, start: slp.start, body };
        // The end may be said by both.
        if slp.start != Start::Request(Method::Bye) && !self.seen.insert(said) {
            return;
        }
        self.nonces(&call, slp);
        match slp.start {
            Start::Request(Method::Invite) => self.invited(sighting, call, slp),
            Start::Response { code } => self.answered(sighting, &call, code, slp),
            Start::Request(Method::Bye) => {
                for at in self.by_call.get(&call).cloned().unwrap_or_default() {
                    self.step(at, What::Closed, sighting);
                }
            }
            _ => {}
        }
    }

    /// Takes note of what a direct connection of this call will begin with.
    fn nonces(&mut self, call: &str, slp: &Slp) {
        let told = slp.body.nonce.iter().chain(&slp.body.hashed_nonce);
        let told = told.filter(|nonce| nonce.contains(|digit: char| digit.is_ascii_hexdigit() && digit != '0'));
        let latest = self.by_call.get(call).and_then(|places| places.last());
        if let Some(transfer) = latest.and_then(|at| self.all.get_mut(*at)) {
            transfer.nonces.extend(told.cloned());
        }
    }

    fn invited(&mut self, sighting: Sighting, call: String, slp: &Slp) {
        match slp.body.kind {
            BodyKind::TransportRequest => return self.steps(&call, What::WayProposed, sighting),
            BodyKind::TransportResponse => {
                let what = if slp.body.listening == Some(false) { What::WayNone } else { What::WayDirect };
                return self.steps(&call, what, sighting);
            }
            _ => {}
        }
        let kind = Kind::of(slp.body.application.as_ref(), &slp.body.context);
        let account = |end: &Option<Endpoint>| {
            end.as_ref().map(|end| bare_text(&end.account)).filter(|account| !account.is_empty())
        };
        let (inviter, invited) = (account(&slp.from), account(&slp.to));
        // Who wants an object asks for it; who has a file offers it.
        let asks = matches!(slp.body.application, Some(Application::Object | Application::WebcamReceive));
        let (from, to) = if asks { (invited, inviter) } else { (inviter, invited) };
        let mut transfer = Transfer {
            kind,
            from,
            to,
            session: slp.body.session,
            call: Some(call.clone()),
            branch: slp.branch.clone(),
            ..Transfer::default()
        };
        match &slp.body.context {
            Context::Object(object) => {
                transfer.name = if object.name.is_empty() { object.location.clone() } else { object.name.clone() };
                transfer.declared = object.size;
                transfer.object = Some((**object).clone());
            }
            Context::File { name, size, preview, .. } => {
                transfer.name.clone_from(name);
                transfer.declared = Some(*size);
                transfer.preview.clone_from(preview);
            }
            Context::Activity { name, .. } => transfer.name.clone_from(name),
            _ => {}
        }
        let at = transfer.begin(&mut self.all);
        self.by_call.entry(call).or_default().push(at);
        if let Some(session) = slp.body.session {
            self.by_session.entry(session).or_default().push(at);
        }
        self.step(at, if asks { What::Asked } else { What::Offered }, sighting);
    }

    fn answered(&mut self, sighting: Sighting, call: &str, code: u32, slp: &Slp) {
        let places = self.by_call.get(call).cloned().unwrap_or_default();
        let exact = places.iter().copied().find(|at| {
            self.all.get(*at).is_some_and(|transfer| transfer.branch.is_some() && transfer.branch == slp.branch)
        });
        // A failure tells of the ways for the data, unless it answers the invitation itself.
        let about_session = match slp.body.kind {
            BodyKind::Session => true,
            BodyKind::TransportResponse => false,
            _ => exact.is_some(),
        };
        if !about_session {
            let direct = code == 200 && slp.body.listening == Some(true);
            return self.steps(call, if direct { What::WayDirect } else { What::WayNone }, sighting);
        }
        let Some(at) = exact.or_else(|| places.last().copied()) else { return };
        let what = match code {
            200 => What::Accepted,
            603 => What::Declined,
            other => What::Refused(other),
        };
        self.step(at, what, sighting);
    }

    fn steps(&mut self, call: &str, what: What, sighting: Sighting) {
        if let Some(at) = self.by_call.get(call).and_then(|all| all.last().copied()) {
            self.step(at, what, sighting);
        }
    }
}
