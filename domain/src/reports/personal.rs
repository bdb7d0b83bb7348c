//! What a reporter tells about themselves: who they are and where they can be called back.
//!
//! It is kept apart from the report, for as long as somebody may have to call back, and shown one
//! report at a time to whoever must, with a reason, on record.

use crate::call::{Call, Verb, Who};
use crate::ids::{PersonId, ReportId, ViewId};
use crate::people::Role;
use crate::refusal::{Kind, Refusal};
use crate::word::Word;
use crate::words;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const REPORTER_NAME_MAX_CHARS: usize = 50;
/// The longest telephone number, in characters.
pub const REPORTER_PHONE_MAX_CHARS: usize = 30;
/// The longest reason for looking, in characters.
pub const REASON_MAX_CHARS: usize = 500;

/// Roles that call reporters back: those who take calls, and those who work on the ticket.
pub const CALLERS_BACK: &[Role] =
    &[Role::Dispatcher, Role::ShiftLead, Role::SubCentre, Role::Leader, Role::Member];

words! {
    /// What a reporter may tell about themselves.
    PersonalField {
        Name = "name", "姓名", "name";
        Phone = "phone", "电话", "telephone number";
    }
}

/// What a reporter tells about themselves. It is not printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// How to address them; at most 50 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to call them back; at most 30 digits, spaces, `+`, `-`, `(`, `)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl std::fmt::Debug for Reporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a reporter)")
    }
}

impl Reporter {
    /// The fields that say something, checked.
    ///
    /// # Errors
    /// Invalid, naming the field.
    pub fn fields(self) -> Result<Vec<(PersonalField, String)>, Refusal> {
        let given = [(PersonalField::Name, self.name), (PersonalField::Phone, self.phone)];
        let mut fields = Vec::new();
        for (field, value) in given {
            let value = value.as_deref().unwrap_or_default().trim();
            if value.is_empty() {
                continue;
            }
            field.check(value)?;
            fields.push((field, value.to_owned()));
        }
        Ok(fields)
    }
}

impl PersonalField {
    fn check(self, value: &str) -> Result<(), Refusal> {
        let most = match self {
            Self::Name => REPORTER_NAME_MAX_CHARS,
            Self::Phone => REPORTER_PHONE_MAX_CHARS,
        };
        let phone = |c: char| c.is_ascii_digit() || " +-()".contains(c);
        let lawful = match self {
            Self::Name => !value.contains(char::is_control),
            Self::Phone => value.chars().all(phone) && value.contains(|c: char| c.is_ascii_digit()),
        };
        if lawful && value.chars().count() <= most {
            return Ok(());
        }
        let (zh, en) = match self {
            Self::Name => ("", ""),
            Self::Phone => {
                ("，只能有数字、空格、+、-、括号", ", of digits, spaces, +, - and brackets")
            }
        };
        Err(Refusal::new(
            Kind::Invalid,
            format!("上报人的{}最多 {most} 个字{zh}，请修改。", self.zh()),
            format!("The reporter's {} has at most {most} characters{en}: change it.", self.en()),
        )
        .at(format!("reporter.{self}")))
    }
}

/// A field to be kept, and until when at most.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal {
    /// Which.
    pub field: PersonalField,
    /// What was said.
    pub value: String,
    /// When it is deleted, whatever has become of the report.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} until {})", self.field, self.expires_at)
    }
}

/// How long a field is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keeping {
    /// Which field.
    pub field: PersonalField,
    /// Days after the ticket of its report has ended.
    pub after_end_days: u16,
    /// Days after the report came in, at most.
    pub at_most_days: u16,
}

/// The default times: `data/retention/personal.csv`, for [`Keeping::parse`].
pub const KEEPING: &str = include_str!("../../../data/retention/personal.csv");

impl Keeping {
    /// Reads the file of times: a line for each field, in the order of the fields.
    ///
    /// # Errors
    /// With the line that is wrong, or the field that is missing.
    pub fn parse(text: &str) -> Result<Vec<Self>, Refusal> {
        let mut all: Vec<Self> = Vec::new();
        let lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
        for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let keeping =
                Self::line(line).filter(|new| all.iter().all(|old| old.field != new.field));
            all.push(keeping.ok_or_else(|| {
                Refusal::new(
                    Kind::Invalid,
                    format!("第 {number} 行：应为“字段,结案后天数,最多天数”，每个字段一行。"),
                    format!(
                        "line {number}: write field,after_end_days,at_most_days, each field once"
                    ),
                )
            })?);
        }
        if let Some(field) = PersonalField::ALL.iter().find(|f| all.iter().all(|k| k.field != **f))
        {
            return Err(Refusal::new(
                Kind::Invalid,
                format!("缺少“{field}”的保存期限。"),
                format!("nothing says how long {field} is kept"),
            ));
        }
        all.sort_by_key(|keeping| keeping.field);
        Ok(all)
    }

    fn line(line: &str) -> Option<Self> {
        let mut parts = line.split(',').map(str::trim);
        let field = PersonalField::from_code(parts.next()?)?;
        let mut days = || parts.next()?.parse::<u16>().ok().filter(|days| *days > 0);
        let (after_end_days, at_most_days) = (days()?, days()?);
        parts.next().is_none().then_some(Self { field, after_end_days, at_most_days })
    }

    /// The fields to be kept of a reporter, each until its own time.
    ///
    /// # Errors
    /// Invalid, naming the field that is wrong.
    pub fn of(
        all: &[Self],
        reporter: Option<Reporter>,
        now: Timestamp,
    ) -> Result<Vec<Personal>, Refusal> {
        let Some(reporter) = reporter else { return Ok(Vec::new()) };
        let keep = |(field, value)| {
            let days = all.iter().find(|keeping| keeping.field == field)?.at_most_days;
            let hours = (i64::from(days) * 24).hours();
            let expires_at = now.saturating_add(hours).unwrap_or(Timestamp::MAX);
            Some(Personal { field, value, expires_at })
        };
        Ok(reporter.fields()?.into_iter().filter_map(keep).collect())
    }
}

