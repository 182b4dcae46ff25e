//! Calls: what is agreed about a transfer before its data come, and how it ends.

use super::follow::LOOK_BACK;
use super::pair::{End, Ends};
use super::{Kind, Sighting, Transfer, Transfers, What};
use crate::msnp::p2p::slp::{self, Application, Body, BodyKind, Context, Method, Slp, Start};

/// What makes a signalling message the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Said {
    call: String,
    ends: Ends,
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
        let ends = ends(slp);
        let said = Said {
            call: call.clone(),
            ends: ends.clone(),
            branch: slp.branch.clone(),
            cseq: slp.cseq,
            start: slp.start,
            body,
        };
        // The end may be said by both.
        if slp.start != Start::Request(Method::Bye) && !self.seen.insert(said) {
            return;
        }
        let call = Call { id: call, ends };
        let about_way = matches!(slp.body.kind, BodyKind::TransportRequest | BodyKind::TransportResponse);
        let invites = slp.start == Start::Request(Method::Invite) && !about_way;
        if !invites && !call.id.is_empty() && !self.by_call.contains_key(&call.id) {
            return self.calls.wait(sighting, slp);
        }
        self.heard(sighting, call, slp);
    }

    /// What a signalling message does.
    fn heard(&mut self, sighting: Sighting, call: Call, slp: &Slp) {
        self.nonces(&call, slp);
        match slp.start {
            Start::Request(Method::Invite) => self.invited(sighting, call, slp),
            Start::Response { code } => self.answered(sighting, &call, code, slp),
            Start::Request(Method::Bye) => self.closed(sighting, &call, slp),
            _ => {}
        }
    }

    /// Takes note of what a direct connection of this call will begin with.
    fn nonces(&mut self, call: &Call, slp: &Slp) {
        let told = slp.body.nonce.iter().chain(&slp.body.hashed_nonce);
        let told = told.filter(|nonce| nonce.contains(|digit: char| digit.is_ascii_hexdigit() && digit != '0'));
        if let Some(at) = self.of_call(call, |_| true) {
            self.by_nonce.extend(told.map(|nonce| (nonce.clone(), at)));
        }
    }

    fn invited(&mut self, sighting: Sighting, call: Call, slp: &Slp) {
        match slp.body.kind {
            BodyKind::TransportRequest => return self.steps(&call, What::WayProposed, sighting),
            BodyKind::TransportResponse => return self.steps(&call, way(&slp.body), sighting),
            _ => {}
        }
        let kind = Kind::of(slp.body.application.as_ref(), &slp.body.context);
        let Call { id: call, ends: Ends { from: inviter, to: invited } } = call;
        // Who wants an object asks for it; who has a file offers it.
        let asks = matches!(slp.body.application, Some(Application::Object | Application::WebcamReceive));
        let (from, to) = if asks { (invited, inviter) } else { (inviter, invited) };
        let mut transfer = Transfer {
            kind,
            from: from.account,
            to: to.account,
            devices: [from.device, to.device],
            session: slp.body.session,
            call: slp.call_id.clone(),
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
        let adopted = self.adopt(&transfer, sighting);
        let at = adopted.unwrap_or_else(|| transfer.begin(&mut self.all));
        // Without an identifier nothing can refer to it.
        if !call.is_empty() {
            self.by_call.entry(call.clone()).or_default().push(at);
        }
        if let Some(session) = slp.body.session.filter(|_| adopted.is_none()) {
            self.by_session.entry(session).or_default().push(at);
        }
        self.step(at, if asks { What::Asked } else { What::Offered }, sighting);
        for (sighting, slp) in self.calls.take(&call, sighting.moment()) {
            self.heard(sighting, Call { id: call.clone(), ends: ends(&slp) }, &slp);
        }
    }

    fn answered(&mut self, sighting: Sighting, call: &Call, code: u32, slp: &Slp) {
        let exact = self.of_call(call, |transfer| transfer.branch.is_some() && transfer.branch == slp.branch);
        // A failure tells of the ways for the data, unless it answers the invitation itself.
        let accepted =
            |at: usize| self.all.get(at).is_some_and(|one| one.steps.iter().any(|step| step.what == What::Accepted));
        let about_session = match slp.body.kind {
            // What is accepted already cannot be refused: that answers the question for a way.
            BodyKind::Session if exact.is_none() && code != 200 => !self.of_call(call, |_| true).is_some_and(accepted),
            BodyKind::Session => true,
            BodyKind::TransportResponse => false,
            _ => exact.is_some(),
        };
        if !about_session {
            return self.steps(call, if code == 200 { way(&slp.body) } else { What::WayNone }, sighting);
        }
        let Some(at) = exact.or_else(|| self.of_call(call, |_| true)) else { return };
        let what = match code {
            200 => What::Accepted,
            603 => What::Declined,
            other => What::Refused(other),
        };
        self.step(at, what, sighting);
    }

    /// A side ends a session: the one that it names, else the latest that is still open. The other side may say so too.
    /// To one's own other devices it only says which of them took the call, or declined it.
    fn closed(&mut self, sighting: Sighting, call: &Call, slp: &Slp) {
        let session = slp.body.session;
        if slp.body.accepted_by.is_some() {
            return;
        }
        if slp.body.declined_by.is_some() {
            return self.steps(call, What::Declined, sighting);
        }
        let named = session.and_then(|_| self.of_call(call, |transfer| transfer.session == session));
        let open = || self.of_call(call, |transfer| transfer.closed.is_none());
        let Some(at) = named.or_else(open).or_else(|| self.of_call(call, |_| true)) else { return };
        let Some(transfer) = self.all.get_mut(at) else { return };
        transfer.closed = Some(transfer.closed.map_or(sighting.moment(), |before| before.min(sighting.moment())));
        let by_sender = call.ends.from.is(&Ends::of(transfer).from);
        let what = match slp.body.reason {
            Some(slp::CANCELLED) if by_sender => What::CancelledBySender,
            Some(slp::CANCELLED) => What::CancelledByReceiver,
            _ => What::Closed,
        };
        self.step(at, what, sighting);
    }

    fn steps(&mut self, call: &Call, what: What, sighting: Sighting) {
        if let Some(at) = self.of_call(call, |_| true) {
            self.step(at, what, sighting);
        }
    }

    /// The latest transfer of a call that is the wanted one, if possible of those who speak: a device also tells the others
    /// of its owner what became of a call.
    fn of_call(&self, call: &Call, wanted: impl Fn(&Transfer) -> bool) -> Option<usize> {
        let latest = || self.by_call.get(&call.id).into_iter().flatten().rev().take(LOOK_BACK).copied();
        let fits = |at: &usize| self.all.get(*at).is_some_and(|one| call.ends.may_be(&Ends::of(one)) && wanted(one));
        latest().find(fits).or_else(|| latest().find(|at| self.all.get(*at).is_some_and(&wanted)))
    }
}

