//! From polygons with codes, as a file gives them, to cells with their parents in code order.
//!
//! Nothing is refused and nothing is changed without saying so: a polygon without a code gets one
//! made up from its number, polygons with one code become one cell of several parts, and a
//! parent whose children disagree about the level above follows most of them. Each is listed.

use super::ewkb;
use super::store::publish::NewProblem;
use domain::grids::ProblemKind;
use spatial::build::Drawn;
use std::collections::BTreeMap;

/// A polygon as given, with what its record says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Its place in the file, from 1.
    pub number: u64,
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Code and name of the cells above it: level 2, then level 1.
    pub parents: Vec<Option<(String, Option<String>)>>,
    /// The polygon.
    pub drawn: Drawn,
}

/// A cell of level 2 or 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upper {
    /// 2 or 1.
    pub level: u8,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the level-1 cell above, on level 2.
    pub parent: Option<String>,
}

/// A cell of level 3.
#[derive(Clone, PartialEq, Debug)]
pub struct DrawnCell {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Level and code of the cell above.
    pub parent: (u8, String),
    /// What was drawn.
    pub drawn: Drawn,
}

/// Everything to be cut into an edition.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// From which file or plan it comes.
    pub source: String,
    /// Level-3 cells in code order (by bytes).
    pub cells: Vec<DrawnCell>,
    /// Cells of levels 1 and 2 by level and code.
    pub upper: Vec<Upper>,
    /// What the partition must fill; without it, what the cells enclose.
    pub jurisdiction: Option<Drawn>,
    /// What was found wrong before any geometry was looked at.
    pub problems: Vec<NewProblem>,
}

/// The code of the level-1 cell where nobody names one.
pub const WHOLE: &str = "all";
const WHOLE_NAME: &str = "全辖区";

impl Drawing {
    /// Sorts polygons into cells of three levels.
    ///
    /// Codes of the Chinese standard nest by prefix (county 6, street 3, community 3, number 3
    /// digits): where every code has that form, parents that nobody named are read from it.
    /// Otherwise everything hangs under one level-1 cell.
    pub fn of(source: String, given: Vec<Given>, jurisdiction: Option<Drawn>) -> Self {
        let mut problems = Vec::new();
        let merged = merge(given, &mut problems);
        let uppers = Uppers::of(&merged, &mut problems);
        let cells = merged
            .into_values()
            .map(|cell| DrawnCell {
                parent: uppers.parent_of(&cell),
                code: cell.code.unwrap_or_default(),
                name: cell.name.unwrap_or_default(),
                drawn: cell.drawn,
            })
            .collect();
        Self { source, cells, upper: uppers.list(), jurisdiction, problems }
    }
}

/// A problem about whole polygons.
pub fn problem(kind: ProblemKind, cells: Vec<String>, drawn: &Drawn, note: String) -> NewProblem {
    let lawful = |ring: &&Vec<_>| ring.len() >= 3;
    let polygons: Vec<Vec<Vec<_>>> = drawn
        .parts
        .iter()
        .map(|rings| rings.iter().filter(lawful).cloned().collect::<Vec<_>>())
        .filter(|rings| !rings.is_empty())
        .collect();
    NewProblem {
        kind,
        cells,
        area_m2: spatial::metric::polygons_area_m2(&polygons),
        width_m: 0.0,
        owner: None,
        rule: None,
        note: Some(note),
        shape: (!polygons.is_empty()).then(|| ewkb::multi_polygon(&polygons)),
    }
}

/// One entry a code; polygons with the same code become parts of one.
fn merge(given: Vec<Given>, problems: &mut Vec<NewProblem>) -> BTreeMap<String, Given> {
    let mut merged: BTreeMap<String, Given> = BTreeMap::new();
    let (coded, nameless): (Vec<Given>, Vec<Given>) =
        given.into_iter().partition(|one| one.code.is_some());
    for one in coded {
        let code = one.code.clone().unwrap_or_default();
        match merged.get_mut(&code) {
            None => {
                merged.insert(code, one);
            }
            Some(first) => {
                let note = format!(
                    "第 {} 个要素与第 {} 个要素编码相同 / feature {} has the code of feature {}",
                    one.number, first.number, one.number, first.number
                );
                problems.push(problem(ProblemKind::SharedCode, vec![code], &one.drawn, note));
                first.drawn.parts.extend(one.drawn.parts);
            }
        }
    }
    for mut one in nameless {
        let mut code = format!("no-code-{:04}", one.number);
        while merged.contains_key(&code) {
            code.push('x');
        }
        let note = format!("第 {} 个要素没有编码 / feature {} has no code", one.number, one.number);
        problems.push(problem(ProblemKind::MissingCode, vec![code.clone()], &one.drawn, note));
        one.code = Some(code.clone());
        merged.insert(code, one);
    }
    for (code, one) in &mut merged {
        one.name.get_or_insert_with(|| code.clone());
    }
    merged
}

