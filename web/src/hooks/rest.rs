//! What is told only after it has rested: screen readers are not to be talked over.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// Milliseconds that a sentence stays the same before it is told.
const REST: u32 = 300;

/// The last sentence that rested.
#[hook]
pub fn use_rested(sentence: String) -> String {
    let rested = use_state_eq(String::new);
    {
        let rested = rested.setter();
        use_effect_with(sentence, move |sentence| {
            let sentence = sentence.clone();
            let timer = Timeout::new(REST, move || rested.set(sentence));
            move || drop(timer)
        });
    }
    (*rested).clone()
}
