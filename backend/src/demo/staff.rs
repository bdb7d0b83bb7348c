//! The staff of the demo district: units, people, and who is posted to which cell.

use super::cells::{DrawnCell, chinese};
use super::chance::Chance;
use super::names::Names;
use super::plan::Town;
use domain::people::{Role, UnitKind};
use domain::word::Word;
use serde::Deserialize;

/// The numbers the staff is made from.
#[derive(Deserialize)]
pub struct Numbers {
    /// The password of all demo log-ins.
    pub password: String,
    sub_centres: Vec<String>,
    departments: Vec<Department>,
    advisers_each: usize,
    branches: usize,
    branch_members: usize,
    inspectors: usize,
    cells_per_official: usize,
    dispatchers: usize,
    shift_leads: usize,
    planners: usize,
    management: usize,
    logins: Vec<LogIn>,
}

#[derive(Deserialize)]
struct Department {
    name: String,
    advises: bool,
}

#[derive(Deserialize)]
struct LogIn {
    login: String,
    role: String,
}

/// The file shipped with the program.
pub fn shipped() -> Numbers {
    serde_json::from_str(include_str!("../../../data/demo/staff.json"))
        .expect("data/demo/staff.json is checked by a test")
}

/// A unit.
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
}

/// A person's place at a cell.
pub struct Post {
    /// 3, 2 or 1.
    pub level: u8,
    /// The cell's code.
    pub cell: String,
    /// What they are there.
    pub role: Role,
}

/// An invented person.
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Index of their unit.
    pub unit: usize,
    /// Whether they sit at the duty desk.
    pub duty_desk: bool,
    /// Their log-in name, for the few that have one.
    pub login: Option<String>,
    /// Their cells.
    pub posts: Vec<Post>,
}

/// Everybody.
pub struct Staff {
    /// Units; people point at them by index.
    pub units: Vec<Unit>,
    /// People.
    pub people: Vec<Person>,
}

/// The code of the community a cell code belongs to.
pub fn community_code(cell: &str) -> &str {
    &cell[..12]
}

/// The code of the street-level district a cell code belongs to.
pub fn street_code(cell: &str) -> &str {
    &cell[..9]
}

struct Making<'a> {
    staff: Staff,
    names: &'a Names,
    rng: Chance,
}

impl Making<'_> {
    fn unit(&mut self, kind: UnitKind, name: String) -> usize {
        self.staff.units.push(Unit { name, kind });
        self.staff.units.len() - 1
    }

    fn person(&mut self, role: Role, unit: usize, posts: Vec<Post>) -> &mut Person {
        let name = self.names.person(&mut self.rng);
        let person = Person { name, role, unit, duty_desk: false, login: None, posts };
        self.staff.people.push(person);
        self.staff.people.last_mut().expect("somebody was just added")
    }
}

/// Makes the staff for the cells of one district, which come in code order. `leader_of` is the
/// cell whose leader gets the leader's log-in.
pub fn make(
    town: &Town,
    cells: &[DrawnCell],
    leader_of: &str,
    numbers: &Numbers,
    names: &Names,
    seed: u64,
) -> Staff {
    let staff = Staff { units: Vec::new(), people: Vec::new() };
    let mut making = Making { staff, names, rng: Chance::new(seed, 6) };
    centre(&mut making, numbers);
    let communities = communities(&mut making, town, cells);
    teams(&mut making, town, cells);
    branches(&mut making, town, cells, numbers);
    departments(&mut making, cells, &communities, numbers);
    log_ins(&mut making.staff, numbers, leader_of);
    making.staff
}

fn centre(making: &mut Making<'_>, numbers: &Numbers) {
    // The centre stands from the first migration on under this name.
    let centre = making.unit(UnitKind::Centre, "联动中心".to_owned());
    for i in 0..numbers.shift_leads {
        making.person(Role::ShiftLead, centre, Vec::new()).duty_desk = i == 0;
    }
    for i in 0..numbers.dispatchers {
        making.person(Role::Dispatcher, centre, Vec::new()).duty_desk = i < 2;
    }
    for (role, count) in [
        (Role::Planner, numbers.planners),
        (Role::Management, numbers.management),
        (Role::Administrator, 1),
    ] {
        for _ in 0..count {
            making.person(role, centre, Vec::new());
        }
    }
    let subs: Vec<usize> = numbers
        .sub_centres
        .iter()
        .map(|name| making.unit(UnitKind::SubCentre, name.clone()))
        .collect();
    for i in 0..numbers.inspectors {
        making.person(Role::Inspector, subs[i % subs.len()], Vec::new());
    }
}

