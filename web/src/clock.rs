//! How times are shown: the same everywhere on the page and in exports.

use serde::{Deserialize, Serialize};

use crate::protocol::Moment;
use crate::wording;

/// What times are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TimeForm {
    /// The clock in Greenwich.
    #[default]
    Utc,
    /// The clock where the reader is.
    Local,
    /// The first packet of the capture.
    Start,
    /// The row before.
    Row,
}

impl TimeForm {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 4] = [Self::Utc, Self::Local, Self::Start, Self::Row];

    /// Its name in addresses and in storage.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Local => "local",
            Self::Start => "start",
            Self::Row => "row",
        }
    }

    /// Its name on the switch.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "Local",
            Self::Start => "Since start",
            Self::Row => "Δ row",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }

    /// The next on the switch.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|form| *form == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or_default()
    }
}

/// A form of time, with what it counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Clock {
    /// The form.
    pub form: TimeForm,
    /// The first packet.
    pub start: Moment,
    /// Minutes by which the reader's clock is ahead of UTC at the beginning of the capture.
    pub ahead: i32,
}

impl Clock {
    /// What stands over a column of times.
    #[must_use]
    pub fn title(&self) -> String {
        match self.form {
            TimeForm::Utc => "Time, UTC".to_owned(),
            TimeForm::Local => format!("Time, {}", self.zone()),
            TimeForm::Start => "Since start".to_owned(),
            TimeForm::Row => "Since row before".to_owned(),
        }
    }

    /// The time of a row, and the row before it.
    #[must_use]
    pub fn row(&self, moment: Moment, before: Option<Moment>) -> String {
        match (self.form, before) {
            _ if moment.absent => wording::clock(moment),
            (TimeForm::Row, Some(before)) if before.absent => String::new(),
            (TimeForm::Row, Some(before)) => signed(moment.since(before)),
            (TimeForm::Row, None) => String::new(),
            _ => self.plain(moment),
        }
    }

    /// A time that stands alone: where there is no row before, the clock says it.
    #[must_use]
    pub fn alone(&self, moment: Moment) -> String {
        match self.form {
            _ if moment.absent => wording::clock(moment),
            TimeForm::Utc | TimeForm::Row => format!("{} UTC", wording::clock(moment)),
            TimeForm::Local => format!("{} {}", self.plain(moment), self.zone()),
            TimeForm::Start => format!("{} after the start", self.plain(moment)),
        }
    }

    /// A time to the second, without a word of what it is counted from.
    #[must_use]
    pub fn second(&self, moment: Moment) -> String {
        if moment.absent { wording::clock(moment) } else { self.tick(moment, 1.0) }
    }

    /// The same with that word.
    #[must_use]
    pub fn at(&self, moment: Moment) -> String {
        if moment.absent { wording::clock(moment) } else { format!("{} {}", self.second(moment), self.whose()) }
    }

    /// From one time to another; with their days where these differ.
    #[must_use]
    pub fn span(&self, from: Moment, to: Moment) -> String {
        let (first, last) = (self.day_of(from), self.day_of(to));
        if first == last {
            return format!("{} to {} {}", self.second(from), self.second(to), self.whose());
        }
        format!("{first}, {} to {last}, {} {}", self.second(from), self.second(to), self.whose())
    }

    /// From one time to another, with their days, or with the one they share.
    #[must_use]
    pub fn span_of_days(&self, from: Moment, to: Moment) -> String {
        let span = self.span(from, to);
        if from.absent || self.day_of(from) != self.day_of(to) {
            return span;
        }
        format!("{}, {span}", wording::day(self.shifted(from)))
    }

    /// A time to the second with its day, where times are those of days.
    #[must_use]
    pub fn at_of_day(&self, moment: Moment) -> String {
        match self.day_of(moment) {
            day if day.is_empty() => self.at(moment),
            day => format!("{day}, {}", self.at(moment)),
        }
    }

    /// The day, where times are those of days.
    fn day_of(&self, moment: Moment) -> String {
        let counted = self.form == TimeForm::Start || moment.absent;
        if counted { String::new() } else { wording::day(self.shifted(moment)) }
    }

    /// The day, or what else stands over times of a day.
    #[must_use]
    pub fn day(&self, moment: Moment) -> String {
        match self.form {
            _ if moment.absent => String::new(),
            TimeForm::Start => "Since the start of the capture".to_owned(),
            _ => format!("{}, {}", wording::day(self.shifted(moment)), self.whose()),
        }
    }

    /// What times are counted from.
    fn whose(&self) -> String {
        match self.form {
            TimeForm::Utc | TimeForm::Row => "UTC".to_owned(),
            TimeForm::Local => self.zone(),
            TimeForm::Start => "after the start".to_owned(),
        }
    }

    /// A time on an axis, `step` seconds from the next one.
    #[must_use]
    pub fn tick(&self, moment: Moment, step: f64) -> String {
        match self.form {
            TimeForm::Start => signed(moment.since(self.start)),
            _ if step < 1.0 => wording::clock(self.shifted(moment)),
            _ if step < 60.0 => wording::clock_seconds(self.shifted(moment)),
            _ if step < 86_400.0 => wording::clock_minutes(self.shifted(moment)),
            _ => wording::day(self.shifted(moment)),
        }
    }

    /// The seconds that an axis of so many seconds is told to.
    #[must_use]
    pub fn step(length: f64) -> f64 {
        match length {
            short if short < 600.0 => 1.0,
            // Times of day say nothing where days go by.
            long if long > 2.0 * 86_400.0 => 86_400.0,
            _ => 60.0,
        }
    }

