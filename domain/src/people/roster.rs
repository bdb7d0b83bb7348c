//! The duty roster of the linkage centre: who is on duty at a minute, and when nobody is.

use super::Role;
use crate::call::{Call, Verb, Who};
use crate::ids::{DutyId, PersonId};
use crate::refusal::{Kind, Refusal};
use crate::word::Word;
use crate::words;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

words! {
    /// What somebody on duty does.
    DutyKind {
        Dispatcher = "dispatcher", "派遣值班", "dispatcher on duty";
        ShiftLead = "shift_lead", "带班", "shift lead on duty";
    }
}

impl DutyKind {
    /// Whether somebody with this role may do it: a shift lead may sit in for a dispatcher.
    pub const fn suits(self, role: Role) -> bool {
        match self {
            Self::Dispatcher => matches!(role, Role::Dispatcher | Role::ShiftLead),
            Self::ShiftLead => matches!(role, Role::ShiftLead),
        }
    }
}

/// The longest duty in hours.
pub const DUTY_MAX_HOURS: i64 = 24;
/// The most weeks a duty is repeated in one go.
pub const WEEKS_MAX: u8 = 53;
/// The longest stretch of the roster that is looked at in one go, in days.
pub const ROSTER_MAX_DAYS: i64 = 400;

/// A stretch of time, its end not included.
pub type Span = (Timestamp, Timestamp);

/// The same duty in each of so many weeks. (Weeks are seven times 24 hours: the clocks here are
/// never put forward or back.)
///
/// # Errors
/// Invalid: it ends before it begins, is too long, or there are too many weeks.
pub fn weekly((begins, ends): Span, weeks: u8) -> Result<Vec<Span>, Refusal> {
    let hours = ends.duration_since(begins);
    if hours <= SignedDuration::ZERO || hours > SignedDuration::from_hours(DUTY_MAX_HOURS) {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("值班须在开始之后结束，且不超过 {DUTY_MAX_HOURS} 小时。"),
            format!("A duty ends after it begins and lasts at most {DUTY_MAX_HOURS} hours."),
        )
        .at("ends_at"));
    }
    if !(1..=WEEKS_MAX).contains(&weeks) {
        return Err(Refusal::new(
            Kind::Invalid,
            format!("按周重复 1 到 {WEEKS_MAX} 周，收到 {weeks}。"),
            format!("A duty is repeated for 1 to {WEEKS_MAX} weeks, not {weeks}."),
        )
        .at("weeks"));
    }
    let later = |week: u8| {
        let by = SignedDuration::from_hours(i64::from(week) * 7 * 24);
        Some((begins.checked_add(by).ok()?, ends.checked_add(by).ok()?))
    };
    (0..weeks).map(later).collect::<Option<_>>().ok_or_else(|| {
        Refusal::new(Kind::Invalid, "时间过于久远。", "That is too far in the future.")
            .at("begins_at")
    })
}

/// The stretches of `within` that none of the spans covers, in order.
pub fn gaps(within: Span, spans: &[Span]) -> Vec<Span> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let (mut from, end) = within;
    let mut gaps = Vec::new();
    for (begins, ends) in sorted {
        if begins > from {
            gaps.push((from, begins.min(end)));
        }
        from = from.max(ends);
        if from >= end {
            break;
        }
    }
    if from < end {
        gaps.push((from, end));
    }
    gaps.retain(|(from, until)| from < until);
    gaps
}

/// Checks a stretch of the roster that is asked for.
///
/// # Errors
/// Invalid: it ends before it begins or is too long.
pub fn stretch((from, until): Span) -> Result<Span, Refusal> {
    let long = until.duration_since(from);
    let most = SignedDuration::from_hours(ROSTER_MAX_DAYS * 24);
    if long > SignedDuration::ZERO && long <= most {
        return Ok((from, until));
    }
    Err(Refusal::new(
        Kind::Invalid,
        format!("查询时段须先后有序，且不超过 {ROSTER_MAX_DAYS} 天。"),
        format!("The stretch must end after it begins and be at most {ROSTER_MAX_DAYS} days long."),
    )
    .at("until"))
}

/// The refusal of a duty for which a role is not made.
pub fn does_not_suit(kind: DutyKind, role: Role) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("“{}”不能担任“{}”，请另选人员。", role.zh(), kind.zh()),
        format!("A {} cannot be {}: choose somebody else.", role.en(), kind.en()),
    )
    .at("person")
}

/// A duty of somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Duty {
    /// Which.
    pub id: DutyId,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they do.
    pub kind: DutyKind,
    /// From when (RFC 3339).
    pub begins_at: String,
    /// Until when; that moment is the next one's.
    pub ends_at: String,
}

