//! A drawing as a plain list of marks: what a canvas paints and what a picture file writes.

use crate::protocol::Role;

/// One mark, in CSS pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its outline.
    pub shape: Shape,
    /// What it is filled with.
    pub fill: Option<Ink>,
    /// How its outline is drawn.
    pub stroke: Option<Stroke>,
}

/// An outline.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Left, top, width, height, radius of the corners.
    Rect([f64; 5]),
    /// Centre and radius.
    Circle([f64; 3]),
    /// Strokes of a pen.
    Path(Vec<Pen>),
    /// Letters.
    Text(Letters),
}

/// What a pen does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pen {
    /// Goes to a point without drawing.
    Move(f64, f64),
    /// Draws a line to a point.
    Line(f64, f64),
    /// Draws a curve that bends towards the first point and ends at the second.
    Bend(f64, f64, f64, f64),
    /// Back to where it began.
    Close,
}

/// Letters on one line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Letters {
    /// Where they begin, or their middle, or where they end.
    pub x: f64,
    /// Their foot.
    pub y: f64,
    /// Which of these.
    pub anchor: Anchor,
    /// Pixels.
    pub size: f64,
    /// Whether they are all of one width.
    pub mono: bool,
    /// Whether they are bold.
    pub bold: bool,
    /// The letters.
    pub text: String,
    /// What follows them, less important.
    pub rest: String,
}

/// Which point of a text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// Its beginning.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How an outline is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// In which colour.
    pub ink: Ink,
    /// How wide.
    pub width: f64,
    /// With which gaps.
    pub dash: Dash,
}

/// How a line is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Nobody is there.
    Idle,
    /// From one connection to the next.
    Dotted,
    /// Inferred.
    Dashed,
}

impl Dash {
    /// Pixels drawn and left out.
    #[must_use]
    pub const fn pattern(self) -> Option<[f64; 2]> {
        match self {
            Self::Solid => None,
            Self::Idle => Some([1.5, 5.0]),
            Self::Dotted => Some([2.0, 3.0]),
            Self::Dashed => Some([5.0, 4.0]),
        }
    }
}

/// A colour by what it says; the theme knows which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ink {
    /// A role's.
    Role(Role),
    /// A role's ground.
    Tint(Role),
    /// Ground of panes.
    Surface,
    /// Ground of headings.
    Raised,
    /// Wells.
    Sunken,
    /// Hairlines without a meaning.
    Line,
    /// Borders that have one.
    Edge,
    /// Text.
    Text,
    /// Secondary text.
    Text2,
    /// Times.
    Text3,
    /// The selection.
    Select,
    /// Its ground.
    SelectGround,
    /// What is missing or wrong.
    Warn,
    /// The ground of a field, by its turn.
    Field(u8),
}

impl Ink {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let roles = [Role::Client, Role::Dispatch, Role::Notification, Role::Switchboard, Role::Peer, Role::Unknown];
        let mut all: Vec<Self> = roles.into_iter().flat_map(|role| [Self::Role(role), Self::Tint(role)]).collect();
        all.extend([Self::Surface, Self::Raised, Self::Sunken, Self::Line, Self::Edge, Self::Text, Self::Text2]);
        all.extend([Self::Text3, Self::Select, Self::SelectGround, Self::Warn]);
        all.extend((0..6).map(Self::Field));
        all
    }

    /// Its name in the stylesheet.
    #[must_use]
    pub fn token(self) -> String {
        let role = |role: Role| match role {
            Role::Client => "client",
            Role::Dispatch => "dispatch",
            Role::Notification => "notification",
            Role::Switchboard => "switchboard",
            Role::Peer => "peer",
            Role::Unknown => "unknown",
        };
        match self {
            Self::Role(of) => role(of).to_owned(),
            Self::Tint(of) => format!("{}-tint", role(of)),
            Self::Surface => "surface".to_owned(),
            Self::Raised => "raised".to_owned(),
            Self::Sunken => "sunken".to_owned(),
            Self::Line => "line".to_owned(),
            Self::Edge => "edge".to_owned(),
            Self::Text => "ink".to_owned(),
            Self::Text2 => "ink2".to_owned(),
            Self::Text3 => "ink3".to_owned(),
            Self::Select => "select".to_owned(),
            Self::SelectGround => "selectbg".to_owned(),
            Self::Warn => "warn".to_owned(),
            Self::Field(turn) => format!("field{turn}"),
        }
    }
}

impl Mark {
    /// A filled shape.
    #[must_use]
    pub const fn filled(shape: Shape, ink: Ink) -> Self {
        Self { shape, fill: Some(ink), stroke: None }
    }

    /// A path that is drawn and not filled.
    #[must_use]
    pub const fn drawn(path: Vec<Pen>, ink: Ink, width: f64, dash: Dash) -> Self {
        Self { shape: Shape::Path(path), fill: None, stroke: Some(Stroke { ink, width, dash }) }
    }

    /// A line.
    #[must_use]
    pub fn line(from: (f64, f64), to: (f64, f64), ink: Ink, width: f64, dash: Dash) -> Self {
        Self::drawn(vec![Pen::Move(from.0, from.1), Pen::Line(to.0, to.1)], ink, width, dash)
    }

    /// Whether anything of it is to be seen between two heights, in pixels.
    #[must_use]
    pub fn reaches(&self, top: f64, bottom: f64) -> bool {
        let (above, below) = match &self.shape {
            Shape::Rect([_, y, _, height, _]) => (*y, y + height),
            Shape::Circle([_, y, radius]) => (y - radius, y + radius),
            Shape::Path(pens) => pens.iter().fold((f64::MAX, f64::MIN), |(above, below), pen| match pen {
                Pen::Move(_, y) | Pen::Line(_, y) | Pen::Bend(.., y) => (above.min(*y), below.max(*y)),
                Pen::Close => (above, below),
            }),
            Shape::Text(letters) => (letters.y - letters.size, letters.y + letters.size),
        };
        let half = self.stroke.map_or(0.0, |stroke| stroke.width / 2.0);
        above - half <= bottom && below + half >= top
    }

    /// A rectangle without round corners.
    #[must_use]
    pub const fn rect(left: f64, top: f64, width: f64, height: f64, ink: Ink) -> Self {
        Self::filled(Shape::Rect([left, top, width, height, 0.0]), ink)
    }
}
