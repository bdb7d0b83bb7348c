//! The figures of repeats: by which two reports are taken for reports of one thing
//! ([`super::near`]), and a place for one that is reported again and again ([`super::chronic`]).

use crate::refusal::{Kind, Refusal};
use serde::Deserialize;

/// How the likeness of two places is reckoned; `data/repeats/README.md` has the formula.
#[derive(Clone, Copy, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearFigures {
    /// How far is looked, in metres, besides the accuracy asked with.
    pub reach_m: f64,
    /// The distance in metres that halves the score of exact places.
    pub half_m: f64,
    /// The hours apart that halve the score.
    pub half_hours: f64,
    /// The factor of the same large category.
    pub same_group: f64,
    /// The factor where one of them has no category.
    pub unknown: f64,
    /// The factor of another category.
    pub other: f64,
    /// The factor of another level-3 cell.
    pub other_cell: f64,
    /// What scores less is not shown.
    pub least: f64,
}

/// When a place is chronic, for a group of categories.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChronicFigures {
    /// A small category, the digits a group begins with, or `*` for all.
    pub category: String,
    /// So many rounds make it chronic.
    pub times: u32,
    /// Closed within so many days.
    pub days: u16,
    /// Within so many metres.
    pub within_m: f64,
    /// Where the figures are from.
    #[serde(default)]
    pub note: String,
}

/// All figures of repeats.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Of likeness.
    pub near: NearFigures,
    /// Of chronic places; one line is for all categories.
    chronic: Vec<ChronicFigures>,
}

/// The figures shipped with the program (`data/repeats/`).
const SHIPPED: &str = include_str!("../../../data/repeats/repeats.json");

impl Figures {
    /// The figures shipped with the program.
    ///
    /// # Errors
    /// When the file is not what it should be; a test holds that it is.
    pub fn shipped() -> Result<Self, Refusal> {
        Self::parse(SHIPPED)
    }

    /// Reads `repeats.json`.
    ///
    /// # Errors
    /// What cannot be read; a factor outside 0 to 1, a length or time that is not positive; a line
    /// for all categories that is missing.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let read: Self = serde_json::from_str(text).map_err(|error| {
            refuse(format!("无法读取：{error}"), format!("they cannot be read: {error}"))
        })?;
        let NearFigures { reach_m, half_m, half_hours, least, .. } = read.near;
        let NearFigures { same_group, unknown, other, other_cell, .. } = read.near;
        let share = |factor: f64| (0.0..=1.0).contains(&factor);
        let length = |metres: f64| metres > 0.0 && metres <= 10_000.0;
        if ![same_group, unknown, other, other_cell, least].into_iter().all(share) {
            return Err(refuse("各系数须在 0 到 1 之间", "every factor must be from 0 to 1"));
        }
        let lines = read.chronic.iter();
        let lawful = lines.clone().all(|l| l.times > 0 && l.days > 0 && length(l.within_m));
        if ![reach_m, half_m].into_iter().all(length) || half_hours.is_nan() || !lawful {
            return Err(refuse(
                "距离须大于 0 且不超过 10000 米，次数和天数须大于 0",
                "lengths must be above 0 and at most 10,000 m, times and days above 0",
            ));
        }
        if half_hours <= 0.0 || !lines.clone().any(|line| line.category == "*") {
            return Err(refuse(
                "须有 half_hours（大于 0）和一行适用于全部类别的 *",
                "half_hours must be above 0, and one line must be for all categories: *",
            ));
        }
        Ok(read)
    }

    /// The line for a category: its own, else that of the longest digits its code begins with,
    /// else the one for all.
    pub fn chronic(&self, category: &str) -> &ChronicFigures {
        let fits = |line: &&ChronicFigures| {
            line.category == "*" || category.starts_with(line.category.as_str())
        };
        let longest = |line: &&ChronicFigures| match line.category.as_str() {
            "*" => 0,
            code => 1 + code.len(),
        };
        // `parse` has seen the line for all, which fits every category.
        self.chronic.iter().filter(fits).max_by_key(longest).unwrap_or(&self.chronic[0])
    }

    /// The farthest that any line looks, in metres, and the longest, in days.
    pub fn widest(&self) -> (f64, u16) {
        let metres = self.chronic.iter().map(|line| line.within_m).fold(0.0, f64::max);
        (metres, self.chronic.iter().map(|line| line.days).max().unwrap_or_default())
    }
}

fn refuse(zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        format!("重复与顽疾的参数有误：{zh}。"),
        format!("The figures of repeats are wrong: {en}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_shipped_are_lawful_and_a_category_has_the_line_of_its_longest_digits() {
        let figures = Figures::shipped().expect("the file is what it should be");
        let all = figures.chronic("1101");
        assert_eq!((all.category.as_str(), all.times, all.days, all.within_m), ("*", 3, 90, 50.0));
        assert_eq!(figures.chronic("1103").category, "1103");
        assert_eq!(figures.chronic("").category, "*");
        assert_eq!(figures.widest(), (50.0, 365));
    }

    #[test]
    fn figures_that_mean_nothing_are_refused_by_a_sentence() {
        let changed = |from: &str, to: &str| {
            let text = SHIPPED.replacen(from, to, 1);
            assert_ne!(text, SHIPPED, "{from} is there");
            Figures::parse(&text).expect_err(to).kind
        };
        for (from, to) in [
            ("\"least\": 0.1", "\"least\": 1.5"),
            ("\"reach_m\": 150", "\"reach_m\": 0"),
            ("\"half_hours\": 336", "\"half_hours\": 0"),
            ("\"times\": 3", "\"times\": 0"),
            ("\"category\": \"*\"", "\"category\": \"11\""),
            ("\"near\"", "\"far\""),
        ] {
            assert_eq!(changed(from, to), Kind::Invalid);
        }
    }
}
