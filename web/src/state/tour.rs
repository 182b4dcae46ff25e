//! A walk through the views with the first sample, for whoever opens the page for the first time.

use super::View;

/// A stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Where it is.
    pub view: View,
    /// The command of the first sample that is selected there.
    pub pdu: Option<u32>,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// What there is to know, in forty words at most.
    pub text: &'static str,
}

/// The stops, in order.
pub const STOPS: [Stop; 5] = [
    Stop {
        view: View::Overview,
        pdu: None,
        title: "First in people’s words",
        text: "The overview says who signed in, when, and what stands out. What the capture does not show is listed, never \
            hidden. Each statement leads to the command that it rests on.",
    },
    Stop {
        view: View::Ladder,
        pdu: Some(FIRST_WORDS),
        title: "Who says what to whom",
        text: "Each arrow is one command, between the client and one of the servers. This one carries Alice’s first words. \
            Its […] folds its payload open, and so does the key →.",
    },
    Stop {
        view: View::Commands,
        pdu: Some(FIRST_WORDS),
        title: "Every byte has a name",
        text: "Beside the list stand the fields and the bytes of the selected command. Point at a field to see its bytes, or \
            at a byte to see its field; each is explained below.",
    },
    Stop {
        view: View::Chats,
        pdu: None,
        title: "As the people saw it",
        text: "The same commands as a conversation. Click on a bubble, or on the number of its packet, and its command is \
            selected here and in every other view.",
    },
    Stop {
        view: View::Ladder,
        pdu: None,
        title: "Look closer",
        text: "Choose a chip to see only sign-ins or texts, or press / and write a filter as in Wireshark. The key ? shows \
            all keys. Now drop a capture of your own.",
    },
];

/// “Hi Bob! Are you there?” in the first sample.
const FIRST_WORDS: u32 = 49;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stop_is_a_lecture() {
        for stop in STOPS {
            assert!(
                stop.text.split_whitespace().count() <= 40 && stop.title.split_whitespace().count() <= 6,
                "{stop:?}"
            );
        }
    }
}
