//! The time strip: the whole capture from edge to edge.

use crate::protocol::{Activity, Moment};

/// Height of a lane, in the strip's own units.
pub const LANE: f64 = 8.0;

/// Seconds from one time of an axis to the next, as clocks are divided.
const STEPS: [f64; 23] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
    3600.0, 10_800.0, 43_200.0, DAY,
];
const DAY: f64 = 86_400.0;

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Its beginning.
    pub start: Moment,
    /// Seconds.
    pub length: f64,
}

impl Span {
    /// From one moment to another.
    #[must_use]
    pub fn new(start: Moment, end: Moment) -> Self {
        Self { start, length: end.since(start).max(0.001) }
    }

    /// Where a moment stands: 0 at the beginning, 1 at the end.
    #[must_use]
    pub fn share(&self, moment: Moment) -> f64 {
        (moment.since(self.start) / self.length).clamp(0.0, 1.0)
    }

    /// The moment at a place.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the capture
    pub fn at(&self, share: f64) -> Moment {
        let seconds = self.length * share.clamp(0.0, 1.0) + f64::from(self.start.nanos) / 1e9;
        let whole = seconds.floor();
        Moment {
            seconds: self.start.seconds.saturating_add(whole as i64),
            nanos: ((seconds - whole) * 1e9) as u32,
            absent: self.start.absent,
        }
    }

    /// Seconds since 1970 at a place.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // seconds since 1970
    pub fn epoch(&self, share: f64) -> f64 {
        let moment = self.at(share);
        moment.seconds as f64 + f64::from(moment.nanos) / 1e9
    }
}

/// Round times of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    /// Seconds from one to the next.
    pub step: f64,
    /// Where each stands in the span, and when that is.
    pub places: Vec<(f64, Moment)>,
}

impl Ticks {
    /// At most `most` and one times of a span, in whole steps from `origin`, in seconds since 1970.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a time within the capture, in milliseconds
    pub fn new(span: &Span, origin: f64, most: f64) -> Self {
        let rough = span.length / most;
        let days = (rough / DAY).ceil() * DAY;
        let step = STEPS.into_iter().find(|step| *step >= rough).unwrap_or(days);
        let begin = span.epoch(0.0);
        let first = ((begin - origin) / step).ceil();
        let time = |at: i32| origin + (first + f64::from(at)) * step;
        let moment = |time: f64| {
            let milliseconds = (time * 1000.0).round() as i64;
            let nanos = milliseconds.rem_euclid(1000) as u32 * 1_000_000;
            Moment { seconds: milliseconds.div_euclid(1000), nanos, absent: false }
        };
        // Without a clock there are no round times.
        let times = (0..=most as i32).filter(|_| !span.start.absent).map(time);
        let times = times.take_while(|time| *time <= begin + span.length);
        Self { step, places: times.map(|time| ((time - begin) / span.length, moment(time))).collect() }
    }
}

/// The bars of one lane as one path, each interval `width` wide; full height is the fullest interval.
#[must_use]
pub fn bars(activity: &Activity, lane: usize, width: f64) -> String {
    let counts = activity.counts.get(lane).map(Vec::as_slice).unwrap_or_default();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(count, at): (&u32, u32)| {
        let height = (f64::from(*count) / f64::from(most) * LANE).max(1.5);
        format!("M{:.1} {LANE}v-{height:.1}h{:.1}v{height:.1}z", f64::from(at) * width, width * 0.8)
    };
    counts.iter().zip(0..).filter(|(count, _)| **count > 0).map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_moments_agree() {
        let at = |seconds, nanos| Moment { seconds, nanos, absent: false };
        let span = Span::new(at(100, 500_000_000), at(300, 500_000_000));
        assert_eq!(span.at(0.5), at(200, 500_000_000));
        assert_eq!(span.share(at(250, 500_000_000)), 0.75);
        assert_eq!((span.share(at(0, 0)), span.share(at(999, 0))), (0.0, 1.0));
        assert_eq!(span.epoch(0.25), 150.5);
        assert!(Span::new(at(5, 0), at(5, 0)).length > 0.0, "a capture of one packet");
    }

    #[test]
    fn without_a_clock_nothing_has_a_time() {
        let at = |seconds| Moment { seconds, nanos: 0, absent: true };
        let span = Span::new(at(0), at(60));
        assert!(span.at(0.5).absent);
        assert_eq!(Ticks::new(&span, 0.0, 8.0).places, []);
    }

    #[test]
    fn an_axis_names_round_times() {
        let at = |seconds, nanos| Moment { seconds, nanos, absent: false };
        let named = |span: &Span, origin| {
            let ticks = Ticks::new(span, origin, 8.0);
            let times = ticks.places.iter().map(|(_, moment)| span.share(*moment)).collect::<Vec<_>>();
            for (place, time) in ticks.places.iter().zip(&times) {
                assert!((place.0 - time).abs() < 1e-6, "{place:?} is where its time is");
            }
            (ticks.step, ticks.places.iter().map(|(_, moment)| (moment.seconds, moment.nanos)).collect::<Vec<_>>())
        };
        let span = Span::new(at(1_000_000_058, 400_000_000), at(1_000_000_064, 900_000_000));
        let seconds = (59..65).map(|second| (1_000_000_000 + second, 0)).collect::<Vec<_>>();
        assert_eq!(named(&span, 0.0), (1.0, seconds));
        let since = named(&span, span.epoch(0.0));
        assert_eq!((since.0, since.1.len(), since.1.first()), (1.0, 7, Some(&(1_000_000_058, 400_000_000))));
        let days = named(&Span::new(at(0, 0), at(86_400 * 40, 0)), 0.0);
        assert_eq!((days.0, days.1.last()), (86_400.0 * 5.0, Some(&(86_400 * 40, 0))));
        assert_eq!(named(&Span::new(at(5, 0), at(5, 0)), 0.0), (0.001, vec![(5, 0), (5, 1_000_000)]));
    }

    #[test]
    fn bars_are_drawn_where_something_was_sent() {
        let mut activity = Activity { step: 1.0, ..Activity::default() };
        activity.counts[1] = vec![0, 4, 1];
        assert_eq!(bars(&activity, 1, 10.0), "M10.0 8v-8.0h8.0v8.0zM20.0 8v-2.0h8.0v2.0z");
        assert_eq!(bars(&activity, 0, 10.0), "");
    }
}