/// A stretch without a dispatcher.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Gap {
    /// Since when (RFC 3339); `None`: there never was one.
    pub since: Option<String>,
    /// Until when; `None`: nobody is planned any more.
    pub until: Option<String>,
    /// How long it is in minutes, where both ends are known.
    pub minutes: Option<i64>,
}

/// Who is on duty at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OnDutyNow {
    /// The moment (RFC 3339).
    pub at: String,
    /// Who is on duty, shift leads first.
    pub duties: Vec<Duty>,
    /// When there is no dispatcher among them: since when, and until when.
    pub nobody: Option<Gap>,
}

/// Puts somebody on duty, in one week or in the same hours of several. All of it or nothing.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDuty {
    /// Who.
    pub person: PersonId,
    /// What they do.
    pub kind: DutyKind,
    /// From when (RFC 3339).
    pub begins_at: String,
    /// Until when (RFC 3339), at most 24 hours later.
    pub ends_at: String,
    /// For how many weeks, 1 to 53; 1 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weeks: Option<u8>,
}

impl Call for SetDuty {
    type Answer = Vec<Duty>;
    const NAME: &'static str = "set_duty";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/duties";
    const WHO: Who = Who::Roles(&[Role::ShiftLead]);
    const ABOUT: &'static str = "Puts somebody on duty, in one week or in several alike.";
}

/// Takes a duty off the roster that has not begun yet.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveDuty {
    /// Which.
    pub duty: DutyId,
}

impl Call for RemoveDuty {
    type Answer = bool;
    const NAME: &'static str = "remove_duty";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/duties/remove";
    const WHO: Who = Who::Roles(&[Role::ShiftLead]);
    const ABOUT: &'static str = "Takes a duty off the roster; what has begun stays.";
}

/// Lists the duties that touch a stretch of time, by their beginning.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDuties {
    /// From when (RFC 3339).
    pub from: String,
    /// Until when, at most 400 days later.
    pub until: String,
}

impl Call for ListDuties {
    type Answer = Vec<Duty>;
    const NAME: &'static str = "list_duties";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/duties";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "The duty roster of a stretch of time.";
}

/// Asks who is on duty.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnDuty {
    /// When (RFC 3339); now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Call for OnDuty {
    type Answer = OnDutyNow;
    const NAME: &'static str = "on_duty";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/duties/on";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str =
        "Who is on duty at a moment, or since when and until when no dispatcher is.";
}

/// Asks when there is no dispatcher on duty.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterGaps {
    /// From when (RFC 3339).
    pub from: String,
    /// Until when, at most 400 days later.
    pub until: String,
}

impl Call for RosterGaps {
    type Answer = Vec<Gap>;
    const NAME: &'static str = "roster_gaps";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/duties/gaps";
    const WHO: Who = Who::SignedIn;
    const ABOUT: &'static str = "The stretches of time without a dispatcher on duty.";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).expect("a time")
    }

    #[test]
    fn gaps_are_what_a_minute_by_minute_look_finds() {
        let rosters: [&[(i64, i64)]; 7] = [
            &[],
            &[(0, 60)],
            &[(10, 20), (20, 30)],
            &[(30, 50), (5, 10), (8, 31)],
            &[(-20, 5), (55, 90)],
            &[(-9, 90)],
            &[(70, 80), (-20, -10)],
        ];
        for roster in rosters {
            let spans: Vec<Span> = roster.iter().map(|&(b, e)| (at(b), at(e))).collect();
            let found = gaps((at(0), at(60)), &spans);
            for minute in 0..60 {
                let covered = roster.iter().any(|&(b, e)| b <= minute && minute < e);
                let bare = found.iter().any(|&(b, e)| b <= at(minute) && at(minute) < e);
                assert_ne!(covered, bare, "{roster:?} at {minute}");
            }
            assert!(found.windows(2).all(|w| w[0].1 < w[1].0), "{roster:?}: apart and in order");
        }
    }

    #[test]
    fn a_duty_is_repeated_every_week_and_never_too_long() {
        let weeks = weekly((at(0), at(480)), 3).expect("lawful");
        let week = 7 * 24 * 60;
        assert_eq!(weeks, [0, 1, 2].map(|w| (at(w * week), at(w * week + 480))));
        for (span, weeks) in [((0, 0), 1), ((5, 0), 1), ((0, 1441), 1), ((0, 1), 0), ((0, 1), 54)] {
            let refused = weekly((at(span.0), at(span.1)), weeks);
            assert_eq!(refused.expect_err("refused").kind, Kind::Invalid, "{span:?} {weeks}");
        }
    }
}
