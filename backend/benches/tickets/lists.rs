//! How long lists take.

use crate::Wishes;
use crate::district::{District, HOME, codes};
use crate::load::{get, load};
use crate::made::TICKETS;
use std::fmt::Write as _;
use std::net::SocketAddr;

/// A list: what it is called, who asks, and the question for the n-th time it is asked.
struct List<'a> {
    name: &'static str,
    by: &'a str,
    question: Box<dyn Fn(usize) -> String>,
}

/// A number below `end`, another one each time (a Weyl sequence).
fn some(n: usize, end: f64) -> u64 {
    ((n as f64 * 0.754_877_666_246_693).fract() * end) as u64
}

/// The code of the n-th cell (`level` 0), of its community (1) or its street (2).
fn code(n: usize, level: usize) -> String {
    let [cell, community, street] = codes(some(n, 5_041.0) as i32);
    match level {
        0 => cell,
        1 => community,
        _ => street,
    }
}

/// Below some number: a page far down.
fn deep(n: usize) -> String {
    format!("&before={}", some(n, TICKETS as f64 * 0.9) + 1_000)
}

/// After some time in the next days: a page far down.
fn later(n: usize) -> String {
    let at = jiff::Timestamp::now() + jiff::Span::new().minutes(some(n, 8_000.0) as i64);
    format!("&order=due_first&after=1&after_at={at}")
}

fn category(n: usize) -> u64 {
    1_101 + some(n, 67.0)
}

fn lists(district: &District) -> Vec<List<'_>> {
    let desk = district.dispatchers[0].as_str();
    let (team, home) = (district.team, codes(HOME));
    let [_, community, _] = home;
    let due = "&order=due_first";
    macro_rules! list {
        ($name:literal, $by:expr, $question:expr) => {
            List { name: $name, by: $by, question: Box::new($question) }
        };
    }
    vec![
        list!("all, newest", desk, |_| String::new()),
        list!("all, newest, deep", desk, deep),
        list!("all, due first", desk, move |_| due.to_owned()),
        list!("all, due first, deep", desk, later),
        list!("state filed", desk, |_| "&state=filed".to_owned()),
        list!("state filed, due first", desk, move |_| format!("{due}&state=filed")),
        list!("state evaluated, deep", desk, |n| format!("&state=evaluated{}", deep(n))),
        list!("state void, deep", desk, |n| format!("&state=void{}", deep(n))),
        list!("cell", desk, |n| format!("&cell={}", code(n, 0))),
        list!("cell, due first", desk, move |n| format!("{due}&cell={}", code(n, 0))),
        list!("community, deep", desk, |n| format!("&cell={}{}", code(n, 1), deep(n))),
        list!("community, due first", desk, move |n| format!("{due}&cell={}", code(n, 1))),
        list!("street", desk, |n| format!("&cell={}", code(n, 2))),
        list!("street, overdue, due first", desk, move |n| {
            format!("{due}&overdue=true&cell={}", code(n, 2))
        }),
        list!("category, deep", desk, |n| format!("&category={}{}", category(n), deep(n))),
        list!("category, due first", desk, move |n| format!("{due}&category={}", category(n))),
        list!("category and state void", desk, |n| {
            format!("&state=void&category={}", category(n))
        }),
        list!("category, street, accepted", desk, |n| {
            format!("&state=accepted&category={}&cell={}", category(n), code(n, 2))
        }),
        list!("unit", desk, move |_| format!("&unit={team}")),
        list!("unit, due first", desk, move |_| format!("{due}&unit={team}")),
        list!("overdue, newest", desk, |_| "&overdue=true".to_owned()),
        list!("overdue, due first", desk, move |_| format!("{due}&overdue=true")),
        list!("cell leader, due first", &district.of_cell, move |_| due.to_owned()),
        list!("cell leader, newest, deep", &district.of_cell, deep),
        list!("community leader, due first", &district.of_community, move |_| due.to_owned()),
        list!("community leader, newest, deep", &district.of_community, deep),
        list!("community leader, their own cell, void", &district.of_community, move |_| {
            format!("&state=void&cell={community}")
        }),
        list!("street leader, due first", &district.of_street, move |_| due.to_owned()),
        list!("street leader, newest, deep", &district.of_street, deep),
        list!("street leader, overdue", &district.of_street, |_| "&overdue=true".to_owned()),
        list!("street leader, category and void", &district.of_street, |n| {
            format!("&state=void&category={}", category(n))
        }),
    ]
}

/// Asks for every list again and again.
pub async fn measure(wishes: &Wishes, address: SocketAddr, district: &District) -> String {
    let mut text = format!(
        "### Lists of {TICKETS} tickets\n\n\
         One in a hundred live, of those one in ten overdue; 5041 cells. Pages of 50, each \
         connection asks again as soon as it is answered, for {} s; server, database and load \
         share the machine. To be under 50 ms at the 99th percentile.\n\n\
         | list | 1 connection: a second | p50 / p99 ms | 16 connections: a second | p50 / p99 ms |\
         \n|---|---|---|---|---|\n",
        wishes.lasting.as_secs()
    );
    for List { name, by, question } in lists(district) {
        let questions: std::sync::Arc<[Vec<u8>]> =
            (0..2_000).map(|n| get(&format!("/api/tickets?limit=50{}", question(n)), by)).collect();
        write!(text, "| {name} |").expect("text grows");
        for connections in [1, 16] {
            let questions = questions.clone();
            let ask = move |connection: usize, count: usize| {
                questions[(connection * 131 + count) % questions.len()].clone()
            };
            let reached = load(address, connections, wishes.lasting, ask).await;
            let [p50, p99] = reached.took_ms;
            let p99 = if p99 < 50.0 { format!("**{p99:.1}**") } else { format!("{p99:.1} (!)") };
            write!(text, " {:.0} | {p50:.1} / {p99} |", reached.a_second).expect("text grows");
        }
        text.push('\n');
        eprintln!("{}", text.lines().last().unwrap_or_default());
    }
    text
}