/// The cells of levels 2 and 1.
struct Uppers {
    /// Level-2 code → its name and the level-1 code above it.
    second: BTreeMap<String, (String, String)>,
    /// Level-1 code → its name.
    first: BTreeMap<String, String>,
}

impl Uppers {
    fn of(cells: &BTreeMap<String, Given>, problems: &mut Vec<NewProblem>) -> Self {
        let mut uppers = Self { second: BTreeMap::new(), first: BTreeMap::new() };
        let nest = cells.values().all(|cell| above(cell, 2).is_none() && digits(cell, 15));
        let mut votes: BTreeMap<String, BTreeMap<String, Vec<&Given>>> = BTreeMap::new();
        for cell in cells.values() {
            let code = cell.code.as_deref().unwrap_or_default();
            let second = match above(cell, 2) {
                Some((code, name)) => Some((code.clone(), name.as_ref().unwrap_or(code).clone())),
                None if nest => Some((code[..12].to_owned(), code[..12].to_owned())),
                None => None,
            };
            let first = above(cell, 1).map(|(code, name)| {
                uppers.first.entry(code.clone()).or_insert(name.as_ref().unwrap_or(code).clone());
                code.clone()
            });
            if let Some((code, name)) = second {
                uppers.second.entry(code.clone()).or_insert((name, String::new()));
                votes
                    .entry(code)
                    .or_default()
                    .entry(first.unwrap_or_default())
                    .or_default()
                    .push(cell);
            }
        }
        let twelve = |code: &String| code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit());
        let prefixed = uppers.first.is_empty() && uppers.second.keys().all(twelve);
        for (code, votes) in votes {
            let voted = elect(&code, &votes, problems);
            let first = match voted {
                code if !code.is_empty() => code,
                _ if prefixed => code[..9].to_owned(),
                _ => WHOLE.to_owned(),
            };
            if let Some((_, parent)) = uppers.second.get_mut(&code) {
                parent.clone_from(&first);
            }
            uppers.first.entry(first.clone()).or_insert_with(|| whole_name(&first));
        }
        let orphan = |cell: &Given| !nest && above(cell, 2).is_none() && above(cell, 1).is_none();
        if cells.values().any(orphan) {
            uppers.first.entry(WHOLE.to_owned()).or_insert_with(|| whole_name(WHOLE));
        }
        uppers
    }

    /// Level and code of the cell above a level-3 cell.
    fn parent_of(&self, cell: &Given) -> (u8, String) {
        if let Some((code, _)) = above(cell, 2) {
            return (2, code.clone());
        }
        let code = cell.code.as_deref().unwrap_or_default();
        if let Some(prefix) = code.get(..12).filter(|prefix| self.second.contains_key(*prefix)) {
            return (2, prefix.to_owned());
        }
        (1, above(cell, 1).map_or(WHOLE.to_owned(), |(code, _)| code.clone()))
    }

    fn list(self) -> Vec<Upper> {
        let first = self.first.into_iter();
        let first = first.map(|(code, name)| Upper { level: 1, code, name, parent: None });
        let second = self.second.into_iter().map(|(code, (name, parent))| Upper {
            level: 2,
            code,
            name,
            parent: Some(parent),
        });
        first.chain(second).collect()
    }
}

fn whole_name(code: &str) -> String {
    if code == WHOLE { WHOLE_NAME.to_owned() } else { code.to_owned() }
}

/// Code and name of the cell above on that level, if the record names one.
fn above(cell: &Given, level: usize) -> Option<&(String, Option<String>)> {
    cell.parents.get(2 - level).and_then(Option::as_ref)
}

fn digits(cell: &Given, count: usize) -> bool {
    let code = cell.code.as_deref().unwrap_or_default();
    code.len() == count && code.bytes().all(|b| b.is_ascii_digit())
}

