//! A year of invented reports: what, when, where, in whose words.

use super::chance::Chance;
use super::district::Scene;
use super::spots::{Spot, Spots};
use super::times::Times;
use domain::reports::Channel;
use domain::word::Word;
use serde::Deserialize;
use spatial::Position;

/// The file the reports are made from.
#[derive(Deserialize)]
pub struct Stuff {
    /// Public holidays, YYYY-MM-DD.
    pub holidays: Vec<String>,
    /// Weekend days worked instead.
    pub workdays: Vec<String>,
    channels: Vec<ChannelKind>,
    things: Vec<String>,
    shops: Vec<String>,
    sides: Vec<String>,
    kinds: Vec<Kind>,
    pile: Vec<String>,
}

#[derive(Deserialize)]
struct ChannelKind {
    channel: String,
    weight: f64,
    delay_min: (f64, f64),
    gps: bool,
    openings: Vec<String>,
    endings: Vec<String>,
}

#[derive(Deserialize)]
struct Kind {
    code: String,
    weight: f64,
    #[serde(rename = "where")]
    places: Vec<String>,
    hours: String,
    season: [f64; 12],
    texts: Vec<String>,
}

/// The file shipped with the program.
pub fn shipped() -> Stuff {
    serde_json::from_str(include_str!("../../../data/demo/reports.json"))
        .expect("data/demo/reports.json is checked by a test")
}

/// An invented report.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// The sender's key: `demo-` and a number.
    pub key: String,
    /// Its channel.
    pub channel: Channel,
    /// Its category.
    pub category: String,
    /// What was said.
    pub text: String,
    /// When it was seen, seconds since 1970.
    pub happened_at_s: i64,
    /// When it came in, seconds since 1970.
    pub received_at_s: i64,
    /// Where it says it is.
    pub at: Position,
    /// GPS accuracy, where a device sent one.
    pub accuracy_m: Option<f64>,
}

/// Share of reports about places everybody knows, and about the pile.
const CHRONIC: f64 = 1.0 / 22.0;
const PILE: f64 = 1.0 / 260.0;
/// Share of reports pinned exactly to a border, and of those from outside the district.
const ON_BORDER: f64 = 0.006;
const OUTSIDE: f64 = 0.004;

/// Makes `count` reports in the order they came in.
pub fn make(
    scene: &Scene<'_>,
    stuff: &Stuff,
    times: &Times,
    count: usize,
    seed: u64,
) -> Vec<Report> {
    let mut rng = Chance::new(seed, 7);
    let spots = Spots::new(scene, &mut rng);
    let mut reports: Vec<Report> =
        (0..count).map(|_| one(&spots, stuff, times, &mut rng)).collect();
    reports.sort_by(|a, b| {
        (a.received_at_s, a.happened_at_s, a.at).cmp(&(b.received_at_s, b.happened_at_s, b.at))
    });
    for (i, report) in reports.iter_mut().enumerate() {
        report.key = format!("demo-{seed}-{:06}", i + 1);
    }
    reports
}

fn one(spots: &Spots<'_>, stuff: &Stuff, times: &Times, rng: &mut Chance) -> Report {
    let day = times.day(rng);
    let month = times.month(day);
    let weights: Vec<f64> = stuff.kinds.iter().map(|k| k.weight * k.season[month]).collect();
    let mut kind = &stuff.kinds[rng.weighted(&weights)];
    let weights: Vec<f64> = stuff.channels.iter().map(|c| c.weight).collect();
    let channel = &stuff.channels[rng.weighted(&weights)];
    let about_pile = rng.happens(PILE);
    let spot = if about_pile {
        kind = stuff.kinds.iter().find(|k| k.code == "1102").unwrap_or(kind);
        spots.pile(rng)
    } else if rng.happens(ON_BORDER) {
        spots.on_border(rng)
    } else if rng.happens(OUTSIDE) {
        spots.outside(rng)
    } else if rng.happens(CHRONIC) {
        spots.chronic(&kind.code, rng)
    } else {
        spots.any(rng.word(&kind.places), rng)
    };
    let words = if about_pile { &stuff.pile } else { &kind.texts };
    let happened_at_s = times.moment(day, &kind.hours, rng);
    let (low, high) = channel.delay_min;
    let delay_s = (rng.unit() * rng.unit() * (high - low) + low) * 60.0 + rng.between(5.0, 50.0);
    let accuracy_m = (channel.gps && !spot.exact).then(|| accuracy(rng));
    // A phone is about as far off as it says; a place pinned on a map a few metres.
    let error_m = if spot.exact { 0.0 } else { accuracy_m.map_or(3.0, |a| a * 0.45) };
    let at = spot.at + super::plane::p(rng.bell() * error_m, rng.bell() * error_m);
    Report {
        key: String::new(),
        channel: Channel::from_code(&channel.channel).expect("reports.json names channels"),
        category: kind.code.clone(),
        text: say(channel, rng.word(words), &spot, stuff, rng),
        happened_at_s,
        received_at_s: happened_at_s + delay_s as i64,
        at: at.position(),
        accuracy_m,
    }
}

/// 5 to 30 m, mostly good.
fn accuracy(rng: &mut Chance) -> f64 {
    let spread = rng.unit() * rng.unit();
    ((5.0 + 25.0 * spread) * 10.0).round() / 10.0
}

fn say(
    channel: &ChannelKind,
    template: &str,
    spot: &Spot,
    stuff: &Stuff,
    rng: &mut Chance,
) -> String {
    let mut text = rng.word(&channel.openings).to_owned();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').expect("slots are closed");
        text.push_str(before);
        match slot {
            "estate" => text.push_str(&spot.estate),
            "street" => text.push_str(&spot.street),
            "side" => text.push_str(rng.word(&stuff.sides)),
            "shop" => text.push_str(rng.word(&stuff.shops)),
            "thing" => text.push_str(rng.word(&stuff.things)),
            "n" => text.push_str(&(1 + rng.below(38)).to_string()),
            "n2" => text.push_str(&(2 + rng.below(7)).to_string()),
            "floor" => text.push_str(&(2 + rng.below(5)).to_string()),
            _ => {}
        }
        rest = after;
    }
    text.push_str(rest);
    text.push_str(rng.word(&channel.endings));
    text
}
