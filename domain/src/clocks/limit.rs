//! A limit: so much time, in the unit that says what counts as time.

use crate::refusal::{Kind, Refusal};
use crate::word::Word;
use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What a limit counts in; the seconds of each are in the head of [`crate::clocks`].
    Unit {
        WorkingHours = "working_hours", "工作时", "working hours";
        WorkingDays = "working_days", "工作日", "working days";
        UrgentHours = "urgent_hours", "紧急工作时", "urgent hours";
        CalendarDays = "calendar_days", "自然日", "calendar days";
    }
}

impl Unit {
    /// The two letters behind the number in a limit's code.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::WorkingHours => "wh",
            Self::WorkingDays => "wd",
            Self::UrgentHours => "uh",
            Self::CalendarDays => "cd",
        }
    }

    /// Whether only working time counts; otherwise every second does.
    pub const fn works(self) -> bool {
        matches!(self, Self::WorkingHours | Self::WorkingDays)
    }
}

/// A limit, such as four working hours.
///
/// Its code, in JSON, in the database and in files, is the number and the unit's two letters:
/// `4wh` 工作时, `1wd` 工作日, `1uh` 紧急工作时, `7cd` 自然日.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    /// How many, whole.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

impl Limit {
    /// The largest amount a code may state; 99,999 days are 273 years.
    pub const MAX: u32 = 99_999;

    /// So many of a unit.
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self { amount, unit }
    }

    /// What a Chinese reader sees: `4 工作时`.
    pub fn zh(self) -> String {
        format!("{} {}", self.amount, self.unit.zh())
    }

    /// What an English reader sees: `4 working hours`, `1 working day`.
    pub fn en(self) -> String {
        let many = self.unit.en();
        let unit = if self.amount == 1 { many.trim_end_matches('s') } else { many };
        format!("{} {unit}", self.amount)
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.amount, self.unit.suffix())
    }
}

impl std::str::FromStr for Limit {
    type Err = Refusal;

    fn from_str(code: &str) -> Result<Self, Refusal> {
        let read = || {
            let unit = Unit::ALL.iter().copied().find(|unit| code.ends_with(unit.suffix()))?;
            let digits = code.strip_suffix(unit.suffix())?;
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let amount = plain.then(|| digits.parse().ok())??;
            (amount <= Self::MAX).then_some(Self { amount, unit })
        };
        read().ok_or_else(|| {
            let max = Self::MAX;
            Refusal::new(
                Kind::Invalid,
                format!(
                    "“{code}”不是时限。请写 0 到 {max} 的整数加单位：\
                     wh 工作时、wd 工作日、uh 紧急工作时、cd 自然日，例如 4wh"
                ),
                format!(
                    "“{code}” is no limit. Write a whole number from 0 to {max} and a unit: wh \
                     working hours, wd working days, uh urgent hours, cd calendar days, as in 4wh"
                ),
            )
        })
    }
}

impl TryFrom<String> for Limit {
    type Error = Refusal;

    fn try_from(code: String) -> Result<Self, Refusal> {
        code.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

impl schemars::JsonSchema for Limit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]{1,5}(wh|wd|uh|cd)$",
            "description": "A limit: a whole number and its unit, wh working hours, wd working \
                            days, uh urgent hours (day and night), cd calendar days. Example: 4wh",
        })
    }
}