    /// From where an axis counts its steps, in seconds since 1970.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // seconds since 1970
    pub fn origin(&self) -> f64 {
        match self.form {
            TimeForm::Start => self.start.seconds as f64 + f64::from(self.start.nanos) / 1e9,
            TimeForm::Local => -f64::from(self.ahead) * 60.0,
            TimeForm::Utc | TimeForm::Row => 0.0,
        }
    }

    /// The clock that is shown for a moment.
    #[must_use]
    pub fn shifted(&self, moment: Moment) -> Moment {
        let ahead = if self.form == TimeForm::Local { i64::from(self.ahead) * 60 } else { 0 };
        Moment { seconds: moment.seconds.saturating_add(ahead), ..moment }
    }

    fn plain(&self, moment: Moment) -> String {
        match self.form {
            TimeForm::Start if !moment.absent => signed(moment.since(self.start)),
            _ => wording::clock(self.shifted(moment)),
        }
    }

    /// "UTC+2", "UTC−3:30".
    fn zone(&self) -> String {
        let sign = if self.ahead < 0 { '−' } else { '+' };
        let (hours, minutes) = (self.ahead.abs() / 60, self.ahead.abs() % 60);
        let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
        format!("UTC{sign}{hours}{minutes}")
    }
}

/// "+0.214", "+1:04.500", "−0.001": seconds, from a minute on with the minutes.
fn signed(seconds: f64) -> String {
    let sign = if seconds < 0.0 { '−' } else { '+' };
    let milliseconds = wording::whole((seconds.abs() * 1000.0).round());
    let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000);
    let fraction = format!("{:03}", rest % 1000);
    match minutes {
        0 => format!("{sign}{}.{fraction}", rest / 1000),
        minutes if minutes < 60 => format!("{sign}{minutes}:{:02}.{fraction}", rest / 1000),
        minutes => format!("{sign}{}:{:02}:{:02}.{fraction}", minutes / 60, minutes % 60, rest / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_shown_in_four_forms() {
        let start = Moment { seconds: 1_222_214_531, nanos: 350_000_000, absent: false };
        let moment = Moment { seconds: start.seconds + 64, nanos: 850_000_000, absent: false };
        let clock = |form| Clock { form, start, ahead: 120 };
        let before = Moment { seconds: moment.seconds, nanos: 636_000_000, absent: false };
        let rows = TimeForm::ALL.map(|form| clock(form).row(moment, Some(before)));
        assert_eq!(rows, ["00:03:15.850", "02:03:15.850", "+1:04.500", "+0.214"]);
        assert_eq!(clock(TimeForm::Row).row(moment, None), "");
        let alone = TimeForm::ALL.map(|form| clock(form).alone(moment));
        assert_eq!(alone, ["00:03:15.850 UTC", "02:03:15.850 UTC+2", "+1:04.500 after the start", "00:03:15.850 UTC"]);
        assert_eq!(Clock { ahead: -210, ..clock(TimeForm::Local) }.title(), "Time, UTC−3:30");
    }

    #[test]
    fn stretches_and_days_obey_the_switch() {
        let start = Moment { seconds: 1_222_214_531, nanos: 350_000_000, absent: false };
        let end = Moment { seconds: start.seconds + 64, ..start };
        let clock = |form| Clock { form, start, ahead: -180 };
        let spans = TimeForm::ALL.map(|form| clock(form).span(start, end));
        let expected = [
            "00:02:11 to 00:03:15 UTC",
            "21:02:11 to 21:03:15 UTC−3",
            "+0.000 to +1:04.000 after the start",
            "00:02:11 to 00:03:15 UTC",
        ];
        assert_eq!(spans, expected);
        let later = Moment { seconds: start.seconds + 86_400, ..start };
        assert_eq!(
            clock(TimeForm::Local).span(start, later),
            "23 September 2008, 21:02:11 to 24 September 2008, 21:02:11 UTC−3"
        );
        assert_eq!(clock(TimeForm::Start).span(start, later), "+0.000 to +24:00:00.000 after the start");
        assert_eq!(clock(TimeForm::Utc).span_of_days(start, end), "24 September 2008, 00:02:11 to 00:03:15 UTC");
        let days = TimeForm::ALL.map(|form| clock(form).day(start));
        let expected = [
            "24 September 2008, UTC",
            "23 September 2008, UTC−3",
            "Since the start of the capture",
            "24 September 2008, UTC",
        ];
        assert_eq!(days, expected);
        assert_eq!(clock(TimeForm::Local).at(end), "21:03:15 UTC−3");
    }

    #[test]
    fn the_switch_goes_round_and_names_are_read_back() {
        let mut form = TimeForm::default();
        for expected in [TimeForm::Local, TimeForm::Start, TimeForm::Row, TimeForm::Utc] {
            form = form.next();
            assert_eq!((form, TimeForm::parse(form.slug())), (expected, Some(expected)));
        }
    }

    #[test]
    fn a_time_that_is_not_recorded_is_not_made_up() {
        let absent = Moment { seconds: 7, nanos: 0, absent: true };
        for form in TimeForm::ALL {
            let clock = Clock { form, ..Clock::default() };
            assert_eq!([clock.row(absent, None), clock.alone(absent)], ["no time", "no time"], "{form:?}");
        }
        let here = Moment { absent: false, ..absent };
        assert_eq!(Clock { form: TimeForm::Row, ..Clock::default() }.row(here, Some(absent)), "");
        assert_eq!(
            (wording::without_hour(&wording::clock(absent)), wording::clock_seconds(absent).as_str()),
            ("no time", "no time")
        );
    }

    #[test]
    fn rows_can_go_back_in_time() {
        let at = |nanos| Moment { seconds: 7, nanos, absent: false };
        assert_eq!(Clock { form: TimeForm::Row, ..Clock::default() }.row(at(0), Some(at(1_000_000))), "−0.001");
    }
}
