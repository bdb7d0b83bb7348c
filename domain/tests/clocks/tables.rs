//! Limits: their codes, and the table they are looked up in.

use domain::clocks::{Clock, LIMITS, Limit, Limits, Stage, Unit, Urgency};
use domain::word::Word;

fn shipped() -> Limits {
    Limits::parse(LIMITS).expect("what we ship can be read")
}

#[test]
fn every_limit_survives_being_written_and_read() {
    for &unit in Unit::ALL {
        for amount in [0, 1, 4, 20, Limit::MAX] {
            let limit = Limit::new(amount, unit);
            assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
            let json = serde_json::to_string(&limit).expect("JSON");
            assert_eq!(json, format!("\"{limit}\""));
            assert_eq!(serde_json::from_str::<Limit>(&json).expect("a limit"), limit);
        }
    }
    for code in ["", "4", "wh", "4h", "-4wh", "+4wh", "4 wh", "4.5wh", "100000wh", "４wh"] {
        let said = code.parse::<Limit>().expect_err(code);
        assert!(said.message.en.contains("is no limit"), "{said}");
    }
}

#[test]
fn a_limit_is_told_in_both_languages() {
    let told = |code: &str| {
        let limit: Limit = code.parse().expect("a limit");
        (limit.zh(), limit.en())
    };
    assert_eq!(told("4wh"), ("4 工作时".into(), "4 working hours".into()));
    assert_eq!(told("1wd"), ("1 工作日".into(), "1 working day".into()));
    assert_eq!(told("1uh"), ("1 紧急工作时".into(), "1 urgent hour".into()));
    assert_eq!(told("7cd"), ("7 自然日".into(), "7 calendar days".into()));
}

#[test]
fn a_clock_survives_being_written_and_read() {
    let mut clock = Clock::new(jiff::Timestamp::UNIX_EPOCH, Limit::new(4, Unit::WorkingHours));
    let json = serde_json::to_value(&clock).expect("JSON");
    assert_eq!(
        (&json["started_at"], &json["limit"]),
        (&"1970-01-01T00:00:00Z".into(), &"4wh".into())
    );
    clock.pause(jiff::Timestamp::UNIX_EPOCH, None);
    clock.extensions.push(2);
    let json = serde_json::to_string(&clock).expect("JSON");
    assert_eq!(serde_json::from_str::<Clock>(&json).expect("a clock"), clock);
    let few = r#"{"started_at":"2026-03-04T08:00:00+08:00","limit":"1wd"}"#;
    assert!(serde_json::from_str::<Clock>(few).expect("a clock").pauses.is_empty());
}

#[test]
fn a_limit_is_the_categorys_own_else_its_large_categorys_else_the_one_for_all() {
    let limits = shipped();
    let handle = |code| limits.of(code, Stage::Handle, Urgency::Normal).to_string();
    assert_eq!(handle(Some("1101")), "4wh");
    assert_eq!(handle(Some("1103")), "20wd");
    assert_eq!(handle(Some("1102")), "1wd");
    assert_eq!(handle(Some("1650")), "3wd");
    assert_eq!(handle(Some("9901")), "3wd");
    assert_eq!(handle(Some("街")), "3wd");
    assert_eq!(handle(None), "3wd");
    assert_eq!(limits.of(Some("1101"), Stage::Handle, Urgency::Urgent).to_string(), "24uh");
    assert_eq!(limits.of(None, Stage::Arrive, Urgency::Urgent).to_string(), "1uh");
}

#[test]
fn every_category_of_the_table_is_one_we_ship() {
    let categories = include_str!("../../../data/categories/categories.csv");
    let codes: Vec<_> = categories.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    for row in shipped().rows() {
        let known =
            row.category.as_ref().is_none_or(|c| codes.iter().any(|code| code.starts_with(c)));
        assert!(known, "{row:?} is for no category");
        assert!(row.note.starts_with("V: ") || row.note.starts_with("ours"), "{row:?}: source?");
    }
}

#[test]
fn a_table_that_leaves_something_out_is_refused() {
    let without =
        |gone: &str| LIMITS.lines().filter(|l| !l.starts_with(gone)).collect::<Vec<_>>().join("\n");
    let with = |row: &str| format!("{LIMITS}{row}\n");
    for (text, says) in [
        (without("*,verify,urgent"), "No default limit to verify when urgent"),
        (without("category"), "first row"),
        (with("1101,handle,normal,8wh,"), "given twice"),
        (with("1102,handle,normal,0wh,"), "at least 1"),
        (with("11x,handle,normal,4wh,"), "code of digits"),
        (with("1102,handel,normal,4wh,"), "no stage “handel”"),
        (with("1102,handle,normal,4,"), "is no limit"),
        (with("1102,handle"), "lacks columns"),
    ] {
        let said = Limits::parse(&text).expect_err(says).message.en;
        assert!(said.contains(says), "{said}");
    }
    assert!(Limits::parse(&with("1102,handle,normal,4wh,a note, with a comma")).is_ok());
}