/// The level-1 code most children of a level-2 cell name (ties: the lower); dissent is listed.
fn elect(
    code: &str,
    votes: &BTreeMap<String, Vec<&Given>>,
    problems: &mut Vec<NewProblem>,
) -> String {
    let most = votes.iter().max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)));
    let elected = most.map(|(first, _)| first.clone()).unwrap_or_default();
    for (first, cells) in votes.iter().filter(|(first, _)| **first != elected) {
        let note = format!(
            "二级 {code} 归一级 {elected}，其中这些网格写的是“{first}” / level-2 cell {code} goes \
             under {elected}; these cells name “{first}”"
        );
        let codes = cells.iter().filter_map(|cell| cell.code.clone()).collect();
        let parts = cells.iter().flat_map(|cell| cell.drawn.parts.clone()).collect();
        problems.push(problem(ProblemKind::ParentConflict, codes, &Drawn { parts }, note));
    }
    elected
}

#[cfg(test)]
mod tests {
    use super::*;
    use spatial::Position;

    fn given(number: u64, code: &str, parents: &[&str]) -> Given {
        let corner = |x, y| Position::new(1_200_000_000 + x, 310_000_000 + y);
        let ring = vec![corner(0, 0), corner(10_000, 0), corner(0, 10_000)];
        Given {
            number,
            code: (!code.is_empty()).then(|| code.to_owned()),
            name: None,
            parents: parents
                .iter()
                .map(|p| (!p.is_empty()).then(|| ((*p).to_owned(), None)))
                .collect(),
            drawn: Drawn { parts: vec![vec![ring]] },
        }
    }

    fn drawing(given: Vec<Given>) -> Drawing {
        Drawing::of("test".to_owned(), given, None)
    }

    fn tree(drawing: &Drawing) -> Vec<String> {
        let upper = drawing
            .upper
            .iter()
            .map(|u| format!("{} {} < {}", u.level, u.code, u.parent.as_deref().unwrap_or("-")));
        let cells = drawing.cells.iter();
        upper
            .chain(cells.map(|c| format!("3 {} < {} {}", c.code, c.parent.0, c.parent.1)))
            .collect()
    }

    #[test]
    fn without_parents_everything_hangs_under_one_cell() {
        let drawing = drawing(vec![given(1, "b", &[]), given(2, "a", &[])]);
        assert_eq!(tree(&drawing), ["1 all < -", "3 a < 1 all", "3 b < 1 all"]);
        assert!(drawing.problems.is_empty());
    }

    #[test]
    fn codes_of_the_standard_nest_by_prefix() {
        let drawing =
            drawing(vec![given(1, "320506101001001", &[]), given(2, "320506101002001", &[])]);
        let expected = [
            "1 320506101 < -",
            "2 320506101001 < 320506101",
            "2 320506101002 < 320506101",
            "3 320506101001001 < 2 320506101001",
            "3 320506101002001 < 2 320506101002",
        ];
        assert_eq!(tree(&drawing), expected);
    }

    #[test]
    fn named_parents_win_and_cells_without_one_hang_under_the_whole() {
        let drawing = drawing(vec![given(1, "a", &["P"]), given(2, "b", &[""])]);
        assert_eq!(tree(&drawing), ["1 all < -", "2 P < all", "3 a < 2 P", "3 b < 1 all"]);
    }

    #[test]
    fn a_parent_follows_most_of_its_children_and_dissent_is_listed() {
        let drawing = drawing(vec![
            given(1, "a", &["P", "X"]),
            given(2, "b", &["P", "Y"]),
            given(3, "c", &["P", "Y"]),
        ]);
        let expected = ["1 X < -", "1 Y < -", "2 P < Y", "3 a < 2 P", "3 b < 2 P", "3 c < 2 P"];
        assert_eq!(tree(&drawing), expected);
        let kinds: Vec<_> = drawing.problems.iter().map(|p| (p.kind, p.cells.clone())).collect();
        assert_eq!(kinds, [(ProblemKind::ParentConflict, vec!["a".to_owned()])]);
    }

    #[test]
    fn a_missing_code_is_made_up_and_a_shared_one_makes_one_cell() {
        let drawing = drawing(vec![given(1, "a", &[]), given(2, "", &[]), given(3, "a", &[])]);
        let parts = |c: &DrawnCell| (c.code.clone(), c.drawn.parts.len());
        let codes: Vec<_> = drawing.cells.iter().map(parts).collect();
        assert_eq!(codes, [("a".to_owned(), 2), ("no-code-0002".to_owned(), 1)]);
        let kinds: Vec<_> = drawing.problems.iter().map(|p| p.kind).collect();
        assert_eq!(kinds, [ProblemKind::SharedCode, ProblemKind::MissingCode]);
    }
}
