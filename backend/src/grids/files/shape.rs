//! From coordinates in the file's reference system to a feature's parts, or to row problems.
//!
//! Every format ends here. A ring with a bad point is left out and named; an outer ring takes
//! its holes with it. The shaper also keeps count of coordinates that cannot be in the system
//! the file claims: when that is most of them, the file is refused (see [`Shaper::finish`]).

use super::crs;
use super::{Feature, Part, Row, RowProblem, Summary};
use domain::refusal::{Both, Kind, Refusal};
use serde_json::{Map, Value};
use spatial::Position;
use spatial::projection::Crs;

/// Why a ring is not used.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum BadRing {
    /// The point with this number (from 1) is no coordinate; what stands there.
    NoCoordinate(usize, String),
    /// The point with this number cannot be in the reference system.
    OutOfRange(usize, [f64; 2]),
    /// It has fewer than three different positions; how many.
    TooFew(usize),
}

impl BadRing {
    fn reason(&self, role: Role) -> Both {
        let (zh, en) = match self {
            Self::NoCoordinate(point, text) => (
                format!("第 {point} 个点不是坐标（{text}）"),
                format!("point {point} is no coordinate ({text})"),
            ),
            Self::OutOfRange(point, [x, y]) => (
                format!("第 {point} 个点（{x}, {y}）超出坐标系范围"),
                format!("point {point} ({x}, {y}) is outside the reference system's range"),
            ),
            Self::TooFew(points) => (
                format!("只有 {points} 个不同的点，围不成面"),
                format!("it has {points} different points and encloses nothing"),
            ),
        };
        match role {
            Role::Outer => {
                Both::new(format!("{zh}；该部分未导入"), format!("{en}; its part was left out"))
            }
            Role::Hole => {
                Both::new(format!("{zh}；该内环未导入"), format!("{en}; the hole was left out"))
            }
        }
    }
}

/// What a ring is in its part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Outer,
    Hole,
}

/// A ring as a format reader found it.
pub(super) type FoundRing = Result<Vec<[f64; 2]>, (usize, String)>;

/// Turns found rings into features and row problems and hands them over.
pub(super) struct Shaper<'a> {
    crs: Crs,
    sink: &'a mut dyn FnMut(Row),
    features: usize,
    usable: usize,
    problems: usize,
    first_problem: Option<RowProblem>,
    rings_good: u64,
    rings_out_of_range: u64,
    stray: crs::Sample,
}

/// A feature under way.
#[derive(Default)]
pub(super) struct Draft {
    /// Its place in the file, from 1.
    pub(super) number: usize,
    /// Its parts so far.
    pub(super) parts: Vec<Part>,
    /// Rings seen so far, good or bad.
    pub(super) rings: usize,
    /// Whether a problem has been named for it.
    pub(super) named: bool,
}

impl<'a> Shaper<'a> {
    pub(super) fn new(crs: Crs, sink: &'a mut dyn FnMut(Row)) -> Self {
        Self {
            crs,
            sink,
            features: 0,
            usable: 0,
            problems: 0,
            first_problem: None,
            rings_good: 0,
            rings_out_of_range: 0,
            stray: crs::Sample::default(),
        }
    }

    /// Begins the next feature of the file.
    pub(super) fn begin(&mut self) -> Draft {
        self.features += 1;
        Draft { number: self.features, ..Draft::default() }
    }

    /// Stands for what follows the last feature.
    pub(super) fn after_last(&self) -> Draft {
        Draft { number: self.features, ..Draft::default() }
    }

    /// Names a problem of the feature as a whole, or of one of its rings.
    pub(super) fn problem(&mut self, draft: &mut Draft, ring: Option<usize>, reason: Both) {
        draft.named = true;
        self.problems += 1;
        let problem = RowProblem { feature: draft.number, ring, reason };
        self.first_problem.get_or_insert_with(|| problem.clone());
        (self.sink)(Row::Problem(problem));
    }

    /// The ring's positions; otherwise its problem is named.
    pub(super) fn ring(
        &mut self,
        draft: &mut Draft,
        role: Role,
        found: FoundRing,
    ) -> Option<Vec<Position>> {
        draft.rings += 1;
        let positions = match found {
            Ok(points) => self.positions(&points),
            Err((point, text)) => Err(BadRing::NoCoordinate(point, text)),
        };
        match positions {
            Ok(positions) => {
                self.rings_good += 1;
                Some(positions)
            }
            Err(bad) => {
                if let BadRing::OutOfRange(_, at) = bad {
                    self.rings_out_of_range += 1;
                    self.stray.add(at);
                }
                self.problem(draft, Some(draft.rings), bad.reason(role));
                None
            }
        }
    }

    /// Adds a polygon given as rings, the outer one first.
    pub(super) fn part(&mut self, draft: &mut Draft, rings: impl IntoIterator<Item = FoundRing>) {
        let mut rings = rings.into_iter();
        let Some(outer) = rings.next() else { return };
        let Some(outer) = self.ring(draft, Role::Outer, outer) else {
            draft.rings += rings.count();
            return;
        };
        let mut part = vec![outer];
        for hole in rings {
            part.extend(self.ring(draft, Role::Hole, hole));
        }
        draft.parts.push(part);
    }

    /// Ends a feature: hands it over, or says that nothing of it can be used.
    pub(super) fn end(&mut self, mut draft: Draft, properties: Map<String, Value>) {
        if !draft.parts.is_empty() {
            self.usable += 1;
            let Draft { number, parts, .. } = draft;
            (self.sink)(Row::Feature(Feature { number, properties, parts }));
        } else if !draft.named {
            let reason = Both::new("没有几何图形，未导入", "it has no geometry and was left out");
            self.problem(&mut draft, None, reason);
        }
    }

    /// Ends the file: a summary, unless most rings were out of the reference system's range or
    /// nothing of it can be used.
    pub(super) fn finish(self, format: super::Format) -> Result<Summary, Refusal> {
        if self.rings_out_of_range > self.rings_good {
            return Err(crs::not_in_it(self.crs, &self.stray));
        }
        if self.usable == 0 {
            return Err(nothing_usable(self.features, self.first_problem.as_ref()));
        }
        let Self { crs, features, problems, .. } = self;
        Ok(Summary { format, crs, features, problems })
    }

    fn positions(&self, points: &[[f64; 2]]) -> Result<Vec<Position>, BadRing> {
        let mut positions = Vec::with_capacity(points.len());
        for (i, &at) in points.iter().enumerate() {
            let place = crs::to_position(self.crs, at);
            positions.push(place.ok_or(BadRing::OutOfRange(i + 1, at))?);
        }
        match different(&positions) {
            3.. => Ok(positions),
            few => Err(BadRing::TooFew(few)),
        }
    }
}

fn nothing_usable(features: usize, first: Option<&RowProblem>) -> Refusal {
    let Some(Both { zh, en }) = first.map(RowProblem::sentence) else {
        return Refusal::new(
            Kind::Invalid,
            "文件里没有任何要素，请检查导出的图层。",
            "The file holds no features: check which layer was exported.",
        );
    };
    Refusal::new(
        Kind::Invalid,
        format!("{features} 个要素中没有一个可用的面。{zh}。"),
        format!("None of the {features} features is a usable polygon. First, {en}."),
    )
}

/// How many different positions there are, up to three.
fn different(positions: &[Position]) -> usize {
    let Some(&first) = positions.first() else { return 0 };
    let Some(&second) = positions.iter().find(|&&p| p != first) else { return 1 };
    if positions.iter().any(|&p| p != first && p != second) { 3 } else { 2 }
}
