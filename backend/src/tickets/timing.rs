//! The working calendar and the limits of this process, and the three marks of a clock.

use domain::clocks::{
    CALENDARS, Calendar, Clock, HOURS, Hours, LIMITS, Limits, Named, Stage, Unknown, Urgency, Year,
};
use domain::{Both, Kind, Refusal};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// Years after the last published one that a provisional deadline may reach into.
const PROVISIONAL_YEARS: i16 = 20;

/// Calendar and limits.
pub struct Timing {
    published: Calendar,
    /// The published years, and after them years as [`unpublished`] has them.
    provisional: Calendar,
    limits: Limits,
}

/// When a clock warns, is due and is long overdue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marks {
    /// 80 % of the limit.
    pub warn_at: Timestamp,
    /// All of it.
    pub due_at: Timestamp,
    /// Three times as much.
    pub long_at: Timestamp,
    /// Whether a year without a published calendar was needed. Nothing stays without a deadline;
    /// this one is to be made again when the calendar is out.
    pub provisional: bool,
}

impl Timing {
    /// With the files shipped in the program.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn shipped() -> Result<Self, Refusal> {
        let years = CALENDARS.iter().map(|text| Year::parse(text));
        let years = years.collect::<Result<Vec<_>, _>>()?;
        Self::new(Hours::parse(HOURS)?, years, Limits::parse(LIMITS)?)
    }

    /// With these hours, published years and limits.
    ///
    /// # Errors
    /// When the years contradict themselves.
    pub fn new(hours: Hours, mut years: Vec<Year>, limits: Limits) -> Result<Self, Refusal> {
        let published = Calendar::new(hours.clone(), &years)?;
        let last = years.iter().map(|year| year.year).max().unwrap_or(2026);
        years.extend((last + 1..=last + PROVISIONAL_YEARS).map(unpublished));
        let provisional = Calendar::new(hours, &years)?;
        Ok(Self { published, provisional, limits })
    }

    /// A clock that starts now, by the limits of now.
    pub fn start(
        &self,
        stage: Stage,
        category: Option<&str>,
        urgent: bool,
        now: Timestamp,
    ) -> Clock {
        let urgency = if urgent { Urgency::Urgent } else { Urgency::Normal };
        Clock::new(now, self.limits.of(category, stage, urgency))
    }

    /// When the longest limit of a stage is over that starts now; what started before is due by
    /// then.
    ///
    /// # Errors
    /// As for [`Self::marks`].
    pub fn longest(&self, stage: Stage, now: Timestamp) -> Result<Timestamp, Refusal> {
        let limits = self.limits.rows().iter().filter(|row| row.stage == stage);
        let mut ends = limits.map(|row| Ok(self.marks(&Clock::new(now, row.limit))?.due_at));
        ends.try_fold(now, |longest, end: Result<Timestamp, Refusal>| Ok(longest.max(end?)))
    }

    /// The date of a moment in the city.
    pub fn date(&self, now: Timestamp) -> Date {
        self.published.date(now)
    }

    /// Whether a date is a working day; where its year is not published, by its weekends and the
    /// holidays with a date of their own.
    pub fn works(&self, date: Date) -> bool {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&date.weekday());
        self.provisional.day(date).map_or(!weekend, |day| day.kind.works())
    }

    /// When a clock that is not paused warns, is due and is long overdue.
    ///
    /// # Errors
    /// When it reaches beyond every calendar: its limit is too long.
    pub fn marks(&self, clock: &Clock) -> Result<Marks, Refusal> {
        if let Ok(Some(marks)) = marks(clock, &self.published, false) {
            return Ok(marks);
        }
        marks(clock, &self.provisional, true).ok().flatten().ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "期限过长，超出可计算的日历，请缩短。",
                "The limit reaches beyond every calendar: make it shorter.",
            )
            .at("more")
        })
    }

    /// The marks of a clock that runs, by published calendars alone; `None` while one of them is
    /// still missing.
    pub fn settled(&self, clock: Option<&Clock>) -> Option<Marks> {
        marks(clock?, &self.published, false).ok().flatten()
    }
}

/// A year whose calendar is not out yet: weekends and the holidays with a date of their own
/// (全国年节及纪念日放假办法: 1 January, 1 May, 1 to 3 October), nothing moved.
fn unpublished(year: i16) -> Year {
    let fixed = [(1, 1, "元旦", "New Year"), (5, 1, "劳动节", "Labour Day")];
    let national = (1..=3).map(|day| (10, day, "国庆节", "National Day"));
    let off = fixed.into_iter().chain(national).map(|(month, day, zh, en)| Named {
        date: jiff::civil::date(year, month, day),
        holiday: Both::new(zh, en),
    });
    Year { year, sources: vec![], off: off.collect(), make_up: vec![] }
}

fn marks(clock: &Clock, by: &Calendar, provisional: bool) -> Result<Option<Marks>, Unknown> {
    let (warn, due, long) = (clock.warn_at(by)?, clock.due_at(by)?, clock.long_at(by)?);
    let all = warn.zip(due).zip(long);
    Ok(all.map(|((warn_at, due_at), long_at)| Marks { warn_at, due_at, long_at, provisional }))
}
