//! The demo district as a value: always the same, complete, and with the problems it says it has.

use backend::demo::district::{self, District, REPORTS, SEED, UNTIL};
use backend::demo::files;
use domain::people::{Role, UnitKind};
use sha2::{Digest, Sha256};
use spatial::build::{Drawn, Options, ProblemKind, build};
use spatial::locate::{Basis, Locator, Tolerances};
use spatial::{Face, FaceId, Position};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

static DISTRICT: LazyLock<District> = LazyLock::new(|| district::make(SEED, UNTIL, REPORTS));

fn drawn(rings: &[Vec<backend::demo::plane::P>]) -> Drawn {
    let ring = |points: &Vec<backend::demo::plane::P>| -> Vec<Position> {
        points.iter().map(|p| p.position()).collect()
    };
    Drawn { parts: vec![rings.iter().map(ring).collect()] }
}

fn built() -> spatial::build::Built {
    let cells: Vec<Drawn> = DISTRICT.cells.iter().map(|c| drawn(&c.rings)).collect();
    let jurisdiction = drawn(std::slice::from_ref(&DISTRICT.jurisdiction));
    build(&cells, Some(&jurisdiction), &Options::default())
}

#[test]
fn the_same_bytes_come_out_every_time() {
    let hash = |district: &[District]| {
        let mut sha = Sha256::new();
        for (name, text) in files::all(district).expect("files are made in memory") {
            sha.update(name);
            sha.update(text);
        }
        sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let again = [district::make(SEED, UNTIL, REPORTS)];
    let first = hash(std::slice::from_ref(&*DISTRICT));
    assert_eq!(first, hash(&again));
    // Changes whenever the generator or its inputs do; never by itself, on any machine.
    assert_eq!(first, include_str!("demo.sha256").trim());
}

#[test]
fn another_seed_is_another_sound_district() {
    for seed in 1..6 {
        let other = district::make(seed, UNTIL, 10);
        assert_eq!(other.communities.len(), 30);
        assert!((250..=380).contains(&other.cells.len()), "{} cells", other.cells.len());
    }
}

#[test]
fn it_has_about_thirty_communities_and_three_hundred_cells() {
    assert_eq!(DISTRICT.communities.len(), 30);
    assert!((285..=325).contains(&DISTRICT.cells.len()), "{}", DISTRICT.cells.len());
    assert!(DISTRICT.blanks.len() >= 40, "{}", DISTRICT.blanks.len());
    assert!(DISTRICT.blanks.iter().all(|b| (2.0..=8.0).contains(&b.width_m)));
    assert!(DISTRICT.blanks.iter().any(|b| b.open) && DISTRICT.blanks.iter().any(|b| !b.open));
    assert_eq!(DISTRICT.blanks.iter().filter(|b| b.pile).count(), 1);
    assert!(DISTRICT.base_map.len() < 3_000_000, "{} bytes", DISTRICT.base_map.len());
}

#[test]
fn copies_for_load_tests_stand_apart_and_share_the_reports() {
    let copies = district::make_many(700, UNTIL, 1_000);
    assert_eq!(copies.len(), 3);
    assert_eq!(copies.iter().map(|d| d.reports.len()).sum::<usize>(), 1_000);
    let codes: BTreeSet<&str> =
        copies.iter().flat_map(|d| &d.cells).map(|c| c.code.as_str()).collect();
    assert_eq!(codes.len(), copies.iter().map(|d| d.cells.len()).sum::<usize>());
    let east = |d: &District| d.jurisdiction.iter().map(|q| q.x).fold(f64::MIN, f64::max);
    let west = |d: &District| d.jurisdiction.iter().map(|q| q.x).fold(f64::MAX, f64::min);
    assert!(east(&copies[0]) < west(&copies[1]) && east(&copies[1]) < west(&copies[2]));
    assert!(copies[1..].iter().all(|d| d.staff.people.iter().all(|p| p.login.is_none())));
}

#[test]
fn codes_are_fifteen_digits_in_order_and_once_each() {
    let codes: Vec<&str> = DISTRICT.cells.iter().map(|c| c.code.as_str()).collect();
    assert!(codes.is_sorted() && codes.windows(2).all(|w| w[0] != w[1]));
    for code in codes {
        assert!(code.len() == 15 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        assert!(code.starts_with("320598001"), "{code}");
        assert!(DISTRICT.communities.iter().any(|c| c.code == code[..12]), "{code}");
    }
}

#[test]
fn every_strip_becomes_a_blank_zone_with_an_owner() {
    let built = built();
    let gaps = built.problems.iter().filter(|p| p.kind == ProblemKind::Gap).count();
    assert_eq!(gaps, DISTRICT.blanks.len());
    let zones = built.partition.faces().iter().filter(|f| matches!(f, Face::BlankZone { .. }));
    assert_eq!(zones.count(), DISTRICT.blanks.len());
    let locator = Locator::new(Arc::new(built.partition));
    for blank in &DISTRICT.blanks {
        // The middle of a diagonal of the strip's first bend lies in it.
        let at = inside_strip(&blank.ring);
        let found = locator.locate(at, &Tolerances::default());
        assert!(found.cell.is_some(), "a strip at {at:?} has nobody");
    }
}

/// A place inside a strip: its ring's points are paired across, wall by wall.
fn inside_strip(ring: &[backend::demo::plane::P]) -> Position {
    let n = ring.len();
    let middle = backend::demo::plane::centroid(ring);
    let across = |i: usize| (ring[i] + ring[(i + n / 2) % n]) * 0.5;
    let place = (0..n).map(across).find(|q| backend::demo::plane::inside(ring, *q));
    place.unwrap_or(middle).position()
}

#[test]
fn the_known_mistakes_are_found_and_no_others() {
    let built = built();
    let code = |drawn: &u32| DISTRICT.cells[*drawn as usize].code.clone();
    let found = |kinds: &[ProblemKind]| -> BTreeSet<BTreeSet<String>> {
        let of = built.problems.iter().filter(|p| kinds.contains(&p.kind));
        of.map(|p| p.drawn.iter().map(code).collect()).collect()
    };
    let known = |kind: &str| -> BTreeSet<BTreeSet<String>> {
        let of = DISTRICT.known.iter().filter(|k| k.kind == kind);
        of.map(|k| k.cells.iter().cloned().collect()).collect()
    };
    assert_eq!(known("overlap").len(), 6);
    assert_eq!(found(&[ProblemKind::Overlap]), known("overlap"));
    assert_eq!(known("sliver").len(), 12);
    assert_eq!(found(&[ProblemKind::SliverGap]), known("sliver"));
    let kinds: BTreeSet<ProblemKind> = built.problems.iter().map(|p| p.kind).collect();
    let expected =
        [ProblemKind::Overlap, ProblemKind::Gap, ProblemKind::SliverGap, ProblemKind::Mismatch];
    assert!(kinds.is_subset(&expected.into()), "{kinds:?}");
}

#[test]
fn a_year_of_reports_is_assigned_to_the_last_one() {
    assert_eq!(DISTRICT.reports.len(), 12_500);
    let locator = Locator::new(Arc::new(built().partition));
    let (mut blank, mut border, mut near, mut outside) = (0, 0, 0, 0);
    for report in &DISTRICT.reports {
        let found = locator.locate(report.at, &Tolerances::default());
        assert!(found.cell.is_some(), "a report has nobody");
        match found.basis {
            Basis::BlankZone => blank += 1,
            Basis::Border => border += 1,
            Basis::OutsideNear => near += 1,
            // The duty desk answers; the nearest cell is named.
            Basis::Outside => outside += 1,
            Basis::Inside => assert_ne!(found.face, FaceId::OUTSIDE),
        }
    }
    // A third of the 0.4 % that lie outside are too far off for any cell.
    assert!((100..900).contains(&blank), "{blank} in blank zones");
    assert!((60..900).contains(&border), "{border} on borders");
    assert!((20..150).contains(&near), "{near} near");
    assert!((8..35).contains(&outside), "{outside} outside");
}

#[test]
fn reports_speak_in_many_words_of_known_categories() {
    let categories: BTreeSet<&str> = include_str!("../data/categories/categories.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    let texts: BTreeSet<&str> = DISTRICT.reports.iter().map(|r| r.text.as_str()).collect();
    assert!(texts.len() > 11_000, "{} different texts", texts.len());
    for report in &DISTRICT.reports {
        assert!(categories.contains(report.category.as_str()), "{}", report.category);
        assert!(!report.text.contains(['{', '}']), "{}", report.text);
        assert!(report.happened_at_s < report.received_at_s);
        assert!(report.accuracy_m.is_none_or(|m| (5.0..=30.0).contains(&m)));
    }
    assert!(DISTRICT.reports.windows(2).all(|w| w[0].received_at_s <= w[1].received_at_s));
}

#[test]
fn every_cell_has_a_leader_and_members_and_those_above_it() {
    let posted: BTreeSet<(u8, &str, &str)> = DISTRICT
        .staff
        .people
        .iter()
        .flat_map(|p| &p.posts)
        .map(|p| (p.level, p.cell.as_str(), domain::word::Word::code(p.role)))
        .collect();
    for cell in &DISTRICT.cells {
        for role in ["leader", "member", "official"] {
            assert!(posted.contains(&(3, &cell.code, role)), "{} has no {role}", cell.code);
        }
    }
    for community in &DISTRICT.communities {
        for role in ["leader", "adviser"] {
            assert!(posted.contains(&(2, &community.code, role)), "{}: no {role}", community.code);
        }
    }
    assert!(posted.contains(&(1, "320598001", "leader")));
}

#[test]
fn the_numbers_of_the_founding_report_come_out() {
    let staff = &DISTRICT.staff;
    let kind = |index: usize| staff.units[index].kind;
    let units = |wanted| staff.units.iter().filter(|u| u.kind == wanted).count();
    assert_eq!(units(UnitKind::Branch), 136);
    assert_eq!(units(UnitKind::Community), 30);
    assert_eq!(units(UnitKind::GridTeam), DISTRICT.cells.len());
    let in_front = staff.people.iter().filter(|p| kind(p.unit) == UnitKind::Branch).count();
    assert_eq!(in_front, 722);
    for person in staff.people.iter().filter(|p| kind(p.unit) == UnitKind::Branch) {
        let cell = DISTRICT.cells.iter().find(|c| c.code == person.posts[0].cell).expect("a cell");
        let home = cell.name.split('第').next().expect("a name");
        assert!(staff.units[person.unit].name.starts_with(home), "{}", cell.name);
    }
    let patrol = staff.people.iter().filter(|p| p.role == Role::Inspector).count();
    assert!(patrol > 300, "{patrol}");
    let names: BTreeSet<(UnitKind, &str)> =
        staff.units.iter().map(|u| (u.kind, u.name.as_str())).collect();
    assert_eq!(names.len(), staff.units.len(), "unit names are unique within a kind");
    assert_eq!(staff.people.iter().filter(|p| p.login.is_some()).count(), 6);
    assert!(staff.people.iter().any(|p| p.duty_desk));
}
