//! Small cases drawn by hand: polygons in, faces and problems out.

use spatial::{Drawn, Face, FaceId, Options, OwnerRule, Position, ProblemKind, build, exact};

/// One unit of the drawings in 1e-7 degree: about 100 m, at the equator so that east and north
/// scale alike.
const UNIT: i32 = 10_000;

fn ring(points: &[(f64, f64)]) -> Vec<Position> {
    let unit = |v: f64| (v * f64::from(UNIT)).round() as i32;
    points.iter().map(|&(x, y)| Position::new(unit(x), unit(y))).collect()
}

fn polygon(points: &[(f64, f64)]) -> Drawn {
    Drawn { parts: vec![vec![ring(points)]] }
}

fn rectangle(x0: f64, y0: f64, x1: f64, y1: f64) -> Drawn {
    polygon(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
}

/// Builds, checks, and writes down faces by area in square units and problems by kind.
fn check(drawn: &[Drawn], jurisdiction: Option<&Drawn>, expected: &str) {
    let built = build(drawn, jurisdiction, &Options::default());
    built.partition.check().expect("a partition");
    let areas = built.partition.doubled_areas();
    let square = 2.0 * f64::from(UNIT) * f64::from(UNIT);
    let faces = built.partition.faces().iter().zip(&areas).skip(1).map(|(face, &doubled)| {
        let area = doubled as f64 / square;
        match face {
            Face::Outside => "outside".to_owned(),
            Face::Cell { drawn } => format!("{drawn}:{area:.2}"),
            Face::BlankZone { owner, rule } => format!("blank:{area:.2}->{}{rule:?}", owner.0 - 1),
        }
    });
    let problems = built.problems.iter().map(|p| {
        let owner = match (p.owner, p.rule) {
            (Some(owner), Some(rule)) => format!("->{}{rule:?}", owner.0 as i64 - 1),
            _ => String::new(),
        };
        format!("{:?}{:?}{owner}", p.kind, p.drawn)
    });
    let found = faces.chain(problems).collect::<Vec<_>>().join(" ");
    assert_eq!(found, expected);
}

#[test]
fn two_squares_side_by_side_need_no_repair() {
    let cells = [rectangle(0., 0., 1., 1.), rectangle(1., 0., 2., 1.)];
    check(&cells, None, "0:1.00 1:1.00");
}

#[test]
fn an_overlap_goes_to_the_longer_border_and_is_listed() {
    let cells = [rectangle(0., 0., 2., 1.), rectangle(1.5, 0., 4., 2.)];
    check(&cells, None, "0:1.50 1:5.00 Overlap[0, 1]->1LongestBorder");
}

#[test]
fn an_overlap_with_equal_borders_goes_to_the_lower_code() {
    let cells = [rectangle(0., 0., 2., 1.), rectangle(1., 0., 3., 1.)];
    check(&cells, None, "0:2.00 1:1.00 Overlap[0, 1]->0LowerCode");
}

#[test]
fn a_cell_drawn_inside_another_keeps_its_ground() {
    let cells = [rectangle(0., 0., 4., 4.), rectangle(1., 1., 2., 2.)];
    check(&cells, None, "0:15.00 1:1.00 Overlap[0, 1]->1OnlyGround");
}

#[test]
fn the_same_polygon_twice_leaves_the_second_empty() {
    let cells = [rectangle(0., 0., 1., 1.), polygon(&[(1., 1.), (1., 0.), (0., 0.), (0., 1.)])];
    check(&cells, None, "0:1.00 1:0.00 Overlap[0, 1]->0LowerCode Duplicate[0, 1] Empty[1]");
}

#[test]
fn a_hole_is_a_blank_zone_of_the_cell_around_it() {
    let mut cell = rectangle(0., 0., 4., 4.);
    cell.parts[0].push(ring(&[(1., 1.), (2., 1.), (2., 2.), (1., 2.), (1., 1.)]));
    check(&[cell], None, "0:15.00 blank:1.00->0LongestBorder Gap[0]->0LongestBorder");
}

#[test]
fn an_island_in_a_hole_is_its_own_cell() {
    let mut cell = rectangle(0., 0., 4., 4.);
    cell.parts[0].push(ring(&[(1., 1.), (3., 1.), (3., 3.), (1., 3.)]));
    check(
        &[cell, rectangle(1.5, 1.5, 2.5, 2.5)],
        None,
        "0:12.00 1:1.00 blank:3.00->0LongestBorder Gap[0, 1]->0LongestBorder",
    );
}

#[test]
fn what_the_jurisdiction_has_beyond_the_cells_is_blank_and_what_they_have_beyond_it_is_cut() {
    let cells = [rectangle(-1., 0., 1., 1.), rectangle(1., 0., 2., 1.)];
    check(
        &cells,
        Some(&rectangle(0., 0., 3., 1.)),
        "0:1.00 1:1.00 blank:1.00->1LongestBorder Gap[1]->1LongestBorder OutsideJurisdiction[0]",
    );
}

#[test]
fn a_gap_that_touches_two_cells_alike_goes_to_the_lower_code() {
    let cells = [rectangle(0., 0., 1., 1.), rectangle(2., 0., 3., 1.)];
    check(
        &cells,
        Some(&rectangle(0., 0., 3., 1.)),
        "0:1.00 1:1.00 blank:1.00->0LowerCode Gap[0, 1]->0LowerCode",
    );
}

#[test]
fn a_gap_that_touches_no_cell_goes_to_the_nearest() {
    let mut jurisdiction = rectangle(0., 0., 2., 1.);
    jurisdiction.parts.push(vec![ring(&[(5., 0.), (6., 0.), (6., 1.), (5., 1.)])]);
    let cells = [rectangle(0., 0., 1., 1.), rectangle(1., 0., 2., 1.)];
    check(&cells, Some(&jurisdiction), "0:1.00 1:1.00 blank:1.00->1Nearest Gap[]->1Nearest");
}

#[test]
fn a_sliver_is_absorbed_and_listed() {
    // The gap is 0.002 units, about 22 cm wide.
    let cells = [rectangle(0., 0., 1., 1.), rectangle(1.002, 0., 2., 1.)];
    check(&cells, Some(&rectangle(0., 0., 2., 1.)), "0:1.00 1:1.00 SliverGap[0, 1]->0LowerCode");
}

#[test]
fn a_bow_tie_keeps_both_wings_and_says_where_it_crosses() {
    let cell = polygon(&[(0., 0.), (2., 2.), (2., 0.), (0., 2.)]);
    check(&[cell], None, "0:2.00 SelfCrossing[0]");
}

#[test]
fn a_ring_that_passes_a_point_twice_touches_itself() {
    let cell = polygon(&[(0., 0.), (2., 0.), (1., 1.), (2., 2.), (0., 2.), (1., 1.)]);
    check(&[cell], None, "0:2.00 SelfCrossing[0]");
}

#[test]
fn a_ring_without_area_is_listed_and_the_rest_kept() {
    let mut cell = rectangle(0., 0., 1., 1.);
    cell.parts.push(vec![ring(&[(3., 3.), (4., 4.), (5., 5.)])]);
    check(&[cell, Drawn::default()], None, "0:1.00 1:0.00 InvalidRing[0] Empty[1]");
}

#[test]
fn a_vertex_on_a_neighbours_border_is_a_mismatch() {
    let left = polygon(&[(0., 0.), (1., 0.), (1., 0.5), (1., 1.), (0., 1.)]);
    check(&[left, rectangle(1., 0., 2., 1.)], None, "0:1.00 1:1.00 Mismatch[0, 1]");
}

#[test]
fn a_far_small_part_is_stray() {
    let mut cell = rectangle(0., 0., 10., 10.);
    cell.parts.push(vec![ring(&[(300., 0.), (301., 0.), (301., 1.), (300., 1.)])]);
    check(&[cell], None, "0:101.00 StrayPart[0]");
}

#[test]
fn nothing_drawn_is_no_cell_and_no_trouble() {
    check(&[], None, "");
    check(&[], Some(&rectangle(0., 0., 1., 1.)), "");
    check(
        &[Drawn::default()],
        Some(&rectangle(0., 0., 1., 1.)),
        "0:0.00 blank:1.00->0Nearest Gap[]->0Nearest Empty[0]",
    );
}

#[test]
fn a_planner_claims_a_gap() {
    let cells = [rectangle(0., 0., 1., 1.), rectangle(2., 0., 3., 1.)];
    let at = Position::new(UNIT * 3 / 2, UNIT / 2);
    let options = Options { claims: vec![spatial::Claim { at, drawn: 1 }], ..Options::default() };
    let built = build(&cells, Some(&rectangle(0., 0., 3., 1.)), &options);
    let zone = Face::BlankZone { owner: FaceId(2), rule: OwnerRule::Claim };
    assert_eq!(built.partition.faces()[3..], [zone]);
    assert_eq!(built.problems.len(), 1);
    assert_eq!(built.problems[0].kind, ProblemKind::Gap);
    assert_eq!(built.problems[0].owner, Some(FaceId(2)));
}

/// A district of one cell with a strip cut into it: 1 unit is about 111 m, so 0.1 are 11 m.
fn with_strip(width: f64, depth: f64) -> Drawn {
    let (west, east) = (1.0, 1.0 + width);
    polygon(&[
        (0., 0.),
        (3., 0.),
        (3., 2.),
        (east, 2.),
        (east, 2. - depth),
        (west, 2. - depth),
        (west, 2.),
        (0., 2.),
    ])
}

#[test]
fn a_strip_between_two_walls_open_at_its_end_belongs_to_the_district() {
    let zone = "blank:0.10->0LongestBorder Gap[0]->0LongestBorder";
    check(&[with_strip(0.1, 1.0)], None, &format!("0:5.90 {zone}"));
}

#[test]
fn a_wide_opening_and_a_shallow_niche_stay_outside() {
    check(&[with_strip(0.3, 1.5)], None, "0:5.55");
    check(&[with_strip(0.1, 0.12)], None, "0:5.99");
}

#[test]
fn a_strip_between_two_parts_open_at_both_ends_belongs_to_the_district() {
    let cells = [rectangle(0., 0., 1., 2.), rectangle(1.1, 0., 2., 2.)];
    check(&cells, None, "0:2.00 1:1.80 blank:0.20->0LowerCode Gap[0, 1]->0LowerCode");
}

#[test]
fn a_widening_mouth_is_closed_where_it_is_narrow() {
    let cell = polygon(&[
        (0., 0.),
        (3., 0.),
        (3., 2.),
        (1.14, 2.),
        (1.10, 1.9),
        (1.10, 0.5),
        (1.0, 0.5),
        (1.0, 1.9),
        (0.96, 2.),
        (0., 2.),
    ]);
    check(&[cell], None, "0:5.85 blank:0.14->0LongestBorder Gap[0]->0LongestBorder");
}

#[test]
fn gates_leave_no_trace_where_nothing_is_enclosed() {
    let cells = [rectangle(0., 0., 1., 0.1), rectangle(1.1, 0., 2., 0.1)];
    let closing = build(&cells, None, &Options::default());
    let leaving = build(&cells, None, &Options { opening_m: 0.0, ..Options::default() });
    assert_eq!(closing, leaving);
}

#[test]
fn a_nest_deeper_than_the_claims_kept_is_still_a_partition() {
    let cells: Vec<Drawn> = (0..60)
        .map(|i| f64::from(i) / 10.)
        .map(|r| rectangle(-0.05 - r, -0.05 - r, 0.05 + r, 0.05 + r))
        .collect();
    let built = build(&cells, None, &Options::default());
    built.partition.check().expect("a partition");
    let outermost = exact::doubled_shoelace(&ring(&[
        (-5.95, -5.95),
        (5.95, -5.95),
        (5.95, 5.95),
        (-5.95, 5.95),
        (-5.95, -5.95),
    ]));
    assert_eq!(built.partition.doubled_areas()[1..].iter().sum::<i128>(), outermost);
}
