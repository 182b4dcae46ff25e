//! The ledger on the overview: what the capture does not show, so that silence is never taken for absence.

use yew::prelude::*;

use super::signs::sign;
use crate::clock::Clock;
use crate::protocol::Severity;
use crate::protocol::story::{Missing, Story};
use crate::wording::{count, counted};

/// Entries shown before the card says how many more there are.
const SHOWN: usize = 8;

/// Beginnings, ends, sign-ins, chats and texts that are not in the capture. Lost bytes stand in the card above.
pub fn ledger(story: &Story, clock: &Clock, on_select: &Callback<u32>) -> Html {
    let (shown, more) = entries(story);
    let entry = |missing: &&Missing| {
        html! {
            <li>
                { sign(Severity::Note) }
                <b><bdi>{ &missing.text }</bdi></b>
                <p>{ format!("{}, packet {:.0} ", clock.at(missing.proof.time), missing.proof.frame) }
                    if let Some(pdu) = missing.proof.pdu {
                        <button type="button" class="link" onclick={on_select.reform(move |_| pdu)}
                            aria-label={format!("Show command {pdu}")}>{"show"}</button>
                    }
                </p>
            </li>
        }
    };
    let title = match shown.len() + more {
        0 => "nothing known".to_owned(),
        all => counted(all as u64, "thing", "things"),
    };
    html! {
        <section class="card ledger" aria-labelledby="ledger-title">
            <h2 id="ledger-title">{"What the capture does not show"}<span>{ title }</span></h2>
            <ul class="stands-out">{ for shown.iter().map(entry) }</ul>
            if more > 0 { <p class="fine">{ format!("{} more: “msnp gaps” lists them all.", count(more as u64)) }</p> }
        </section>
    }
}

/// The first entries, and how many more there are.
fn entries(story: &Story) -> (Vec<&Missing>, usize) {
    let all = story.missing.iter().filter(|missing| !missing.gap);
    let unsent = (story.missing_count as usize).saturating_sub(story.missing.len());
    let more = all.clone().count().saturating_sub(SHOWN).saturating_add(unsent);
    (all.take(SHOWN).collect(), more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::story::Proof;

    #[test]
    fn lost_bytes_are_counted_elsewhere_and_no_entry_is_forgotten() {
        let missing = |gap, text: &str| Missing { text: text.to_owned(), gap, proof: Proof::default() };
        let mut story =
            Story { missing: vec![missing(true, "bytes"), missing(false, "a beginning")], ..Story::default() };
        story.missing_count = 2;
        let (shown, more) = entries(&story);
        assert_eq!((shown.len(), shown[0].text.as_str(), more), (1, "a beginning", 0));
        story.missing.extend((0..SHOWN).map(|_| missing(false, "another")));
        story.missing_count = 100;
        let (shown, more) = entries(&story);
        assert_eq!((shown.len(), more), (SHOWN, 1 + 100 - story.missing.len()));
    }
}
