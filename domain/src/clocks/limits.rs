//! The table of limits: how long a stage may take, by category and urgency.

use super::{Limit, refuse, rows};
use crate::refusal::{Kind, Refusal};
use crate::word::Word;
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

words! {
    /// The stages of a ticket that have a clock.
    Stage {
        Verify = "verify", "核实", "verify";
        Dispatch = "dispatch", "派遣", "dispatch";
        Arrive = "arrive", "到场", "arrive on site";
        Handle = "handle", "处置", "handle";
        Inspect = "inspect", "核查", "inspect";
        CheckIn = "check_in", "报到", "check in";
        Raise = "raise", "上级研判", "decide on the higher level";
        Rework = "rework", "返工", "rework";
        Evaluate = "evaluate", "评价", "evaluate";
    }
}

words! {
    /// How urgent a ticket is.
    #[derive(Default)]
    Urgency {
        #[default]
        Normal = "normal", "一般", "normal";
        Urgent = "urgent", "紧急", "urgent";
    }
}

/// A row of the table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitRow {
    /// A category's code or the digits a group of codes begins with (the large category's); `None`
    /// for all.
    pub category: Option<String>,
    /// The stage.
    pub stage: Stage,
    /// The urgency.
    pub urgency: Urgency,
    /// The limit, at least 1.
    pub limit: Limit,
    /// Where it is from.
    #[serde(default)]
    pub note: String,
}

/// The table of limits: it has an answer for every category, stage and urgency.
#[derive(Clone, Debug)]
pub struct Limits {
    rows: Vec<LimitRow>,
    /// Row numbers by category (empty for all), stage and urgency.
    index: HashMap<(Stage, Urgency), HashMap<String, usize>>,
}

impl Limits {
    /// From its rows.
    ///
    /// # Errors
    /// The row that repeats another, gives a category that is no digits, or a limit of nothing; a
    /// stage and urgency without a row for all categories.
    pub fn new(rows: Vec<LimitRow>) -> Result<Self, Refusal> {
        let mut index = HashMap::<_, HashMap<String, usize>>::new();
        for (i, row) in rows.iter().enumerate() {
            let code = row.category.as_deref();
            if code.is_some_and(|c| c.is_empty() || !c.bytes().all(|b| b.is_ascii_digit())) {
                return Err(fault(
                    i + 1,
                    "类别须为数字代码，或用 * 表示全部",
                    "the category must be a code of digits, or * for all",
                ));
            }
            if row.limit.amount == 0 {
                return Err(fault(i + 1, "时限至少为 1", "the limit must be at least 1"));
            }
            let key = code.unwrap_or_default().to_owned();
            let same = index.entry((row.stage, row.urgency)).or_default();
            if same.insert(key, i).is_some() {
                let (code, stage, urgency) = (code.unwrap_or("*"), row.stage, row.urgency);
                let zh = format!("{code} 的“{}（{}）”重复", stage.zh(), urgency.zh());
                let en = format!("{code}, {stage}, {urgency} is given twice; keep one");
                return Err(fault(i + 1, zh + "，请只保留一行", en));
            }
        }
        for (&stage, &urgency) in
            Stage::ALL.iter().flat_map(|s| Urgency::ALL.iter().map(move |u| (s, u)))
        {
            if !index.get(&(stage, urgency)).is_some_and(|rows| rows.contains_key("")) {
                return Err(Refusal::new(
                    Kind::Invalid,
                    format!(
                        "缺少“{}（{}）”的默认时限，请加一行 *,{stage},{urgency},…",
                        stage.zh(),
                        urgency.zh()
                    ),
                    format!(
                        "No default limit to {} when {}; add a row *,{stage},{urgency},…",
                        stage.en(),
                        urgency.en()
                    ),
                ));
            }
        }
        Ok(Self { rows, index })
    }

    /// Reads `limits.csv` (`data/limits/README.md` says how it is written).
    ///
    /// # Errors
    /// The line that cannot be read, by its number in the file; what [`Limits::new`] refuses, by
    /// the number of the row.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut lines = rows(text);
        let head = "category,stage,urgency,limit,note";
        if lines.next().is_none_or(|(_, line)| line != head) {
            return Err(Refusal::new(
                Kind::Invalid,
                format!("时限表的第一行须为 {head}"),
                format!("The first row of the table of limits must be {head}"),
            ));
        }
        Self::new(lines.map(|(number, line)| row(number, line)).collect::<Result<_, _>>()?)
    }

    /// The limit for a category (`None` when it has none), a stage and an urgency: the category's
    /// own row, else that of the longest digits its code begins with, which is its large
    /// category, else the one for all. Normal and urgent never stand in for each other.
    pub fn of(&self, category: Option<&str>, stage: Stage, urgency: Urgency) -> Limit {
        let by_code = &self.index[&(stage, urgency)];
        let code = category.unwrap_or_default();
        let mut shorter = (0..=code.len()).rev().filter_map(|n| code.get(..n));
        let row = shorter.find_map(|code| by_code.get(code)).copied();
        // `new` has seen a row for all, which the empty code finds.
        self.rows[row.unwrap_or_default()].limit
    }

    /// Every row, as given.
    pub fn rows(&self) -> &[LimitRow] {
        &self.rows
    }
}

/// A refusal of a row, counted from 1.
fn fault(row: usize, zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Refusal {
    Refusal::new(Kind::Invalid, format!("第 {row} 条时限：{zh}"), format!("limit {row}: {en}"))
}

fn row(number: usize, line: &str) -> Result<LimitRow, Refusal> {
    let fields: Vec<_> = line.splitn(5, ',').map(str::trim).collect();
    let [category, stage, urgency, limit, ref note @ ..] = fields[..] else {
        return Err(refuse(
            number,
            format!("“{line}”少了列，须为 category,stage,urgency,limit,note"),
            format!("“{line}” lacks columns: category,stage,urgency,limit,note"),
        ));
    };
    let known = Stage::from_code(stage).zip(Urgency::from_code(urgency));
    let Some((stage, urgency)) = known else {
        return Err(refuse(
            number,
            format!("没有“{stage}”阶段或“{urgency}”紧急程度，请用 README 所列的词"),
            format!("no stage “{stage}” or no urgency “{urgency}”; use the words of the README"),
        ));
    };
    let limit: Limit =
        limit.parse().map_err(|e: Refusal| refuse(number, &e.message.zh, &e.message.en))?;
    let category = (category != "*").then(|| category.to_owned());
    let note = note.first().copied().unwrap_or_default().to_owned();
    Ok(LimitRow { category, stage, urgency, limit, note })
}
