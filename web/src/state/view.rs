//! The views, and their colours.

use crate::protocol::Form;

/// The views, in the order of the rail and of the keys 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// What is in this capture, in people's words.
    #[default]
    Overview,
    /// The sequence diagram.
    Ladder,
    /// The table of commands.
    Commands,
    /// Who said what to whom.
    Chats,
    /// Who signed in, who was there when, whom they know.
    People,
    /// What went from program to program, and which of its bytes came in which packet.
    Transfers,
    /// What is odd.
    Findings,
    /// The packets.
    Packets,
}

impl View {
    /// All views, in order.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Ladder,
        Self::Commands,
        Self::Chats,
        Self::People,
        Self::Transfers,
        Self::Findings,
        Self::Packets,
    ];

    /// Its name in the fragment.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Ladder => "ladder",
            Self::Commands => "commands",
            Self::Chats => "chats",
            Self::People => "people",
            Self::Transfers => "transfers",
            Self::Findings => "findings",
            Self::Packets => "packets",
        }
    }

    /// Its name on the rail.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Ladder => "Ladder",
            Self::Commands => "Commands",
            Self::Chats => "Chats",
            Self::People => "People",
            Self::Transfers => "Transfers",
            Self::Findings => "Findings",
            Self::Packets => "Packets",
        }
    }

    /// The rows it lists, if it lists any.
    #[must_use]
    pub const fn form(self) -> Option<Form> {
        match self {
            Self::Overview | Self::Chats | Self::People | Self::Transfers => None,
            Self::Ladder => Some(Form::Ladder),
            Self::Commands => Some(Form::Commands),
            Self::Findings => Some(Form::Findings),
            Self::Packets => Some(Form::Packets),
        }
    }
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its name in storage and in the page's attribute.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a stored name.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The next one: system, light, dark.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}
