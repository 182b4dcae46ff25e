//! What the figures of `cargo xtask bench` are meant to reach, printed beside them. The page's stand in its scripts.

use std::fmt::{self, Display, Formatter};

/// Which figures reach a target.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// This one and greater ones.
    AtLeast(f64),
    /// This one and smaller ones.
    AtMost(f64),
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Bound::AtLeast(bound) => figure >= bound,
            Bound::AtMost(bound) => figure <= bound,
        }
    }
}

impl Display for Bound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Bound::AtLeast(bound) => write!(f, "at least {bound}"),
            Bound::AtMost(bound) => write!(f, "at most {bound}"),
        }
    }
}

/// One target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What the figure is.
    what: &'static str,
    bound: Bound,
    /// What would be better still.
    goal: Option<Bound>,
}

/// How many times as long as our JSON Wireshark's takes.
pub const JSON: Target =
    Target { what: "seconds of tshark -T json / msnp commands --json", bound: Bound::AtLeast(20.0), goal: None };

/// What the plugin costs over the built-in line printer, in captures full of transfers.
pub const LIST: Target = Target {
    what: "seconds of tshark with our plugin / tshark",
    bound: Bound::AtMost(1.6),
    goal: Some(Bound::AtMost(1.25)),
};

impl Target {
    /// The figure, the target, and whether it is reached.
    pub fn beside(&self, figure: f64) -> String {
        let verdict = match (self.bound.holds(figure), self.goal) {
            (false, _) => "missed",
            (true, Some(goal)) if !goal.holds(figure) => "reached, the goal is not",
            (true, _) => "reached",
        };
        let goal = self.goal.map(|goal| format!(", goal {goal}")).unwrap_or_default();
        format!("{}: {figure:.2} (target {}{goal}): {verdict}", self.what, self.bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_judged_by_target_and_goal() {
        let json = |figure| JSON.beside(figure);
        assert_eq!(json(31.0), "seconds of tshark -T json / msnp commands --json: 31.00 (target at least 20): reached");
        assert!(json(19.9).ends_with(": missed"));
        let list = |figure| LIST.beside(figure);
        assert!(list(2.05).ends_with("2.05 (target at most 1.6, goal at most 1.25): missed"), "{}", list(2.05));
        assert!(list(1.5).ends_with(": reached, the goal is not") && list(1.2).ends_with("): reached"));
    }
}