/// Which call a message is of: its identifier may be one and the same for several devices.
pub(super) struct Call {
    id: String,
    ends: Ends,
}

/// From whom to whom a message goes.
fn ends(slp: &Slp) -> Ends {
    let end = |end: &Option<slp::Endpoint>| {
        let Some(slp::Endpoint { account, device }) = end else { return End::default() };
        End { device: device.as_deref().map(str::to_ascii_lowercase), ..End::of(account) }
    };
    Ends { from: end(&slp.from), to: end(&slp.to) }
}

/// What a chosen way for the data comes to.
fn way(body: &Body) -> What {
    let direct = || body.bridges.iter().any(|bridge| bridge.starts_with("TCP")) || !body.addresses.is_empty();
    if body.listening.unwrap_or_else(direct) { What::WayDirect } else { What::WayNone }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::{Arrived, State};

    fn said(method: Method, call: &str, session: Option<u32>, branch: u32) -> Slp {
        let body = Body { kind: BodyKind::Session, session, ..Body::default() };
        let start = Start::Request(method);
        Slp { start, call_id: Some(call.to_owned()), branch: Some(branch.to_string()), body, ..Slp::default() }
    }

    fn closings(transfers: &Transfers) -> Vec<usize> {
        let closed = |one: &Transfer| one.steps.iter().filter(|step| step.what == What::Closed).count();
        transfers.all.iter().map(closed).collect()
    }

    #[test]
    fn an_end_closes_one_session_of_a_call() {
        let mut transfers = Transfers::default();
        let mut say = |slp: Slp| {
            transfers.slp(Sighting::default(), &slp);
            closings(&transfers)
        };
        for branch in 1..=3 {
            say(said(Method::Invite, "c", Some(branch), branch));
        }
        assert_eq!(say(said(Method::Bye, "c", Some(2), 4)), [0, 1, 0], "the one it names");
        assert_eq!(say(said(Method::Bye, "c", None, 5)), [0, 1, 1], "the latest that is open");
        assert_eq!(say(said(Method::Bye, "c", None, 6)), [1, 1, 1]);
        assert_eq!(say(said(Method::Bye, "c", None, 7)), [1, 1, 2], "the other side says so too");
        assert_eq!(say(said(Method::Bye, "d", None, 8)), [1, 1, 2], "another call");
    }

    #[test]
    fn devices_of_one_call_answer_for_themselves() {
        let mut transfers = Transfers::default();
        let endpoint = |account: &str, device: &str| {
            Some(slp::Endpoint { account: account.to_owned(), device: Some(device.to_owned()) })
        };
        let to = |slp: Slp, device: &str| Slp { from: endpoint("ann@a", "{A}"), to: endpoint("bob@b", device), ..slp };
        let from =
            |slp: Slp, device: &str| Slp { to: endpoint("ann@a", "{a}"), from: endpoint("bob@b", device), ..slp };
        for device in ["{1}", "{2}"] {
            transfers.slp(Sighting::default(), &to(said(Method::Invite, "c", Some(1), 1), device));
        }
        for (device, code) in [("{1}", 603), ("{2}", 200)] {
            let answer = Slp { start: Start::Response { code }, ..said(Method::Invite, "c", Some(1), 1) };
            transfers.slp(Sighting::default(), &from(answer, device));
        }
        let steps = |one: &Transfer| one.steps.iter().map(|step| step.what).collect::<Vec<_>>();
        let all = transfers.all.iter().map(steps).collect::<Vec<_>>();
        assert_eq!(all, [[What::Offered, What::Declined], [What::Offered, What::Accepted]]);
    }

    #[test]
    fn an_empty_file_comes_with_its_acceptance_and_a_preview_with_the_offer() {
        let arrived = |size: u64, preview: Option<Vec<u8>>, code: u32| {
            let mut transfers = Transfers::default();
            let invite = said(Method::Invite, "c", Some(1), 1);
            let context = Context::File { name: "a".to_owned(), size, kind: 0, preview };
            let body = Body { context, ..invite.body.clone() };
            transfers.slp(Sighting::default(), &Slp { body, ..invite.clone() });
            let offered = transfers.take_arrived();
            transfers.slp(Sighting::default(), &Slp { start: Start::Response { code }, ..invite });
            (offered, transfers.take_arrived())
        };
        assert_eq!(arrived(0, None, 200), (vec![], vec![Arrived::Object(0)]));
        assert_eq!(arrived(0, None, 603), (vec![], vec![]));
        assert_eq!(arrived(9, Some(vec![1]), 603), (vec![Arrived::Preview(0)], vec![]));
    }

    #[test]
    fn without_a_call_nothing_is_answered() {
        let mut transfers = Transfers::default();
        transfers.slp(Sighting::default(), &said(Method::Invite, "", Some(7), 1));
        transfers.slp(Sighting::default(), &said(Method::Bye, "", None, 2));
        assert_eq!(closings(&transfers), [0]);
    }

    #[test]
    fn an_end_for_other_devices_ends_nothing() {
        let state = |body: Body| {
            let mut transfers = Transfers::default();
            transfers.slp(Sighting::default(), &said(Method::Invite, "c", Some(1), 1));
            transfers.slp(Sighting::default(), &Slp { body, ..said(Method::Bye, "c", Some(1), 2) });
            transfers.finish().into_iter().map(|one| one.state).collect::<Vec<_>>()
        };
        let device = Some("{device}".to_owned());
        assert_eq!(state(Body { accepted_by: device.clone(), ..Body::default() }), [State::Offered]);
        assert_eq!(state(Body { declined_by: device, ..Body::default() }), [State::Declined]);
        assert_eq!(state(Body::default()), [State::Cancelled]);
    }

    #[test]
    fn who_cancels_a_webcam_has_not_completed_it() {
        let state = |reason| {
            let mut transfers = Transfers::default();
            let invite = said(Method::Invite, "c", Some(1), 1);
            let body = Body { application: Some(Application::WebcamSend), ..invite.body.clone() };
            transfers.slp(Sighting::default(), &Slp { body, ..invite });
            let start = Start::Response { code: 200 };
            transfers.slp(Sighting::default(), &Slp { start, ..said(Method::Invite, "c", Some(1), 1) });
            let bye = said(Method::Bye, "c", Some(1), 2);
            transfers.slp(Sighting::default(), &Slp { body: Body { reason, ..bye.body.clone() }, ..bye });
            transfers.finish().into_iter().map(|one| one.state).collect::<Vec<_>>()
        };
        assert_eq!(state(None), [State::Complete]);
        assert_eq!(state(Some(slp::CANCELLED)), [State::Cancelled]);
    }

    #[test]
    fn what_is_accepted_is_not_refused_by_the_answer_about_a_way() {
        let mut transfers = Transfers::default();
        transfers.slp(Sighting::default(), &said(Method::Invite, "c", Some(1), 1));
        for (code, branch) in [(200, 1), (500, 2)] {
            let start = Start::Response { code };
            transfers.slp(Sighting::default(), &Slp { start, ..said(Method::Invite, "c", Some(1), branch) });
        }
        let steps = transfers.all[0].steps.iter().map(|step| step.what).collect::<Vec<_>>();
        assert_eq!(steps, [What::Offered, What::Accepted, What::WayNone]);
    }
}