/// Asks who a reporter is, to call them back. Who asked, when and why is kept; what was shown is
/// not.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReporter {
    /// Whose report.
    pub report: ReportId,
    /// Why it must be known; 1 to 500 characters.
    pub reason: String,
}

impl Call for ShowReporter {
    type Answer = ShownReporter;
    const NAME: &'static str = "show_reporter";
    const VERB: Verb = Verb::Post;
    const PATH: &'static str = "/api/reports/reporter";
    const WHO: Who = Who::Roles(CALLERS_BACK);
    const ABOUT: &'static str = "Who a reporter is, to call them back: for the centre, and for the \
        unit that has the ticket. That it was asked and why is kept.";
}

/// What a reporter told about themselves, as far as it is still kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShownReporter {
    /// What they told.
    pub reporter: Reporter,
    /// When the last of it is deleted, if the ticket does not end before.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ShownReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(a reporter until {})", self.expires_at)
    }
}

/// Lists who asked for reporters, the newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListReporterViews {
    /// Only of this report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportId>,
    /// Only those with a smaller number: the last one of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ViewId>,
    /// How many at most, 1 to 200; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

impl Call for ListReporterViews {
    type Answer = Vec<ReporterView>;
    const NAME: &'static str = "list_reporter_views";
    const VERB: Verb = Verb::Get;
    const PATH: &'static str = "/api/reports/reporter-views";
    const WHO: Who = Who::Roles(&[Role::ShiftLead, Role::Management]);
    const ABOUT: &'static str = "Who asked for reporters' names and telephone numbers, and why.";
}

/// That somebody asked who a reporter is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReporterView {
    /// Its number.
    pub view: ViewId,
    /// Whose report.
    pub report: ReportId,
    /// Who asked.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_times_are_lawful_and_a_field_without_one_is_missed() {
        let shipped = Keeping::parse(KEEPING).expect("the file is lawful");
        let fields: Vec<PersonalField> = shipped.iter().map(|keeping| keeping.field).collect();
        assert_eq!(fields, PersonalField::ALL);
        assert!(shipped.iter().all(|keeping| keeping.after_end_days < keeping.at_most_days));
        for wrong in ["", "name,180,730", "name,1,2\nname,1,2\nphone,1,2", "name,0,1\nphone,1,1"] {
            Keeping::parse(wrong).expect_err(wrong);
        }
    }

    #[test]
    fn what_says_nothing_is_not_kept_and_each_field_has_its_own_time() {
        let times = Keeping::parse("name,1,2\nphone,1,3").expect("lawful");
        let now = Timestamp::UNIX_EPOCH;
        let reporter = |name: &str, phone: &str| {
            Some(Reporter { name: Some(name.to_owned()), phone: Some(phone.to_owned()) })
        };
        assert_eq!(Keeping::of(&times, None, now), Ok(vec![]));
        assert_eq!(Keeping::of(&times, reporter(" ", ""), now), Ok(vec![]));
        let kept = Keeping::of(&times, reporter("王女士", "+86 (512) 6512-0000"), now);
        let kept = kept.expect("lawful");
        let until: Vec<i64> = kept.iter().map(|kept| kept.expires_at.as_second()).collect();
        assert_eq!(until, [2 * 86_400, 3 * 86_400]);
        for (wrong, field) in [
            (reporter(&"长".repeat(51), "1"), "reporter.name"),
            (reporter("a\nb", "1"), "reporter.name"),
            (reporter("", "call me"), "reporter.phone"),
            (reporter("", "-"), "reporter.phone"),
            (reporter("", &"1".repeat(31)), "reporter.phone"),
        ] {
            let refused = Keeping::of(&times, wrong, now).expect_err("refused");
            assert_eq!(refused.field.as_deref(), Some(field));
        }
    }

    #[test]
    fn it_is_not_printed() {
        let reporter =
            Reporter { name: Some("王女士".into()), phone: Some("13900000000".into()) };
        let kept = Keeping::parse(KEEPING).expect("lawful");
        let kept = Keeping::of(&kept, Some(reporter.clone()), Timestamp::UNIX_EPOCH);
        for printed in [format!("{reporter:?}"), format!("{kept:?}")] {
            assert!(!printed.contains("王") && !printed.contains("139"), "{printed}");
        }
    }
}
