//! A year's calendar as it was published: days off, and days worked to make up for them.

use super::{refuse, rows};
use crate::refusal::{Both, Kind, Refusal};
use jiff::civil::{Date, Weekday};

/// A day with the holiday it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The day.
    pub date: Date,
    /// The name of the holiday.
    pub holiday: Both,
}

/// What was published for one year. Days of the December before may stand in it, too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Where it was published.
    pub sources: Vec<String>,
    /// Days off, weekend days that lie in a holiday included.
    pub off: Vec<Named>,
    /// Saturdays and Sundays that are worked (调休).
    pub make_up: Vec<Named>,
}

/// Saturday or Sunday.
pub(super) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Year {
    /// Reads a year's file (`data/calendars/README.md` says how it is written).
    ///
    /// # Errors
    /// The line that cannot be read; no `year`; what [`Year::check`] refuses.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut lines = rows(text);
        let first = lines.next().and_then(|(_, line)| line.strip_prefix("year,"));
        let year = first.and_then(|y| y.trim().parse().ok()).ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "日历文件须以年份开头，例如 year,2026",
                "A calendar file must begin with its year, as in year,2026",
            )
        })?;
        let mut read = Self { year, sources: vec![], off: vec![], make_up: vec![] };
        for (number, line) in lines {
            if let Some(source) = line.strip_prefix("source,") {
                read.sources.push(source.trim().to_owned());
                continue;
            }
            let fields: Vec<_> = line.split(',').map(str::trim).collect();
            let day = |date: &str, zh, en| {
                let date = date.parse().ok()?;
                Some(Named { date, holiday: Both::new(zh, en) })
            };
            let (list, day) = match fields[..] {
                [date, "off", zh, en] => (&mut read.off, day(date, zh, en)),
                [date, "work", zh, en] => (&mut read.make_up, day(date, zh, en)),
                _ => (&mut read.off, None),
            };
            let Some(day) = day else {
                let zh = format!("读不懂“{line}”。请写 2026-01-01,off,元旦,New Year");
                let en = format!("cannot read “{line}”. Write 2026-01-01,off,元旦,New Year");
                return Err(refuse(number, zh, en));
            };
            list.push(day);
        }
        read.check()?;
        Ok(read)
    }

    /// Holds what was published to what can be.
    ///
    /// # Errors
    /// A day outside the year and the December before it; a make-up day that is no weekend day; no
    /// day off at all (a year not yet published has no file); a year outside 1900 to 2999.
    pub fn check(&self) -> Result<(), Refusal> {
        let year = self.year;
        let refuse = |zh: String, en: String| Err(Refusal::new(Kind::Invalid, zh, en));
        if !(1900..3000).contains(&year) {
            return refuse(
                format!("年份 {year} 不在 1900 至 2999 之间，请更正"),
                format!("The year {year} is not between 1900 and 2999; correct it"),
            );
        }
        if self.off.is_empty() {
            return refuse(
                format!("{year} 年没有放假日。尚未公布的年份请不要建立文件"),
                format!("{year} has no day off. A year not yet published must have no file"),
            );
        }
        let ours = |d: Date| d.year() == year || (d.year(), d.month()) == (year - 1, 12);
        let stray = |named: &&Named| !ours(named.date);
        if let Some(Named { date, .. }) = self.off.iter().chain(&self.make_up).find(stray) {
            return refuse(
                format!("{date} 不属于 {year} 年（及上年 12 月），请更正日期"),
                format!("{date} is neither in {year} nor in the December before; correct it"),
            );
        }
        if let Some(Named { date, .. }) = self.make_up.iter().find(|n| !is_weekend(n.date)) {
            return refuse(
                format!("{date} 不是周六或周日，不能是调休上班日，请更正日期"),
                format!("{date} is no Saturday or Sunday, so no make-up day; correct the date"),
            );
        }
        Ok(())
    }
}
