//! Shapes of roles and signs of severities: never a colour alone.

use yew::prelude::*;

use crate::protocol::{Role, Severity};
use crate::wording;

/// The class that brings a role's colours.
pub const fn role_class(role: Role) -> &'static str {
    match role {
        Role::Client => "role-client",
        Role::Dispatch => "role-dispatch",
        Role::Notification => "role-notification",
        Role::Switchboard => "role-switchboard",
        Role::Peer => "role-peer",
        Role::Unknown => "role-unknown",
    }
}

/// The class that brings a severity's colours.
pub const fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Chat => "severity-info",
        Severity::Note => "severity-notice",
        Severity::Warn => "severity-warning",
        Severity::Error => "severity-error",
    }
}

/// The class that brings a field's colours.
pub const fn field_class(colour: Option<u8>) -> Option<&'static str> {
    match colour {
        Some(0) => Some("field0"),
        Some(1) => Some("field1"),
        Some(2) => Some("field2"),
        Some(3) => Some("field3"),
        Some(4) => Some("field4"),
        Some(_) => Some("field5"),
        None => None,
    }
}

/// A role's shape; its letters stand beside it.
pub fn shape(role: Role) -> Html {
    let outline = match role {
        Role::Client => html! { <circle cx="6" cy="6" r="5" /> },
        Role::Dispatch => html! { <path d="M6 0l6 6-6 6-6-6z" /> },
        Role::Notification => html! { <path d="M1 1h10v10H1z" /> },
        Role::Switchboard => html! { <path d="M3 .800h6L12 6 9 11.200H3L0 6z" /> },
        Role::Peer => {
            html! { <circle cx="6" cy="6" r="4.500" fill="none" stroke="currentColor" stroke-width="2" /> }
        }
        Role::Unknown => {
            html! { <path d="M1.500 1.500h9v9h-9z" fill="none" stroke="currentColor" stroke-width="1.500" stroke-dasharray="2 1.500" /> }
        }
    };
    html! {
        <svg class={classes!("shape", role_class(role))} viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
            { outline }
        </svg>
    }
}

/// A severity's sign, with its word for those who do not see it.
pub fn sign(severity: Severity) -> Html {
    let (ground, mark) = match severity {
        Severity::Chat => ("M7 0a7 7 0 1 0 0 14A7 7 0 0 0 7 0z", "M7 6.300v4M7 3.700v.1"),
        Severity::Note => ("M7 0l7 7-7 7-7-7z", "M7 3.800v3.700M7 10v.1"),
        Severity::Warn | Severity::Error => ("M7 .700 14 13.300H0z", "M7 5.200v3.800M7 11.200v.1"),
    };
    html! {
        <svg class={classes!("sign", severity_class(severity))} viewBox="0 0 14 14" role="img"
            aria-label={wording::severity(severity)}>
            <path d={ground} fill="currentColor" />
            <path d={mark} stroke="var(--surface)" stroke-width="1.700" stroke-linecap="round" />
        </svg>
    }
}
