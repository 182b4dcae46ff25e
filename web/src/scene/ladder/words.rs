//! The ladder's rows in words: the same on the screen, in pictures and in text.

use crate::protocol::{Command, Phase, Quiet, Run};
use crate::wording::{count, counted, delay, duration};

/// "71 commands, 12 that repeat, 5 of others · 5 min 12 s · signed in".
#[must_use]
pub fn counts(phase: &Phase) -> String {
    let quiet = if phase.folded || phase.quiet < 3 { String::new() } else { format!(", {} that repeat", phase.quiet) };
    let others = match phase.others {
        0 => String::new(),
        others => format!(", {} of others", count(others.into())),
    };
    let outcome = if phase.outcome.is_empty() { String::new() } else { format!(" · {}", phase.outcome) };
    let own = counted(phase.commands.into(), "command", "commands");
    format!("{own}{quiet}{others} · {}{outcome}", delay(phase.lasted))
}

/// "14 keep-alives folded (PNG and QNG), one every 48 s".
#[must_use]
pub fn run_words(run: Run) -> String {
    let commands = count(run.commands.into());
    let folded = if run.folded { " folded" } else { "" };
    let every = run.every.map(|seconds| format!(", one every {}", duration(seconds))).unwrap_or_default();
    match run.kind {
        Quiet::Pings => format!("{commands} keep-alives{folded} (PNG and QNG){every}"),
        Quiet::Typing => format!("{commands} typing notices{folded}"),
    }
}

/// What stands under "Answered after": how long an answer took, or that a request has none.
#[must_use]
pub fn answered_after(command: &Command) -> Option<String> {
    let none = command.unanswered.then(|| "no answer".to_owned());
    command.answers.map(|answers| delay(answers.delay)).or(none)
}

/// What stands on an arrow: "MSG 4".
#[must_use]
pub fn label(command: &Command) -> String {
    match &command.trid {
        Some(trid) => format!("{} {trid}", command.verb),
        None => command.verb.clone(),
    }
}
