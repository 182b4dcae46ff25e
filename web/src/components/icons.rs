//! Icons: drawn on one grid of 20 with strokes of 1.6 and round ends, in the colour of the text.

use yew::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// The project's mark.
    Mark,
    /// Four panes.
    Overview,
    /// Two lifelines and arrows.
    Ladder,
    /// Lines of a list.
    Commands,
    /// Two speech bubbles.
    Chats,
    /// Two heads.
    People,
    /// Squares, one of them full.
    Transfers,
    /// Points right, full.
    Play,
    /// Two bars.
    Pause,
    /// An arrow up from a tray.
    Save,
    /// A sheet with a folded corner.
    File,
    /// A triangle with an exclamation mark.
    Findings,
    /// Envelopes in a row.
    Packets,
    /// A folder that opens.
    Open,
    /// A padlock.
    Lock,
    /// A crescent.
    Moon,
    /// A sun.
    Sun,
    /// Half light, half dark.
    System,
    /// A cross.
    Close,
    /// A funnel.
    Filter,
    /// A check mark.
    Check,
    /// A clock.
    Clock,
    /// Two speech bubbles.
    Chat,
    /// A key.
    Key,
    /// A broken line.
    Holes,
    /// Points right.
    Right,
    /// Points down.
    Down,
    /// Points left.
    Left,
    /// A lens.
    Find,
    /// An arrow to a line.
    GoTo,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Mark => {
                "M4 2.5h12A1.5 1.5 0 0 1 17.5 4v8.5A1.5 1.5 0 0 1 16 14h-6l-4.5 3.5V14H4a1.5 1.5 0 0 1-1.5-1.5V4A1.5 1.5 0 0 1 4 2.5z"
            }
            Self::Overview => "M3 3.5h5.5v7H3zM11.5 3.5H17v4h-5.5zM11.5 10.5H17v6h-5.5zM3 13.5h5.5v3H3z",
            Self::Ladder => {
                "M4.5 2.5v15M15.500 2.500v15M4.5 6.500h7.5M9.500 4l2.800 2.500L9.500 9M15.500 13.500H8M10.500 11l-2.800 2.500L10.500 16"
            }
            Self::Commands => "M7 5h10M7 10h10M7 15h10M3.200 5h.1M3.200 10h.1M3.200 15h.1",
            Self::Chats => "M3 4h10v7H7.500L4.500 13.500V11H3zM15.500 8H17v6.500h-1.500V17l-2.700-2.500H8.500",
            Self::People => {
                "M7.500 9.500a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600M2.500 16.500c0-3 2-4.700 5-4.700s5 1.700 5 4.700M13.300 4.200a2.600 2.600 0 0 1 0 5M14.500 12.200c2 .500 3.200 2 3.200 4.300"
            }
            Self::Transfers => {
                "M3 3h4v4H3zM8.500 3h3.500v4H8.500zM13.500 3H17v4h-3.500zM3 8.500h4v3.500H3zM8.500 8.500h3.500v3.500H8.500zM13.500 8.500H17v3.500h-3.500zM3 13.500h4V17H3zM8.500 13.500h3.500V17H8.500zM9.500 14.500h1.500v1.500h-1.500zM4 4h2v2h-2z"
            }
            Self::Play => "M6.500 4.500v11l9-5.500z",
            Self::Pause => "M7 4.500v11M13 4.500v11",
            Self::Save => "M10 3v9.500M6.500 9 10 12.500 13.500 9M3.500 13v3.500h13V13",
            Self::File => "M5 2.500h6.500L15.500 7v10.500H5zM11.500 2.500V7h4",
            Self::Findings => "M10 3 2.500 16.500h15zM10 8.500v3.500M10 14.300v.1",
            Self::Packets => "M3 3.500h14v5H3zM3 3.500l7 3.500 7-3.500M3 11.500h14v5H3zM3 11.500l7 3.500 7-3.500",
            Self::Open => "M2.500 15.500v-11h5l2 2h6v2.500M2.500 15.500l2.500-6.500h12.800l-2.500 6.500z",
            Self::Lock => "M4.500 9h11v8h-11zM7 9V6.500a3 3 0 0 1 6 0V9",
            Self::Moon => "M16 12.300A6.700 6.700 0 0 1 7.700 4 6.700 6.700 0 1 0 16 12.300z",
            Self::Sun => {
                "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100"
            }
            Self::System => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 3v14M10 6.500h4.500M10 10h6.500M10 13.500h4.500",
            Self::Close => "M5 5l10 10M15 5 5 15",
            Self::Filter => "M3 4h14l-5.500 6.500v5l-3 1.500v-6.500z",
            Self::Check => "M4 10.500l4 4 8-9",
            Self::Clock => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l2.800 1.700",
            Self::Chat => "M3 3.500h10v7H8l-3 2.500v-2.500H3zM15.500 7.500H17v7h-2V17l-3-2.500H9.500",
            Self::Key => {
                "M13 3.500a3.700 3.700 0 1 0 0 7.400 3.700 3.700 0 0 0 0-7.400M10.300 9.700 3.500 16.500v0M5.500 14.500l1.800 1.800M7.800 12.200l1.400 1.400"
            }
            Self::Holes => "M2.500 10h3M8 10h1.500M12 10h1M15 10h2.500M5.500 6v8M15 6v8",
            Self::Right => "M7.500 4.500 13 10l-5.500 5.500",
            Self::Down => "M4.500 7.500 10 13l5.500-5.500",
            Self::Find => "M8.500 3.500a5 5 0 1 0 0 10 5 5 0 0 0 0-10M12.300 12.300 17 17",
            Self::GoTo => "M16.500 3.500v13M3 10h10M9.500 6.500 13 10l-3.500 3.500",
            Self::Left => "M12.500 4.500 7 10l5.500 5.500",
        }
    }
}

/// Draws an icon; its meaning stands in the text beside it.
pub fn icon(icon: Icon) -> Html {
    draw(icon, "icon")
}

/// A smaller one.
pub fn small_icon(icon: Icon) -> Html {
    draw(icon, "icon small")
}

fn draw(icon: Icon, class: &'static str) -> Html {
    html! {
        <svg class={class} viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6"
            stroke-linecap="round" stroke-linejoin="round">
            <path d={icon.path()} />
            if icon == Icon::Mark {
                <g stroke-width="1.8">
                    <path class="role-dispatch" stroke="var(--role)" d="M6 6v3" />
                    <path class="role-notification" stroke="var(--role)" d="M8.700 5.500v5" />
                    <path class="role-switchboard" stroke="var(--role)" d="M11.300 6.500v4" />
                    <path stroke="var(--peer)" d="M14 5.500v4.500" />
                </g>
            }
        </svg>
    }
}