fn post(level: u8, cell: &str, role: Role) -> Post {
    Post { level, cell: cell.to_owned(), role }
}

/// Communities in code order with their unit; leaders of levels 1 and 2.
fn communities(making: &mut Making<'_>, town: &Town, cells: &[DrawnCell]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let street = street_code(&cells[0].code).to_owned();
    making.person(Role::Leader, 0, vec![post(1, &street, Role::Leader)]);
    for cell in cells {
        let code = community_code(&cell.code);
        if codes.last().is_some_and(|last| last == code) {
            continue;
        }
        let name = format!("{}社区", town.communities[cell.community].name);
        let unit = making.unit(UnitKind::Community, name);
        making.person(Role::Leader, unit, vec![post(2, code, Role::Leader)]);
        codes.push(code.to_owned());
    }
    codes
}

/// A team with its leader and its full-time member for every cell.
fn teams(making: &mut Making<'_>, town: &Town, cells: &[DrawnCell]) {
    for cell in cells {
        let home = &town.communities[cell.community].name;
        let number: usize = cell.code[12..].parse().expect("a code ends in three digits");
        let name = format!("{home}社区第{}网格队", chinese(number));
        let unit = making.unit(UnitKind::GridTeam, name);
        making.person(Role::Leader, unit, vec![post(3, &cell.code, Role::Leader)]);
        making.person(Role::Member, unit, vec![post(3, &cell.code, Role::Member)]);
    }
}

/// Party branches, shared out among the communities by their cells; each covers a run of cells of
/// its community, with its members on those cells.
fn branches(making: &mut Making<'_>, town: &Town, cells: &[DrawnCell], numbers: &Numbers) {
    let upto = |n: usize, of: usize| n * of / cells.len();
    let (mut seen, mut members) = (0, 0);
    for community in cells.chunk_by(|a, b| a.community == b.community) {
        let begun = upto(seen, numbers.branches);
        seen += community.len();
        let count = upto(seen, numbers.branches) - begun;
        for branch in 0..count {
            let share = branch * community.len() / count..(branch + 1) * community.len() / count;
            let covered = &community[share];
            let home = &town.communities[covered[0].community].name;
            let name = format!("{home}社区第{}党支部", chinese(branch + 1));
            let unit = making.unit(UnitKind::Branch, name);
            let number = begun + branch + 1;
            let to = number * numbers.branch_members / numbers.branches;
            for (i, _) in (members..to).enumerate() {
                let cell = &covered[i % covered.len()].code;
                making.person(Role::Member, unit, vec![post(3, cell, Role::Member)]);
            }
            members = to;
        }
    }
}

/// Departments: advisers for the communities, officials who each hold some cells.
fn departments(
    making: &mut Making<'_>,
    cells: &[DrawnCell],
    communities: &[String],
    numbers: &Numbers,
) {
    let mut units = Vec::new();
    for department in &numbers.departments {
        let unit = making.unit(UnitKind::Department, department.name.clone());
        units.push(unit);
        if !department.advises {
            continue;
        }
        let each = numbers.advisers_each;
        for i in 0..each {
            let share = i * communities.len() / each..(i + 1) * communities.len() / each;
            let posts = communities[share].iter().map(|c| post(2, c, Role::Adviser)).collect();
            making.person(Role::Adviser, unit, posts);
        }
    }
    for (i, held) in cells.chunks(numbers.cells_per_official.max(1)).enumerate() {
        let posts = held.iter().map(|c| post(3, &c.code, Role::Official)).collect();
        making.person(Role::Official, units[i % units.len()], posts);
    }
}

fn log_ins(staff: &mut Staff, numbers: &Numbers, leader_of: &str) {
    for log_in in &numbers.logins {
        let role = Role::from_code(&log_in.role).expect("staff.json names roles");
        let fits = |person: &&mut Person| {
            person.role == role
                && (role != Role::Leader || person.posts.iter().any(|p| p.cell == leader_of))
        };
        if let Some(person) = staff.people.iter_mut().find(fits) {
            person.login = Some(log_in.login.clone());
        }
    }
}
